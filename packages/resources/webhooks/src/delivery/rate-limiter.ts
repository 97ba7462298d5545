import type { Clock } from '@medkit/edges';

/** Burst allowed after an idle period, as a time span of the rate. */
const BURST_MS = 1000;

/** Limits the rate of requests. Tracks when the next one would be due if all were evenly spaced. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #spacingMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number, clock: Clock) {
    this.#spacingMs = 1000 / perSecond;
    this.#clock = clock;
  }

  /** How long the next request has to wait. */
  get delayMs(): number {
    return Math.max(0, this.#dueMs - this.#clock.monotonicMs() - BURST_MS + this.#spacingMs);
  }

  /** Counts a request that starts now. */
  take(): void {
    this.#dueMs = Math.max(this.#dueMs, this.#clock.monotonicMs()) + this.#spacingMs;
  }
}
