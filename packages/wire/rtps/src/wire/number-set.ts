import { MalformedMessage } from './malformed-message.ts';
import { readSequenceNumber, readUint32, writeSequenceNumber, writeUint32 } from './octets.ts';

/** Maximum numbers that a set spans from its base (RTPS 2.5, 9.4.2.6). */
export const MAX_SET_BITS = 256;

/**
 * A set of sequence or fragment numbers: `base` and the members in ascending order. Lengths are checked when decoding.
 */
export interface NumberSet {
  readonly base: number;
  readonly members: readonly number[];
  /** The offset after the set. */
  readonly end: number;
}

function decodeBitmap(bytes: Uint8Array, at: number, end: number, littleEndian: boolean, base: number): NumberSet {
  const bits = readUint32(bytes, at, littleEndian);
  const wordCount = (bits + 31) >>> 5;
  const bitmap = at + 4;
  if (bits > MAX_SET_BITS || bitmap + wordCount * 4 > end) throw new MalformedMessage('number-set');
  const members: number[] = [];
  for (let word = 0; word < wordCount; word += 1) {
    const mask = readUint32(bytes, bitmap + word * 4, littleEndian);
    if (mask === 0) continue;
    for (let bit = 0; bit < 32 && word * 32 + bit < bits; bit += 1) {
      if (mask & (0x8000_0000 >>> bit)) members.push(base + word * 32 + bit);
    }
  }
  return { base, members, end: bitmap + wordCount * 4 };
}

export function decodeSequenceNumberSet(bytes: Uint8Array, at: number, end: number, littleEndian: boolean): NumberSet {
  if (at + 12 > end) throw new MalformedMessage('number-set');
  return decodeBitmap(bytes, at + 8, end, littleEndian, readSequenceNumber(bytes, at, littleEndian));
}

export function decodeFragmentNumberSet(bytes: Uint8Array, at: number, end: number, littleEndian: boolean): NumberSet {
  if (at + 8 > end) throw new MalformedMessage('number-set');
  return decodeBitmap(bytes, at + 4, end, littleEndian, readUint32(bytes, at, littleEndian));
}

/** Returns the number of bits for `members` above `base`. The encoders omit members more than 255 above it. */
function bitsOf(base: number, members: readonly number[]): number {
  let bits = 0;
  for (const member of members) if (member - base < MAX_SET_BITS) bits = Math.max(bits, member - base + 1);
  return bits;
}

const bitmapBytes = (bits: number): number => 4 + ((bits + 31) >>> 5) * 4;

function encodeBitmap(bytes: Uint8Array, at: number, base: number, members: readonly number[], bits: number): number {
  writeUint32(bytes, at, bits);
  const end = at + bitmapBytes(bits);
  bytes.fill(0, at + 4, end);
  for (const member of members) {
    const bit = member - base;
    // Each word is little endian: the first bit of the set is the highest bit of the word's fourth octet.
    if (bit < bits) bytes[at + 4 + (bit >>> 5) * 4 + (3 - ((bit & 31) >>> 3))] |= 0x80 >>> (bit & 7);
  }
  return end;
}

/** Size of the longest encoded set of sequence numbers, octets. */
export const MAX_ENCODED_SET_BYTES = 8 + bitmapBytes(MAX_SET_BITS);

/** Writes a set whose `members` are ascending with none below `base`. Returns the offset after the set. */
export function encodeSequenceNumberSet(bytes: Uint8Array, at: number, base: number, members: readonly number[]) {
  writeSequenceNumber(bytes, at, base);
  return encodeBitmap(bytes, at + 8, base, members, bitsOf(base, members));
}

export function encodeFragmentNumberSet(bytes: Uint8Array, at: number, base: number, members: readonly number[]) {
  writeUint32(bytes, at, base);
  return encodeBitmap(bytes, at + 4, base, members, bitsOf(base, members));
}
