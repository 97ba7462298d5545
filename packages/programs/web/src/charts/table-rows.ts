import { type ChartSeries, sampleAt } from './chart-series.ts';
import { pickEvenly } from './thin-samples.ts';

/** Maximum rows of the table. */
const MAX_ROWS = 200;

/** A moment with the value of each series. */
export interface ChartRow {
  readonly ms: number;
  readonly values: readonly (number | undefined)[];
}

export interface ChartTable {
  readonly rows: readonly ChartRow[];
  /** Number of all moments; the rows are an even selection of them. */
  readonly total: number;
}

/**
 * Returns the samples of all series as a table: one row for each moment, `MAX_ROWS` at most, with the last value at or
 * before it.
 */
export function chartTable(series: readonly ChartSeries[]): ChartTable {
  const moments = [...new Set(series.flatMap(({ samples }) => samples.map(([at]) => at)))].sort((a, b) => a - b);
  const rowTimes = pickEvenly(
    moments.map((ms) => [ms, ms] as const),
    MAX_ROWS,
  );
  const rows = rowTimes.map(([ms]) => ({ ms, values: series.map(({ samples }) => sampleAt(samples, ms)?.[1]) }));
  return { rows, total: moments.length };
}
