import type { ChartSeries } from './chart-series.ts';
import { thinSamples } from './thin-samples.ts';

/** One column of moments, and one of values for each series: `null` a gap, `undefined` where another series has a sample. */
export type Columns = [moments: number[], ...values: (number | null | undefined)[][]];

/** Longer without a sample than so many times as long as usual is a gap. */
const GAP_FACTOR = 5;
/** Nor is a pause below this one, milliseconds: recorders write in bursts. */
const LEAST_GAP_MS = 500;

/** Joins series of different sampling into columns of equal length. Each is thinned first, and its gaps are marked. */
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

/** What is no number becomes a gap, and a long silence gets one; a value that holds until the next has none. */
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

/** The pause between two samples that half of them do not exceed, milliseconds; 0 for fewer than two. */
export function usualPauseMs(samples: ChartSeries['samples']): number {
  const pauses = samples.slice(1).map(([at], place) => at - samples[place]![0]);
  return pauses.sort((a, b) => a - b)[Math.floor(pauses.length / 2)] ?? 0;
}
