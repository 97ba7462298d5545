import { createHash, hash } from 'node:crypto';
import { MAC_BYTES } from './layout.ts';

/** Block size of SHA-256 in octets, to which HMAC pads its key (RFC 2104, 2). */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** Buffer for one message. Its authentication code is computed and checked without allocating memory per message. */
export interface SealedMemory {
  /** The octets of the message. */
  readonly octets: Uint8Array;
  /** A view of the same octets. */
  readonly view: DataView;
  /** Writes the authentication code of the first `length` octets after them. */
  seal(length: number): void;
  /** Returns whether the code after the first `length` octets is correct. Takes constant time for wrong codes. */
  isSealed(length: number): boolean;
}

/**
 * Creates a buffer for a message of up to `capacity` octets, including the code. The code is the first half of the
 * HMAC-SHA256 of the preceding octets, or zeros without a key.
 *
 * HMAC is computed with two calls of SHA-256, with the padded key stored in front of the message. A `createHmac` object
 * per message takes twice the processor time and causes garbage.
 */
export function sealedMemory(key: Uint8Array | undefined, capacity: number): SealedMemory {
  // Not a Buffer, whose `slice` does not copy: receivers of a view may rely on the copy.
  const inner = new Uint8Array(BLOCK_BYTES + capacity);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  const code = Buffer.alloc(DIGEST_BYTES);
  const octets = inner.subarray(BLOCK_BYTES);
  // Messages of one layout have equal length, so the view of the last message can be reused.
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
    // As text, which is created without memory outside the heap.
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
