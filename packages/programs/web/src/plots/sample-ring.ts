import type { ChartSeries } from '../charts/chart-series.ts';
import { countUntil } from '../charts/chart-series.ts';

type Samples = ChartSeries['samples'];

/** An hour at five times a second, and a tenth more. */
const MOST = 20_000;

/** The last samples of a value, in the order of time; what is older than the last `most` is forgotten. */
export class SampleRing {
  readonly #most: number;
  #samples: (readonly [atMs: number, value: number])[] = [];

  constructor(most = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#samples.length;
  }

  get last(): readonly [atMs: number, value: number] | undefined {
    return this.#samples.at(-1);
  }

  /** Adds a sample; one that is not newer than the last is known already. */
  add(atMs: number, value: number): void {
    const last = this.last;
    if (!Number.isFinite(atMs) || (last !== undefined && atMs <= last[0])) return;
    this.#samples.push([atMs, value]);
    // Cut in one go now and then: moving all of them with each would cost more than it saves.
    if (this.#samples.length > this.#most * 1.1) this.#samples = this.#samples.slice(-this.#most);
  }

  /** Puts what was before in front of what is known. */
  addBefore(earlier: Samples): void {
    const first = this.#samples[0]?.[0] ?? Number.POSITIVE_INFINITY;
    const older = earlier.filter(([at]) => at < first);
    this.#samples = [...older, ...this.#samples].slice(-this.#most);
  }

  /** The samples of a part of time, with the one before it and the one behind it: lines go on to the edges. */
  between(fromMs: number, toMs: number): Samples {
    const from = Math.max(0, countUntil(this.#samples, fromMs) - 1);
    return this.#samples.slice(from, countUntil(this.#samples, toMs) + 1);
  }

  /** Samples in a second, over the last `spanMs` before a moment. */
  rate(nowMs: number, spanMs: number): number {
    return (countUntil(this.#samples, nowMs) - countUntil(this.#samples, nowMs - spanMs)) / (spanMs / 1000);
  }
}
