import type { QosPolicies } from '../qos/policies.ts';
import { isSameQos } from '../qos/same-qos.ts';
import type { EndpointData } from './endpoint-data.ts';

/** Maximum cached types. Endpoints of further types keep their own objects. */
const MAX_TYPES = 2048;
/** Longest type name plus user data to cache, octets. Real types have a third of that. */
const MAX_TYPE_BYTES = 512;
/** Maximum cached QoS policies. The endpoints of a robot have a few dozen. */
const MAX_POLICIES = 64;

/** The part of an announcement that endpoints share. */
type Common = Pick<EndpointData, 'typeName' | 'userData' | 'qos'>;

/**
 * Deduplicates equal parts of endpoint announcements. A robot has thousands of endpoints with few types and fewer
 * policies. Only the topic name and the GUID are specific to an endpoint.
 */
export class EndpointKinds {
  readonly #types = new Map<string, Pick<EndpointData, 'typeName' | 'userData'>>();
  readonly #policies: QosPolicies[] = [];

  /** Returns values equal to `data`, reusing the objects of the first endpoint that announced them. */
  common({ typeName, userData, qos }: Common): Common {
    const type = this.#typeOf(typeName, userData);
    return {
      typeName: type?.typeName ?? typeName,
      userData: type && isSameOctets(type.userData, userData) ? type.userData : userData,
      qos: this.#policiesAs(qos),
    };
  }

  #typeOf(typeName: string, userData: Uint8Array) {
    const known = this.#types.get(typeName);
    if (known || this.#types.size >= MAX_TYPES || typeName.length + userData.length > MAX_TYPE_BYTES) return known;
    const type = { typeName, userData };
    this.#types.set(typeName, type);
    return type;
  }

  #policiesAs(qos: QosPolicies): QosPolicies {
    const known = this.#policies.find((other) => isSameQos(other, qos));
    if (known) return known;
    // A list of partitions can be long.
    if (this.#policies.length < MAX_POLICIES && qos.partitions.length === 0) this.#policies.push(qos);
    return qos;
  }
}

function isSameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at]);
}
