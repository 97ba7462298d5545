/** The observations of one series of a histogram. */
export interface Distribution<Label extends string = string> {
  readonly labels: Readonly<Record<Label, string>>;
  /** Observations per bucket, not cumulative; the last one is above every bound. */
  readonly counts: Float64Array;
  sum: number;
}

export interface HistogramOptions {
  /** Upper bounds of the buckets, ascending, without infinity. */
  readonly bounds: readonly number[];
  /** Maximum label sets; each has a series for every bucket. */
  readonly maxSets: number;
}

/** Counts observations in fixed buckets. A label set is looked up once; an observation is then two additions. */
export class Histogram<Label extends string = string> {
  readonly bounds: readonly number[];
  readonly #maxSets: number;
  readonly #sets = new Map<string, Distribution<Label>>();
  #dropped = 0;

  constructor({ bounds, maxSets }: HistogramOptions) {
    this.bounds = bounds;
    this.#maxSets = maxSets;
  }

  /**
   * Returns the distribution of a label set, by a key that is unique to it. Returns `undefined`, and counts a dropped
   * observation, if the histogram has its maximum of label sets.
   */
  set(key: string, labels: () => Readonly<Record<Label, string>>): Distribution<Label> | undefined {
    const known = this.#sets.get(key);
    if (known) return known;
    if (this.#sets.size >= this.#maxSets) {
      this.#dropped += 1;
      return undefined;
    }
    const created = { labels: labels(), counts: new Float64Array(this.bounds.length + 1), sum: 0 };
    this.#sets.set(key, created);
    return created;
  }

  /** Adds an observation. A value that equals a bound belongs to the bucket of this bound. */
  observe(distribution: Distribution<Label>, value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) bucket += 1;
    distribution.counts[bucket]! += 1;
    distribution.sum += value;
  }

  get sets(): Iterable<Distribution<Label>> {
    return this.#sets.values();
  }

  /** Observations that were not counted because the histogram has its maximum of label sets. */
  get dropped(): number {
    return this.#dropped;
  }
}
