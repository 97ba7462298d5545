import { ENCAPSULATION_BYTES } from '../cdr/encapsulation.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import type { Sample, SampleIdentity } from '../model/sample.ts';
import { GUID_BYTES, hexOf } from '../wire/guid-octets.ts';
import { readSequenceNumber } from '../wire/octets.ts';
import type { DataSubmessage, Message } from '../wire/submessages.ts';
import { nanosecondsOf } from '../wire/time.ts';

/** Every serialised payload starts with its encapsulation header. */
const MIN_PAYLOAD_BYTES = ENCAPSULATION_BYTES;

const NOTHING = new Uint8Array(0);

function changeOf({ status, payloadIsKey }: DataSubmessage): Sample['change'] {
  if (status & 1) return status & 2 ? 'disposed-unregistered' : 'disposed';
  if (status & 2) return 'unregistered';
  return payloadIsKey ? 'disposed' : 'alive';
}

function identityAt(bytes: Uint8Array, at: number, littleEndian: boolean): SampleIdentity {
  const sequenceNumber = readSequenceNumber(bytes, at + GUID_BYTES, littleEndian);
  return { guid: hexOf(bytes, at, GUID_BYTES), sequenceNumber: Math.max(-1, sequenceNumber) };
}

/** Returns whether a submessage has attributes besides its numbers. Some writers put them into one fragment only. */
export const hasSampleAttributes = ({ timestampSeconds }: Message, data: DataSubmessage): boolean =>
  timestampSeconds >= 0 || data.status !== 0 || data.relatedIdentityAt >= 0 || data.keyHashAt >= 0;

/** Returns the sample of a DATA submessage or of a single fragment. */
export function decodeSample(message: Message, data: DataSubmessage, writer: RemoteEndpoint): Sample {
  const { bytes, timestampSeconds } = message;
  const change = changeOf(data);
  const payloadBytes = data.payloadEnd - data.payloadStart;
  return {
    change,
    payload: payloadBytes === 0 ? NOTHING : bytes.subarray(data.payloadStart, data.payloadEnd),
    writer,
    sequenceNumber: data.sequenceNumber,
    sourceSeconds: timestampSeconds,
    sourceNanoseconds: timestampSeconds < 0 ? 0 : nanosecondsOf(message.timestampFraction),
    receivedMs: message.receivedMs,
    relatedIdentity:
      data.relatedIdentityAt < 0 ? undefined : identityAt(bytes, data.relatedIdentityAt, data.littleEndian),
    keyHash: data.keyHashAt < 0 ? undefined : bytes.subarray(data.keyHashAt, data.keyHashAt + GUID_BYTES),
  };
}

/** Returns whether a data sample is too short to contain an encapsulation header. */
export const isShort = ({ change, payload }: Sample): boolean =>
  change === 'alive' && payload.length < MIN_PAYLOAD_BYTES;
