import type { Clock, Timer } from './clock.ts';

/**
 * One time limit after another, with one timer: what is left of it serves the next limit. To start and cancel one for each
 * would cost more than the rest of waiting for a short answer.
 */
export class Deadline {
  readonly #clock: Clock;
  #timer: Timer | undefined;
  /** When the timer fires, and when the limit is reached, by the monotonic clock; infinity where there is none. */
  #firesMs = Number.POSITIVE_INFINITY;
  #limitMs = Number.POSITIVE_INFINITY;
  #reached: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `reached` after so many milliseconds, unless the limit ends before. */
  begin(timeoutMs: number, reached: () => void): void {
    this.#limitMs = this.#clock.monotonicMs() + timeoutMs;
    this.#reached = reached;
    if (this.#limitMs < this.#firesMs) this.#start(timeoutMs);
  }

  /** Ends the limit; another may begin. */
  end(): void {
    this.#limitMs = Number.POSITIVE_INFINITY;
    this.#reached = undefined;
  }

  /** Ends it where no other will begin: nothing is left. */
  close(): void {
    this.end();
    this.#timer?.cancel();
    this.#firesMs = Number.POSITIVE_INFINITY;
  }

  #start(afterMs: number): void {
    this.#timer?.cancel();
    this.#firesMs = this.#clock.monotonicMs() + afterMs;
    this.#timer = this.#clock.after(afterMs, this.#fired);
  }

  readonly #fired = (): void => {
    this.#firesMs = Number.POSITIVE_INFINITY;
    const reached = this.#reached;
    if (!reached) return;
    // A timer may fire a fraction of a millisecond early.
    const leftMs = Math.ceil(this.#limitMs - this.#clock.monotonicMs());
    if (leftMs > 0) {
      this.#start(leftMs);
      return;
    }
    this.end();
    reached();
  };
}
