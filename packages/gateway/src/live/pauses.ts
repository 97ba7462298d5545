import type { Clock } from '@medkit/edges';

/** Pauses whose ends are closer than this end together. */
const STEP_MS = 10;

/** Shares timers between pauses: those with about the same end use one timer. */
export class Pauses {
  readonly #clock: Clock;
  readonly #byEnd = new Map<number, Promise<void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after about this time, at most a few milliseconds later. */
  of(pauseMs: number): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const end = Math.ceil((nowMs + pauseMs) / STEP_MS);
    const known = this.#byEnd.get(end);
    if (known) return known;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#byEnd.set(end, promise);
    this.#clock.after(end * STEP_MS - nowMs, () => {
      this.#byEnd.delete(end);
      resolve();
    });
    return promise;
  }
}
