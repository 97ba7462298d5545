import type { Clock } from '@medkit/edges';

/** What may come at once after a rest, as a span of the rate. */
const BURST_MS = 1000;

/** Keeps what begins below a rate, by the time at which the next would be due if all came evenly. */
export class Pace {
  readonly #clock: Clock;
  readonly #spacingMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number, clock: Clock) {
    this.#spacingMs = 1000 / perSecond;
    this.#clock = clock;
  }

  /** How long the next has to wait. */
  get delayMs(): number {
    return Math.max(0, this.#dueMs - this.#clock.monotonicMs() - BURST_MS + this.#spacingMs);
  }

  /** One begins. */
  take(): void {
    this.#dueMs = Math.max(this.#dueMs, this.#clock.monotonicMs()) + this.#spacingMs;
  }
}
