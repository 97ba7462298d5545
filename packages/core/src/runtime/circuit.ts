import type { Clock } from '@medkit/edges';

/**
 * Consecutive failures after which calls to an entity are suspended. High enough that one or two lost packets do not
 * suspend it.
 */
const FAILURES_TO_OPEN = 5;
/** Duration of the suspension in milliseconds: short for a person, long compared with a deadline. */
const OPEN_MS = 5000;

/** How a call ended. `abandoned` says nothing about the entity that was called. */
export type CallOutcome = 'answered' | 'failed' | 'abandoned';

/**
 * A circuit breaker that suspends calls to an entity that keeps failing. After the suspension one call may try again.
 * If it succeeds, all calls pass; if it fails, the suspension starts again.
 */
export class Circuit {
  readonly #clock: Clock;
  #failures = 0;
  #failedSinceMs = 0;
  #openUntilMs = 0;
  #trying = false;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  /** True if the circuit has no state, so that it can be discarded. */
  get pristine(): boolean {
    return this.#failures === 0 && !this.#trying;
  }

  /** Whether calls are suspended, except for a single trial call. */
  get isOpen(): boolean {
    return this.#failures >= FAILURES_TO_OPEN;
  }

  /**
   * When the first call of the current run of failures began, in wall-clock milliseconds. `undefined` without failures.
   */
  get failedSinceMs(): number | undefined {
    return this.#failures === 0 ? undefined : this.#failedSinceMs;
  }

  /** Starts a call. Returns 0 if it may proceed, otherwise the milliseconds until the next trial call. */
  begin(): number {
    if (!this.isOpen) return 0;
    const leftMs = this.#openUntilMs - this.#clock.monotonicMs();
    if (leftMs > 0) return leftMs;
    if (this.#trying) return OPEN_MS;
    this.#trying = true;
    return 0;
  }

  /** Records the outcome of a call that began at `beganMs` of the monotonic clock. */
  end(outcome: CallOutcome, beganMs: number): void {
    this.#trying = false;
    if (outcome === 'answered') this.#failures = 0;
    if (outcome !== 'failed') return;
    const nowMs = this.#clock.monotonicMs();
    if (this.#failures === 0) this.#failedSinceMs = this.#clock.wallMs() - (nowMs - beganMs);
    this.#failures++;
    this.#openUntilMs = nowMs + OPEN_MS;
  }
}
