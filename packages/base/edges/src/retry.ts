import type { Clock } from './clock.ts';
import type { HttpReply } from './http-client.ts';
import type { Random } from './random.ts';

/** The delays before repeated attempts: each failure doubles them. */
export interface RetrySchedule {
  /** Maximum delay after the first failure, milliseconds. */
  readonly firstMs: number;
  /** Maximum delay after any number of failures, milliseconds. */
  readonly maxMs: number;
  /** Part of each delay that is random, between 0 and 1 (default 0.5). */
  readonly jitter?: number;
}

/**
 * Returns the delay in milliseconds after `failures` consecutive failures, at least one. A part of it is random, so that
 * the robots of a fleet do not retry together after a common failure. Retries within this process need no `random`.
 */
export function retryDelayMs(
  { firstMs, maxMs, jitter = 0.5 }: RetrySchedule,
  failures: number,
  random?: Pick<Random, 'float'>,
): number {
  // The exponent is bounded, so that any number of failures has a finite delay.
  const longestMs = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 40));
  return longestMs * (1 - (random ? jitter * random.float() : 0));
}

/**
 * Returns a function that takes how long a thread or process ran before it ended unexpectedly, in milliseconds, and
 * returns the delay before its next start. A run of at least `wellMs` ends a series of failures.
 */
export function restartDelays(schedule: RetrySchedule, wellMs: number): (ranMs: number) => number {
  let failures = 0;
  return (ranMs) => {
    failures = ranMs >= wellMs ? 1 : failures + 1;
    return retryDelayMs(schedule, failures);
  };
}

/**
 * Returns the delay that the header `Retry-After` of a reply requests, in seconds or as a date (RFC 9110, 10.2.3), up to
 * `maxMs`; 0 if the header is absent or invalid.
 */
export function retryAfterMs({ headers }: Pick<HttpReply, 'headers'>, clock: Clock, maxMs: number): number {
  const header = headers['retry-after']?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - clock.wallMs();
  return Number.isFinite(ms) ? Math.min(maxMs, Math.max(0, ms)) : 0;
}

/** Resolves after `ms`, or when the signal is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(ms, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
