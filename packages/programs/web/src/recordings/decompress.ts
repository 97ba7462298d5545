import type { McapTypes } from '@mcap/core';
import { decompress } from 'fzstd';
import { BagProblem, boundedLength, messageOf } from './bag-problem.ts';

const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/**
 * Decompresses chunks of a recording. Caches the result as long as the input array exists, so that a chunk is
 * decompressed once while in use.
 */
export function decompressHandlers(): McapTypes.DecompressHandlers {
  const unpacked = new WeakMap<ArrayBufferLike, Uint8Array>();
  return {
    zstd(packed, size) {
      const known = unpacked.get(packed.buffer);
      if (known && BigInt(known.length) === size) return known;
      const octets = unpackZstd(packed, boundedLength(size));
      unpacked.set(packed.buffer, octets);
      return octets;
    },
    lz4() {
      throw new BagProblem('lz4');
    },
  };
}

/** Decompresses a zstd frame of `length` bytes. Throws `BagProblem` if the result has another length. */
function unpackZstd(packed: Uint8Array, length: number): Uint8Array {
  if (!ZSTD_MAGIC.every((octet, place) => packed[place] === octet)) throw new BagProblem('chunk', 'zstd');
  let octets: Uint8Array;
  try {
    octets = decompress(packed, new Uint8Array(length));
  } catch (error) {
    throw new BagProblem('chunk', messageOf(error));
  }
  if (octets.length !== length) throw new BagProblem('chunk', `${octets.length} / ${length}`);
  return octets;
}
