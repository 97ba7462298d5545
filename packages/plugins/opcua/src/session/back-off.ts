import type { Random } from '@medkit/edges';

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Each wait is up to so much shorter, by chance: PLCs that came back together are not asked together. */
const JITTER = 0.5;

/** How long to wait after so many attempts that failed one after the other, milliseconds. */
export function backOffMs(failedAttempts: number, random: Random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failedAttempts - 1, 10));
  return longest * (1 - JITTER * random.float());
}
