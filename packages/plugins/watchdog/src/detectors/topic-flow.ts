/** Ticks of which the count is remembered: the longest time over which a rate is measured. */
const MAX_MARKS = 120;

/** Ages of the latest messages that are remembered. */
const MAX_AGES = 64;

interface Mark {
  readonly atMs: number;
  /** Messages until then. */
  readonly count: number;
}

/** How many messages of a topic arrive, and how old they are then. Its memory does not grow with the messages. */
export class TopicFlow {
  #count = 0;
  readonly #marks: Mark[] = [];
  readonly #ages: number[] = [];
  #nextAge = 0;

  /** `ageMs` is `undefined` where the publisher did not say when it published. */
  arrived(ageMs: number | undefined): void {
    this.#count++;
    if (ageMs === undefined) return;
    this.#ages[this.#nextAge] = ageMs;
    this.#nextAge = (this.#nextAge + 1) % MAX_AGES;
  }

  /** To be called at each tick. */
  mark(atMs: number): void {
    this.#marks.push({ atMs, count: this.#count });
    if (this.#marks.length > MAX_MARKS) this.#marks.shift();
  }

  /** Messages a second over the last `windowMs`; `undefined` where it has not been watched for as long, or cannot be. */
  rateHz(windowMs: number): number | undefined {
    const last = this.#marks.at(-1);
    const first = this.#marks.findLast(({ atMs }) => last !== undefined && last.atMs - atMs >= windowMs);
    if (!last || !first) return undefined;
    return ((last.count - first.count) * 1000) / (last.atMs - first.atMs);
  }

  /** The middle one of the ages of the latest messages. */
  medianAgeMs(): number | undefined {
    const sorted = this.#ages.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }
}
