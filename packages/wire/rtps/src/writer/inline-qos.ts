import type { Sample, SampleIdentity } from '../model/sample.ts';
import type { QosPolicies } from '../qos/policies.ts';
import { GUID_BYTES, writeGuid } from '../wire/guid-octets.ts';
import { writeSequenceNumber } from '../wire/octets.ts';
import * as pid from '../wire/parameter-ids.ts';
import { ParameterListWriter } from '../wire/parameter-list.ts';
import { writeQosParameters } from '../wire/qos-parameters.ts';

const STATUS_OF: Readonly<Record<Sample['change'], number>> = {
  alive: 0,
  disposed: 1,
  unregistered: 2,
  'disposed-unregistered': 3,
};

export interface InlineQosFields {
  readonly change: Sample['change'];
  readonly keyHash?: Uint8Array | undefined;
  readonly relatedIdentity?: SampleIdentity | undefined;
}

function encodeIdentity({ guid, sequenceNumber }: SampleIdentity): Uint8Array {
  const bytes = new Uint8Array(GUID_BYTES + 8);
  writeGuid(bytes, 0, guid);
  writeSequenceNumber(bytes, GUID_BYTES, sequenceNumber);
  return bytes;
}

function list({ change, keyHash, relatedIdentity }: InlineQosFields): ParameterListWriter | undefined {
  if (change === 'alive' && !keyHash && !relatedIdentity) return undefined;
  const parameters = new ParameterListWriter();
  if (keyHash) parameters.octets(pid.PID_KEY_HASH, keyHash);
  // 9.6.3.9: the four octets are big endian, whatever the byte order of the submessage.
  if (change !== 'alive') parameters.octets(pid.PID_STATUS_INFO, Uint8Array.of(0, 0, 0, STATUS_OF[change]));
  if (relatedIdentity) {
    const identity = encodeIdentity(relatedIdentity);
    parameters.octets(pid.PID_RELATED_SAMPLE_IDENTITY, identity);
    parameters.octets(pid.PID_RELATED_SAMPLE_IDENTITY_FAST_DDS, identity);
  }
  return parameters;
}

/** Encodes the inline QoS that every reader receives with a change. Returns `undefined` if none is needed. */
export function encodeInlineQos(fields: InlineQosFields): Uint8Array | undefined {
  return list(fields)?.finish();
}

/** Encodes the writer's QoS and topic, then the change's inline QoS, for readers that expect it (RTPS 2.5, 8.7.2.1). */
export function encodeExpectedInlineQos(
  topicName: string,
  qos: QosPolicies,
  changeQos: Uint8Array | undefined,
): Uint8Array {
  const parameters = new ParameterListWriter();
  parameters.string(pid.PID_TOPIC_NAME, topicName);
  writeQosParameters(parameters, qos, 'writer');
  // The second list replaces the sentinel of the first.
  const common = parameters.finish();
  if (!changeQos) return common;
  const merged = new Uint8Array(common.length - 4 + changeQos.length);
  merged.set(common.subarray(0, -4));
  merged.set(changeQos, common.length - 4);
  return merged;
}
