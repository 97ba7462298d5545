import type { Clock } from '@medkit/edges';

/** Failures in a row after which an owner is left alone: enough that a lost packet or two do not cut anybody off. */
const FAILURES_TO_OPEN = 5;
/** How long an owner is left alone: short beside a person's patience, long beside a deadline. */
const OPEN_MS = 5000;

/**
 * Keeps calls away from an owner that keeps failing. After a while one call may try again: its success lets all through,
 * its failure starts another while.
 */
export class Circuit {
  readonly #clock: Clock;
  #failures = 0;
  #openUntilMs = 0;
  #trying = false;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  /** True where nothing is remembered, so that the circuit may be forgotten. */
  get pristine(): boolean {
    return this.#failures === 0 && !this.#trying;
  }

  /** Milliseconds until the next try is allowed, or 0 where the call may go ahead; it then counts as begun. */
  begin(): number {
    if (this.#failures < FAILURES_TO_OPEN) return 0;
    const leftMs = this.#openUntilMs - this.#clock.monotonicMs();
    if (leftMs > 0) return leftMs;
    if (this.#trying) return OPEN_MS;
    this.#trying = true;
    return 0;
  }

  /** How a call that had begun ended; `abandoned` says nothing about the owner. */
  end(outcome: 'answered' | 'failed' | 'abandoned'): void {
    this.#trying = false;
    if (outcome === 'answered') this.#failures = 0;
    if (outcome !== 'failed') return;
    this.#failures++;
    this.#openUntilMs = this.#clock.monotonicMs() + OPEN_MS;
  }
}
