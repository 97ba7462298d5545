import { randomBytes } from 'node:crypto';
import type { Random } from '../random.ts';

/** Random numbers from the operating system. */
export const systemRandom: Random = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
  float: Math.random,
};
