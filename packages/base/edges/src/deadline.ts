import type { Clock, Timer } from './clock.ts';

/**
 * A reusable time limit with one timer: the timer of a finished limit also serves the next one. Starting and cancelling
 * a timer for each request would cost more than the rest of waiting for a short reply.
 */
export class Deadline {
  readonly #clock: Clock;
  #timer: Timer | undefined;
  /** When the timer fires and when the limit ends, by the monotonic clock; infinity if inactive. */
  #firesMs = Number.POSITIVE_INFINITY;
  #limitMs = Number.POSITIVE_INFINITY;
  #reached: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `reached` after `timeoutMs` milliseconds, unless the limit ends earlier. */
  begin(timeoutMs: number, reached: () => void): void {
    this.#limitMs = this.#clock.monotonicMs() + timeoutMs;
    this.#reached = reached;
    if (this.#limitMs < this.#firesMs) this.#start(timeoutMs);
  }

  /** Ends the limit; another one may begin. */
  end(): void {
    this.#limitMs = Number.POSITIVE_INFINITY;
    this.#reached = undefined;
  }

  /** Ends the limit and cancels the timer. Use it if no other limit will begin. */
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
