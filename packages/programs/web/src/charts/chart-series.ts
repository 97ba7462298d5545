/**
 * A measured value: milliseconds since 1970, the value, and the exact integer if the value has fewer digits, as that of a
 * 64-bit counter.
 */
export type Sample = readonly [atMs: number, value: number, exact?: bigint];

/** A value over time; the samples are oldest first. */
export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  readonly unit?: string;
  readonly samples: readonly Sample[];
  /** The value holds until the next sample, like a setting or a command. */
  readonly step?: boolean;
}

/** A limit of a value. */
export interface ChartThreshold {
  readonly label: string;
  readonly value: number;
  readonly unit?: string;
  /** The side of the threshold on which values are harmful. */
  readonly side?: 'below' | 'above';
}

/** The occurrence of a fault, numbered as in the rest of the page. */
export interface ChartMark {
  readonly ms: number;
  readonly number: number;
  readonly label: string;
}

/** The moment when a value passed its threshold. */
export interface ChartCrossing {
  readonly ms: number;
  readonly value: number;
  readonly label: string;
}

/**
 * Formats a measured value: `0.77 m`. More than four significant digits cannot be read off a chart; an exact integer has
 * all of its digits.
 */
export function formatMeasurement(value: number | bigint | undefined, unit?: string): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (typeof value === 'bigint') return `${value}${unit ? ` ${unit}` : ''}`.replace('-', '−');
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const magnitude = Math.abs(value);
  const digits =
    magnitude !== 0 && (magnitude >= 1e6 || magnitude < 1e-3)
      ? value.toExponential(2)
      : value.toFixed(magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 0.1 || magnitude === 0 ? 2 : 3);
  return `${digits.replace('-', '−')}${unit === undefined || unit === '' ? '' : ` ${unit}`}`;
}

/** Formats a configured number as the user would write it: `0.8 m`. */
export function formatLimit(value: number, unit?: string): string {
  const number = String(Number(value.toPrecision(6))).replace('-', '−');
  return unit === undefined || unit === '' ? number : `${number} ${unit}`;
}

/** URLs and replies carry times in whole milliseconds, so a sample within the same millisecond matches. */
export const WITHIN_MS = 0.999;

/** Returns the last sample at or before a moment, to the millisecond. Returns `undefined` before the first sample. */
export function sampleAt(samples: ChartSeries['samples'], ms: number): Sample | undefined {
  return samples[countUntil(samples, ms + WITHIN_MS) - 1];
}

/** Returns the number of samples at or before a moment. */
export function countUntil(samples: ChartSeries['samples'], ms: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (samples[middle]![0] <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Returns the moment `steps` samples away from `ms`, counting the samples of all series, clamped to the first and last.
 */
export function sampleMoment(series: readonly ChartSeries[], ms: number, steps: number): number | undefined {
  const moments = [...new Set(series.flatMap(({ samples }) => samples.map(([at]) => at)))].sort((a, b) => a - b);
  if (moments.length === 0) return undefined;
  const until = moments.findIndex((at) => at > ms + WITHIN_MS);
  const before = (until === -1 ? moments.length : until) - 1;
  // Between two samples, the first step backward goes to the earlier of the two.
  const isBetween = steps < 0 && Math.abs((moments[before] ?? ms) - ms) > WITHIN_MS;
  const wanted = before + steps + (isBetween ? 1 : 0);
  return moments[Math.min(moments.length - 1, Math.max(0, wanted))];
}
