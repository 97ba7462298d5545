import { createHash, hash } from 'node:crypto';
import { MAC_BYTES } from './layout.ts';

/** Octets of a block of SHA-256, which a key of HMAC is brought to (RFC 2104, 2). */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** Room for one message, where its code is made and checked without new memory for each. */
export interface SealedMemory {
  /** Of the message. */
  readonly octets: Uint8Array;
  /** Of the same octets. */
  readonly view: DataView;
  /** Writes the code of the first `length` octets behind them. */
  seal(length: number): void;
  /** Whether what stands behind the first `length` octets is their code. Takes as long for any that is not. */
  isSealed(length: number): boolean;
}

/**
 * Room for a message of up to `capacity` octets, the code included. The code is the first half of the HMAC-SHA256 of what is
 * before it, or zeros without a key.
 *
 * HMAC is made of two calls of SHA-256 here, with the padded key in front of the message in the same memory: an object of
 * `createHmac` for each message costs twice as much of the processor, and garbage.
 */
export function sealedMemory(key: Uint8Array | undefined, capacity: number): SealedMemory {
  // No Buffer, whose `slice` copies nothing: who is given a view of this may well mean to copy it so.
  const inner = new Uint8Array(BLOCK_BYTES + capacity);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  const code = Buffer.alloc(DIGEST_BYTES);
  const octets = inner.subarray(BLOCK_BYTES);
  // Messages of one layout have one length: the view of the last one will do for the next.
  let padded = inner.subarray(0, BLOCK_BYTES);

  if (key) {
    const short = key.length > BLOCK_BYTES ? createHash('sha256').update(key).digest() : key;
    for (let index = 0; index < BLOCK_BYTES; index += 1) {
      inner[index] = (short[index] ?? 0) ^ INNER_PAD;
      outer[index] = (short[index] ?? 0) ^ OUTER_PAD;
    }
  }

  function digest(length: number): void {
    if (padded.length !== BLOCK_BYTES + length) padded = inner.subarray(0, BLOCK_BYTES + length);
    // As text, which is made without memory outside the heap.
    outer.write(hash('sha256', padded, 'hex'), BLOCK_BYTES, 'hex');
    code.write(hash('sha256', outer, 'hex'), 'hex');
  }

  return {
    octets,
    view: new DataView(inner.buffer, BLOCK_BYTES, capacity),
    seal(length) {
      if (key) digest(length);
      for (let index = 0; index < MAC_BYTES; index += 1) octets[length + index] = code[index]!;
    },
    isSealed(length) {
      if (key) digest(length);
      let difference = 0;
      for (let index = 0; index < MAC_BYTES; index += 1) difference |= octets[length + index]! ^ code[index]!;
      return difference === 0;
    },
  };
}
