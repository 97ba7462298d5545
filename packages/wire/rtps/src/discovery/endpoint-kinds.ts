import type { QosPolicies } from '../qos/policies.ts';
import { isSameQos } from '../qos/same-qos.ts';
import type { EndpointData } from './endpoint-data.ts';

/** Types of which is remembered what their endpoints announce; endpoints of more keep what is their own. */
const MAX_TYPES = 2048;
/** Longer names with longer user data are not remembered: those of real types are a third of that. */
const MAX_TYPE_BYTES = 512;
/** Different policies that are remembered; the endpoints of a robot have some dozen. */
const MAX_POLICIES = 64;

/** What an endpoint announces that is not its own. */
type Common = Pick<EndpointData, 'typeName' | 'userData' | 'qos'>;

/**
 * What endpoints announce alike, kept once. A robot has thousands of them, of few types and with fewer policies: only the
 * name of its topic and the GUID is an endpoint's own.
 */
export class EndpointKinds {
  readonly #types = new Map<string, Pick<EndpointData, 'typeName' | 'userData'>>();
  readonly #policies: QosPolicies[] = [];

  /** The same as `data` says, by the objects of the first endpoint that said it. */
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
    // Partitions may be many and long.
    if (this.#policies.length < MAX_POLICIES && qos.partitions.length === 0) this.#policies.push(qos);
    return qos;
  }
}

function isSameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at]);
}
