import type { Clock } from '@medkit/edges';

/** Failures in a row after which an owner is left alone: enough that a lost packet or two do not cut anybody off. */
const FAILURES_TO_OPEN = 5;
/** How long an owner is left alone: short beside a person's patience, long beside a deadline. */
const OPEN_MS = 5000;

/** How a call ended; `abandoned` says nothing about who was asked. */
export type CallOutcome = 'answered' | 'failed' | 'abandoned';

/**
 * Keeps calls away from an owner that keeps failing. After a while one call may try again: its success lets all through,
 * its failure starts another while.
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

  /** True where nothing is remembered, so that the circuit may be forgotten. */
  get pristine(): boolean {
    return this.#failures === 0 && !this.#trying;
  }

  /** Whether calls are kept away, but for one that tries. */
  get isOpen(): boolean {
    return this.#failures >= FAILURES_TO_OPEN;
  }

  /** When the first of the calls began that have failed in a row, wall clock milliseconds; `undefined` where none has. */
  get failedSinceMs(): number | undefined {
    return this.#failures === 0 ? undefined : this.#failedSinceMs;
  }

  /** Milliseconds until the next try is allowed, or 0 where the call may go ahead; it then counts as begun. */
  begin(): number {
    if (!this.isOpen) return 0;
    const leftMs = this.#openUntilMs - this.#clock.monotonicMs();
    if (leftMs > 0) return leftMs;
    if (this.#trying) return OPEN_MS;
    this.#trying = true;
    return 0;
  }

  /** How a call ended that had begun at `beganMs` of the monotonic clock. */
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
