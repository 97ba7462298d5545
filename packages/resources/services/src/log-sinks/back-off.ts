import type { Clock, HttpReply, Random } from '@medkit/edges';

/** Before the second try; doubled before every later one. */
const FIRST_MS = 500;
const LONGEST_MS = 60_000;
/** A sink may ask for more patience, but not for ever. */
const LONGEST_ASKED_MS = 300_000;

/** How long to wait after `failures` tries in a row. Random, so that the robots of a fleet do not come back at once. */
export function backOffMs(failures: number, random: Random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return longest * (0.5 + random.float() / 2);
}

/** What `Retry-After` asks for, in seconds or as a date; 0 where it asks for nothing. */
export function retryAfterMs({ headers }: Pick<HttpReply, 'headers'>, clock: Clock): number {
  const asked = headers['retry-after']?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - clock.wallMs();
  return Number.isFinite(ms) ? Math.min(LONGEST_ASKED_MS, Math.max(0, ms)) : 0;
}
