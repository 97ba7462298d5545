import type { Clock } from '@medkit/edges';

/** Counts tasks and measures how long they take. */
export class TaskMeter {
  readonly #clock: Clock;
  readonly #slowMs: number;
  /** Start of every running task, in order. */
  readonly #underWay = new Set<{ readonly sinceMs: number }>();
  #mostUnderWay = 0;
  #completed = 0;
  #failed = 0;
  #slow = 0;
  #lastMs = 0;
  #longestMs = 0;

  constructor({ clock, slowMs }: { readonly clock: Clock; readonly slowMs: number }) {
    this.#clock = clock;
    this.#slowMs = slowMs;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const task = { sinceMs: this.#clock.monotonicMs() };
    this.#underWay.add(task);
    this.#mostUnderWay = Math.max(this.#mostUnderWay, this.#underWay.size);
    try {
      const result = await work();
      this.#completed++;
      return result;
    } catch (error) {
      this.#failed++;
      throw error;
    } finally {
      this.#underWay.delete(task);
      this.#lastMs = this.#clock.monotonicMs() - task.sinceMs;
      this.#longestMs = Math.max(this.#longestMs, this.#lastMs);
      if (this.#lastMs > this.#slowMs) this.#slow++;
    }
  }

  figures() {
    const [oldest] = this.#underWay;
    const ageMs = oldest ? this.#clock.monotonicMs() - oldest.sinceMs : 0;
    return {
      underWay: this.#underWay.size,
      mostUnderWay: this.#mostUnderWay,
      completed: this.#completed,
      failed: this.#failed,
      slow: this.#slow,
      lastMs: this.#lastMs,
      longestMs: this.#longestMs,
      ageMs,
      stuck: ageMs > this.#slowMs,
    };
  }
}
