import type { Random } from '@medkit/edges';

/** Before the second try; doubled before every later one. */
const FIRST_MS = 1000;
export const LONGEST_MS = 30_000;

/** How long to wait after `failures` tries in a row. Random, so that a fleet does not come back to its broker at once. */
export function backOffMs(failures: number, random: Random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return longest * (0.5 + random.float() / 2);
}
