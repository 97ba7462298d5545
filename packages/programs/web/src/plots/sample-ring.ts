import type { ChartSeries, Sample } from '../charts/chart-series.ts';
import { countUntil } from '../charts/chart-series.ts';

type Samples = ChartSeries['samples'];

/** Samples of an hour at five times a second, plus a tenth. */
const MOST = 20_000;

/** The latest samples of a value in order of time; drops samples beyond the last `most`. */
export class SampleRing {
  readonly #most: number;
  #samples: Sample[] = [];

  constructor(most = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#samples.length;
  }

  get last(): Sample | undefined {
    return this.#samples.at(-1);
  }

  /** Adds a sample. Ignores samples that are not newer than the last. */
  add(...sample: Sample): void {
    const [atMs] = sample;
    const last = this.last;
    if (!Number.isFinite(atMs) || (last !== undefined && atMs <= last[0])) return;
    this.#samples.push(sample);
    // Trims only now and then: trimming on every sample would copy the whole array each time.
    if (this.#samples.length > this.#most * 1.1) this.#samples = this.#samples.slice(-this.#most);
  }

  /** Prepends earlier samples. */
  addBefore(earlier: Samples): void {
    const first = this.#samples[0]?.[0] ?? Number.POSITIVE_INFINITY;
    const older = earlier.filter(([at]) => at < first);
    this.#samples = [...older, ...this.#samples].slice(-this.#most);
  }

  /** Returns the samples of a range, plus one sample before and after it, so that lines extend to the edges. */
  between(fromMs: number, toMs: number): Samples {
    const from = Math.max(0, countUntil(this.#samples, fromMs) - 1);
    return this.#samples.slice(from, countUntil(this.#samples, toMs) + 1);
  }

  /** Returns the samples per second over the `spanMs` before a moment. */
  rate(nowMs: number, spanMs: number): number {
    return (countUntil(this.#samples, nowMs) - countUntil(this.#samples, nowMs - spanMs)) / (spanMs / 1000);
  }
}
