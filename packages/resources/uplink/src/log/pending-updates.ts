import type { Clock, Timer } from '@medkit/edges';

/** Maximum keys whose last record is remembered; an update of a forgotten key becomes a record immediately. */
const MAX_KEYS = 4096;

/** Delay before an update that could not be recorded is released again. */
const POSTPONED_MS = 10_000;

/** Decides which updates wait, so that a key has at most one record in its interval. */
export class PendingUpdates {
  readonly #clock: Clock;
  readonly #release: (keys: readonly string[]) => void;
  /** Monotonic time of the last record of each key, oldest first. */
  readonly #lastMs = new Map<string, number>();
  readonly #due = new Map<string, number>();
  #timer: Timer | undefined;

  /** @param release called with keys whose pending updates are due */
  constructor(clock: Clock, release: (keys: readonly string[]) => void) {
    this.#clock = clock;
    this.#release = release;
  }

  /** Returns true if an update of this key must wait. It is released after `intervalMs` since the last record. */
  holds(key: string, intervalMs: number): boolean {
    if (this.#due.has(key)) return true;
    const nowMs = this.#clock.monotonicMs();
    const lastMs = this.#lastMs.get(key);
    if (lastMs === undefined || nowMs - lastMs >= intervalMs) return false;
    this.#due.set(key, lastMs + intervalMs);
    this.#schedule();
    return true;
  }

  /** Notes a record of this key. Returns whether it replaces a pending update. */
  recorded(key: string): boolean {
    const wasPending = this.#due.delete(key);
    this.#lastMs.delete(key);
    this.#lastMs.set(key, this.#clock.monotonicMs());
    if (this.#lastMs.size > MAX_KEYS) this.#lastMs.delete(this.#lastMs.keys().next().value!);
    return wasPending;
  }

  /** Releases keys again later: their updates are still pending. */
  postpone(keys: readonly string[]): void {
    const dueMs = this.#clock.monotonicMs() + POSTPONED_MS;
    for (const key of keys) if (!this.#due.has(key)) this.#due.set(key, dueMs);
    this.#schedule();
  }

  close(): void {
    this.#timer?.cancel();
    this.#due.clear();
  }

  #schedule(): void {
    if (this.#timer || this.#due.size === 0) return;
    const nowMs = this.#clock.monotonicMs();
    const dueMs = Math.min(...this.#due.values());
    this.#timer = this.#clock.after(Math.max(0, dueMs - nowMs), () => {
      this.#timer = undefined;
      const atMs = this.#clock.monotonicMs();
      const keys = [...this.#due].flatMap(([key, due]) => (due <= atMs ? [key] : []));
      for (const key of keys) this.recorded(key);
      if (keys.length > 0) this.#release(keys);
      this.#schedule();
    });
  }
}
