import type { Random } from '@medkit/edges';

/** Lengths and numbers at the limits that decoders expect. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff] as const;
/** Maximum growth of a chunk. */
const MAX_GROWN = 4096;

/** Returns a message similar to `octets`, with 1 to 4 changes from `start` on. */
export function mutated(octets: Buffer, start: number, random: Random): Buffer {
  let changed: Buffer = Buffer.from(octets);
  for (let changes = 1 + below(random, 4); changes > 0; changes--) changed = changedOnce(changed, start, random);
  return changed;
}

/** Returns an integer from 0 to `end`, exclusive. */
export const below = (random: Random, end: number): number => Math.floor(random.float() * end);

function changedOnce(octets: Buffer, start: number, random: Random): Buffer {
  const at = Math.min(octets.length, start + below(random, Math.max(1, octets.length - start)));
  switch (below(random, 7)) {
    case 0:
      octets[at] = below(random, 256);
      return octets;
    case 1:
      octets[at] = (octets[at] ?? 0) ^ (1 << below(random, 8));
      return octets;
    case 2:
      if (at + 4 <= octets.length) octets.writeUInt32LE(EDGES[below(random, EDGES.length)]!, at);
      return octets;
    case 3:
      return octets.subarray(0, at);
    case 4:
      return Buffer.concat([octets.subarray(0, at), random.bytes(below(random, 64)), octets.subarray(at)]);
    case 5: {
      const part = octets.subarray(at, at + below(random, 256));
      return Buffer.concat(
        [
          octets.subarray(0, at),
          ...Array.from({ length: 1 + below(random, 16) }, () => part),
          octets.subarray(at),
        ].slice(0, 2 + MAX_GROWN / 256),
      );
    }
    default:
      return Buffer.concat([octets.subarray(0, at), octets.subarray(at + below(random, 64))]);
  }
}
