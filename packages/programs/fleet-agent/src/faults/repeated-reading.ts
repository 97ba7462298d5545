import type { Clock } from '@medkit/edges';

interface ReadingOptions {
  readonly clock: Clock;
  /** Reads once and handles its own errors. */
  readonly read: () => Promise<void>;
}

/** Minimum interval of requests: at most 10 per second, however fast faults change. */
const MIN_GAP_MS = 100;

/**
 * Reads on every change: immediately if no reading is pending, one at a time, and once more for requests in the meantime.
 */
export class RepeatedReading {
  readonly #clock: Clock;
  readonly #read: () => Promise<void>;
  #isUnderWay = false;
  #isWanted = false;
  #isStopped = false;
  #begunMs = Number.NEGATIVE_INFINITY;

  constructor({ clock, read }: ReadingOptions) {
    this.#clock = clock;
    this.#read = read;
  }

  request(): void {
    this.#isWanted = true;
    if (!this.#isUnderWay) void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    this.#isUnderWay = true;
    while (this.#isWanted && !this.#isStopped) {
      const waitMs = this.#begunMs + MIN_GAP_MS - this.#clock.monotonicMs();
      if (waitMs > 0) {
        const gap = Promise.withResolvers<void>();
        this.#clock.after(waitMs, gap.resolve);
        await gap.promise;
        continue;
      }
      this.#isWanted = false;
      this.#begunMs = this.#clock.monotonicMs();
      await this.#read();
    }
    this.#isUnderWay = false;
  }
}
