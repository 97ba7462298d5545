import type { SocketAddress } from '@medkit/edges';
import { decodeEncapsulation, ENCAPSULATION_BYTES } from '../cdr/encapsulation.ts';
import type { Guid } from '../model/guid.ts';
import { prefixOf } from '../model/guid.ts';
import { DEFAULT_QOS } from '../qos/defaults.ts';
import type { QosPolicies } from '../qos/policies.ts';
import { ENTITYID_PARTICIPANT, isKeyed } from '../wire/entity-ids.ts';
import { entityIdOf, GUID_BYTES, guidOf, hexOf, octetsOf } from '../wire/guid-octets.ts';
import { MalformedMessage } from '../wire/malformed-message.ts';
import * as pid from '../wire/parameter-ids.ts';
import { ParameterListWriter, ParameterValue, visitParameters } from '../wire/parameter-list.ts';
import { MEDKIT_VENDOR, PROTOCOL_MAJOR, PROTOCOL_MINOR } from '../wire/protocol.ts';
import { readQosParameter, writeQosParameters } from '../wire/qos-parameters.ts';
import { collectLocator } from './participant-data.ts';
import { PL_CDR_LE } from './payload.ts';

/** DiscoveredReaderData and DiscoveredWriterData (RTPS 2.5, 8.5.4.4). */
export interface EndpointData {
  readonly guid: Guid;
  readonly kind: 'reader' | 'writer';
  readonly topicName: string;
  readonly typeName: string;
  readonly qos: QosPolicies;
  readonly userData: Uint8Array;
  readonly keyed: boolean;
  readonly expectsInlineQos: boolean;
  /** Locators of the endpoint. Empty if the participant's default locators apply. */
  readonly unicast: readonly SocketAddress[];
}

/** Encodes a local endpoint. */
export function encodeEndpointData(data: Omit<EndpointData, 'keyed' | 'expectsInlineQos' | 'unicast'>): Uint8Array {
  const list = new ParameterListWriter();
  list.octets(pid.PID_ENDPOINT_GUID, octetsOf(data.guid));
  list.octets(pid.PID_KEY_HASH, octetsOf(data.guid));
  list.octets(pid.PID_PARTICIPANT_GUID, octetsOf(guidOf(prefixOf(data.guid), ENTITYID_PARTICIPANT)));
  list.octets(pid.PID_PROTOCOL_VERSION, Uint8Array.of(PROTOCOL_MAJOR, PROTOCOL_MINOR));
  list.octets(pid.PID_VENDOR_ID, Uint8Array.of(MEDKIT_VENDOR >>> 8, MEDKIT_VENDOR & 255));
  list.string(pid.PID_TOPIC_NAME, data.topicName);
  list.string(pid.PID_TYPE_NAME, data.typeName);
  writeQosParameters(list, data.qos, data.kind);
  if (data.userData.length > 0) list.octetSequence(pid.PID_USER_DATA, data.userData);
  return list.finish(PL_CDR_LE);
}

/** Encodes the payload of an endpoint's dispose: its key only. */
export function encodeEndpointKey(guid: Guid): Uint8Array {
  const list = new ParameterListWriter();
  list.octets(pid.PID_ENDPOINT_GUID, octetsOf(guid));
  return list.finish(PL_CDR_LE);
}

/** Returns the GUID in a key-only payload, or `undefined` if it has none. */
export function decodeEndpointKey(payload: Uint8Array): Guid | undefined {
  let guid: Guid | undefined;
  const { littleEndian } = decodeEncapsulation(payload);
  visitParameters(payload, ENCAPSULATION_BYTES, payload.length, littleEndian, ({ id, start, end }) => {
    if ((id === pid.PID_ENDPOINT_GUID || id === pid.PID_KEY_HASH) && end - start >= GUID_BYTES) {
      guid = hexOf(payload, start, GUID_BYTES);
    }
  });
  return guid;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Decodes an SEDP announcement of a reader or writer. Throws `MalformedMessage` or `MalformedCdr`. */
export function decodeEndpointData(payload: Uint8Array, kind: 'reader' | 'writer'): EndpointData {
  const { littleEndian, parameterList } = decodeEncapsulation(payload);
  if (!parameterList) throw new MalformedMessage('endpoint-encapsulation');
  const qos = { ...DEFAULT_QOS[kind] };
  const unicast: SocketAddress[] = [];
  const data: Mutable<EndpointData> = {
    guid: '',
    kind,
    topicName: '',
    typeName: '',
    qos,
    userData: new Uint8Array(0),
    keyed: false,
    expectsInlineQos: false,
    unicast,
  };
  visitParameters(payload, ENCAPSULATION_BYTES, payload.length, littleEndian, (parameter) => {
    if (readQosParameter(qos, payload, parameter, littleEndian)) return;
    const value = new ParameterValue(payload, parameter, littleEndian);
    switch (parameter.id) {
      case pid.PID_ENDPOINT_GUID:
        data.guid = hexOf(value.octets(GUID_BYTES), 0, GUID_BYTES);
        break;
      case pid.PID_KEY_HASH:
        // Fast DDS may omit PID_ENDPOINT_GUID. The key is the same GUID.
        data.guid ||= hexOf(value.octets(GUID_BYTES), 0, GUID_BYTES);
        break;
      case pid.PID_TOPIC_NAME:
        data.topicName = value.string();
        break;
      case pid.PID_TYPE_NAME:
        data.typeName = value.string();
        break;
      case pid.PID_USER_DATA:
        data.userData = value.octetSequence().slice();
        break;
      case pid.PID_EXPECTS_INLINE_QOS:
        data.expectsInlineQos = value.octets(1)[0] !== 0;
        break;
      case pid.PID_UNICAST_LOCATOR:
        collectLocator(unicast, payload, parameter, littleEndian);
        break;
    }
  });
  if (data.guid === '' || data.topicName === '' || data.typeName === '') throw new MalformedMessage('endpoint-data');
  data.keyed = isKeyed(entityIdOf(data.guid));
  return data;
}
