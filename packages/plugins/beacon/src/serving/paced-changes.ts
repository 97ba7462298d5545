import type { Clock, Timer } from '@medkit/edges';

/** Minimum interval between two changes of the tree, even if hints change with every message. */
const MIN_CHANGE_MS = 1000;
/** Timers of the platform are limited to 24 days: later times are checked again after this time. */
const MAX_WAIT_MS = 3_600_000;

/** Reports current and future changes, at most once a second. */
export class PacedChanges {
  readonly #clock: Clock;
  readonly #report: () => void;
  #timer: Timer | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #reportedMs = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(clock: Clock, report: () => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /** Announces a change in `delayMs` milliseconds. */
  in(delayMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    const dueMs = Math.max(nowMs + delayMs, this.#reportedMs + MIN_CHANGE_MS);
    if (this.#stopped || dueMs >= this.#dueMs) return;
    this.#timer?.cancel();
    this.#dueMs = dueMs;
    if (dueMs > nowMs) this.#timer = this.#clock.after(Math.min(dueMs - nowMs, MAX_WAIT_MS), () => this.#due());
    else this.#due();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #due(): void {
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#reportedMs = this.#clock.monotonicMs();
    this.#report();
  }
}
