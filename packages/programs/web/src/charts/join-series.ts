import type { ChartSeries } from './chart-series.ts';
import { thinSamples } from './thin-samples.ts';

/**
 * One column of times and one column of values for each series: `null` marks a gap, `undefined` a time at which only
 * another series has a sample.
 */
export type Columns = [moments: number[], ...values: (number | null | undefined)[][]];

/** A pause longer than this multiple of the median pause is a gap. */
const GAP_FACTOR = 5;
/** Pauses below this are never a gap, milliseconds: recorders write in bursts. */
const LEAST_GAP_MS = 500;

/** Joins series with different sampling into columns of equal length. Thins each series first and marks its gaps. */
export function joinSeries(series: readonly ChartSeries[]): Columns {
  const drawn = series.map(({ samples, step }) => withGaps(thinSamples(samples), step ?? false));
  const moments = [...new Set(drawn.flatMap((samples) => samples.map(([at]) => at)))].sort((a, b) => a - b);
  const places = new Map(moments.map((at, place) => [at, place]));
  const values = drawn.map((samples) => {
    const column: (number | null | undefined)[] = new Array(moments.length).fill(undefined);
    for (const [at, value] of samples) column[places.get(at)!] = value;
    return column;
  });
  return [moments, ...values];
}

/**
 * Replaces non-finite values by gaps and inserts a gap into long pauses. A value that holds until the next sample has
 * no pauses.
 */
function withGaps(samples: ChartSeries['samples'], holds: boolean): readonly (readonly [number, number | null])[] {
  const longMs = holds ? Number.POSITIVE_INFINITY : Math.max(LEAST_GAP_MS, usualPauseMs(samples) * GAP_FACTOR);
  const result: (readonly [number, number | null])[] = [];
  for (const [place, [at, value]] of samples.entries()) {
    const before = samples[place - 1]?.[0];
    if (before !== undefined && at - before > longMs) result.push([(before + at) / 2, null]);
    result.push([at, Number.isFinite(value) ? value : null]);
  }
  return result;
}

/** Returns the median pause between samples in milliseconds; 0 for fewer than two samples. */
export function usualPauseMs(samples: ChartSeries['samples']): number {
  const pauses = samples.slice(1).map(([at], place) => at - samples[place]![0]);
  return pauses.sort((a, b) => a - b)[Math.floor(pauses.length / 2)] ?? 0;
}
