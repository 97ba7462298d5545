import type { Random } from '@medkit/edges';

/** Maximum delay before the second attempt, doubled for every later one. */
const FIRST_MS = 1000;
export const MAX_BACK_OFF_MS = 30_000;

/**
 * Returns the delay after `failures` consecutive failures. It is random, so that a fleet does not reconnect all
 * together.
 */
export function backOffMs(failures: number, random: Random): number {
  const longest = Math.min(MAX_BACK_OFF_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return longest * (0.5 + random.float() / 2);
}
