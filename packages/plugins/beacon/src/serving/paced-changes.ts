import type { Clock, Timer } from '@medkit/edges';

/** Between two changes of the tree: hints that say something new with every message change it no more often. */
const MIN_CHANGE_MS = 1000;
/** Timers of the platform are no longer than 24 days: what is further away is looked at again after this time. */
const MAX_WAIT_MS = 3_600_000;

/** Tells of changes that are there or will be, several within a second as one. */
export class PacedChanges {
  readonly #clock: Clock;
  readonly #tell: () => void;
  #timer: Timer | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #toldMs = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(clock: Clock, tell: () => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** There is, or will be, a change in so many milliseconds. */
  in(delayMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    const dueMs = Math.max(nowMs + delayMs, this.#toldMs + MIN_CHANGE_MS);
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
    this.#toldMs = this.#clock.monotonicMs();
    this.#tell();
  }
}
