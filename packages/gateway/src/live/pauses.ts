import type { Clock } from '@medkit/edges';

/** Pauses that end closer together than this end together. */
const STEP_MS = 10;

/** Pauses of many, for which few timers are set: those that are to end at about one time end with one. */
export class Pauses {
  readonly #clock: Clock;
  readonly #byEnd = new Map<number, Promise<void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves about so many milliseconds from now, and a few later at most. */
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
