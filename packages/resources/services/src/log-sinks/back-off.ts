import type { Clock, HttpReply, Random } from '@medkit/edges';

/** Delay before the second try; doubled before every later one. */
const FIRST_MS = 500;
const LONGEST_MS = 60_000;
/** Maximum delay that a sink may request. */
const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Returns the delay after `failures` consecutive failures. It is random, so that the robots of a fleet do not retry
 * simultaneously.
 */
export function backOffMs(failures: number, random: Random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return longest * (0.5 + random.float() / 2);
}

/** Parses `Retry-After`, seconds or a date; returns 0 if it is absent or invalid. */
export function retryAfterMs({ headers }: Pick<HttpReply, 'headers'>, clock: Clock): number {
  const retryAfter = headers['retry-after']?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - clock.wallMs();
  return Number.isFinite(ms) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms)) : 0;
}
