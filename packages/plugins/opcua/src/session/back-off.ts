import type { Random } from '@medkit/edges';

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Random reduction of each delay, so that PLCs that return together are not contacted together. */
const JITTER = 0.5;

/** Returns the delay after this many consecutive failures, in milliseconds. */
export function backOffMs(failedAttempts: number, random: Random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failedAttempts - 1, 10));
  return longest * (1 - JITTER * random.float());
}
