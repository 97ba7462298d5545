import type { Clock, HttpReply, Random } from '@medkit/edges';

/** Maximum delay before the second attempt; doubled for each further one. */
const FIRST_MS = 1000;
/** Maximum back-off: a robot that rejoins the network delivers within this time. */
export const LONGEST_MS = 300_000;
/** Minimum delay between attempts. */
const SHORTEST_MS = 100;
/** Maximum delay that a receiver can request with `Retry-After`. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Returns the delay after `failures` consecutive attempts: a random part of a span that doubles. The random part
 * prevents that all robots of a fleet retry together after a common failure.
 */
export function backOffMs(failures: number, random: Random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return Math.max(SHORTEST_MS, longest * random.float());
}

/** Returns the delay that `Retry-After` requests, in seconds or as a date; 0 without the header. */
export function retryAfterMs({ headers }: Pick<HttpReply, 'headers'>, clock: Clock): number {
  const header = headers['retry-after']?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - clock.wallMs();
  return Number.isFinite(ms) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms)) : 0;
}
