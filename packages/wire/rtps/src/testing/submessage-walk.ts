import { readUint16 } from '../wire/octets.ts';
import { MESSAGE_HEADER_BYTES, SUBMESSAGE_HEADER_BYTES } from '../wire/protocol.ts';

/** Position of a submessage in its datagram: header at `at`, body from `start` (inclusive) to `end` (exclusive). */
export interface SubmessageSpan {
  readonly kind: number;
  readonly littleEndian: boolean;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** Returns the submessages of a datagram, as far as their lengths are valid. */
export function submessageSpans(bytes: Uint8Array): readonly SubmessageSpan[] {
  const spans: SubmessageSpan[] = [];
  let at = MESSAGE_HEADER_BYTES;
  while (at + SUBMESSAGE_HEADER_BYTES <= bytes.length) {
    const littleEndian = (bytes[at + 1] & 1) !== 0;
    const start = at + SUBMESSAGE_HEADER_BYTES;
    const length = readUint16(bytes, at + 2, littleEndian);
    const end = Math.min(bytes.length, length === 0 ? bytes.length : start + length);
    spans.push({ kind: bytes[at], littleEndian, at, start, end });
    at = end;
  }
  return spans;
}
