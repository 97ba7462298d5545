/** Stored ticks: the maximum time over which a rate is measured. */
const MAX_MARKS = 120;

/** Stored ages of the latest messages. */
const MAX_AGES = 64;

interface Mark {
  readonly atMs: number;
  /** Number of messages up to this time. */
  readonly count: number;
}

/** Measures the rate and the age of a topic's messages, with constant memory. */
export class TopicFlow {
  #count = 0;
  readonly #marks: Mark[] = [];
  readonly #ages: number[] = [];
  #nextAge = 0;

  /** `ageMs` is `undefined` if the publisher sent no source timestamp. */
  arrived(ageMs: number | undefined): void {
    this.#count++;
    if (ageMs === undefined) return;
    this.#ages[this.#nextAge] = ageMs;
    this.#nextAge = (this.#nextAge + 1) % MAX_AGES;
  }

  /** Call at each tick. */
  mark(atMs: number): void {
    this.#marks.push({ atMs, count: this.#count });
    if (this.#marks.length > MAX_MARKS) this.#marks.shift();
  }

  /**
   * Returns messages per second over the last `windowMs`; `undefined` if the topic has not been watched for that time
   * or `windowMs` exceeds the stored ticks.
   */
  rateHz(windowMs: number): number | undefined {
    const last = this.#marks.at(-1);
    const first = this.#marks.findLast(({ atMs }) => last !== undefined && last.atMs - atMs >= windowMs);
    if (!last || !first) return undefined;
    return ((last.count - first.count) * 1000) / (last.atMs - first.atMs);
  }

  /** Returns the median age of the latest messages. */
  medianAgeMs(): number | undefined {
    const sorted = this.#ages.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }
}
