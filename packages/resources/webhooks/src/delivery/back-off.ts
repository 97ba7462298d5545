import type { Clock, HttpReply, Random } from '@medkit/edges';

/** The most that is waited before the second try; doubled before every later one. */
const FIRST_MS = 1000;
/** A robot that comes back into the network delivers within this. */
export const LONGEST_MS = 300_000;
/** No try follows another at once. */
const SHORTEST_MS = 100;
/** A receiver may ask for more patience, but not for ever. */
export const LONGEST_ASKED_MS = 3_600_000;

/**
 * How long to wait after `failures` tries in a row: a random part of a span that doubles, so that what failed together, on
 * all robots of a fleet, does not come back together.
 */
export function backOffMs(failures: number, random: Random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return Math.max(SHORTEST_MS, longest * random.float());
}

/** What `Retry-After` asks for, in seconds or as a date; 0 where it asks for nothing. */
export function retryAfterMs({ headers }: Pick<HttpReply, 'headers'>, clock: Clock): number {
  const asked = headers['retry-after']?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - clock.wallMs();
  return Number.isFinite(ms) ? Math.min(LONGEST_ASKED_MS, Math.max(0, ms)) : 0;
}
