/** A value over time: `samples` are `[milliseconds since 1970, value]`, the oldest first. */
export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  readonly unit?: string;
  readonly samples: readonly (readonly [atMs: number, value: number])[];
  /** Keeps its value until the next sample, as a setting or a command does. */
  readonly step?: boolean;
}

/** A value that is not to be passed. */
export interface ChartThreshold {
  readonly label: string;
  readonly value: number;
  readonly unit?: string;
  /** On which side of it values do harm. */
  readonly side?: 'below' | 'above';
}

/** A fault that came, numbered as it is in the rest of the page. */
export interface ChartMark {
  readonly ms: number;
  readonly number: number;
  readonly label: string;
}

/** Where a value passed its threshold. */
export interface ChartCrossing {
  readonly ms: number;
  readonly value: number;
  readonly label: string;
}

/** `0.77 m`; four significant digits are more than any eye reads off a chart. */
export function valueInWords(value: number | undefined, unit?: string): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const magnitude = Math.abs(value);
  const digits =
    magnitude !== 0 && (magnitude >= 1e6 || magnitude < 1e-3)
      ? value.toExponential(2)
      : value.toFixed(magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 0.1 || magnitude === 0 ? 2 : 3);
  return `${digits.replace('-', '−')}${unit === undefined || unit === '' ? '' : ` ${unit}`}`;
}

/** `0.8 m`: a number that somebody has set, as they would write it. */
export function limitInWords(value: number, unit?: string): string {
  const number = String(Number(value.toPrecision(6))).replace('-', '−');
  return unit === undefined || unit === '' ? number : `${number} ${unit}`;
}

/** Addresses and replies tell moments in whole milliseconds: a sample within the one that is meant is at it. */
export const WITHIN_MS = 0.999;

/** The sample that counts at a moment: the last one at or before it, to the millisecond; `undefined` before the first. */
export function sampleAt(
  samples: ChartSeries['samples'],
  ms: number,
): readonly [atMs: number, value: number] | undefined {
  return samples[countUntil(samples, ms + WITHIN_MS) - 1];
}

/** How many samples are at or before a moment. */
export function countUntil(samples: ChartSeries['samples'], ms: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (samples[middle]![0] <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The moment of the sample that is so many samples away from `ms`, among all moments of all series, the nearest end beyond. */
export function sampleMoment(series: readonly ChartSeries[], ms: number, steps: number): number | undefined {
  const moments = [...new Set(series.flatMap(({ samples }) => samples.map(([at]) => at)))].sort((a, b) => a - b);
  if (moments.length === 0) return undefined;
  const until = moments.findIndex((at) => at > ms + WITHIN_MS);
  const before = (until === -1 ? moments.length : until) - 1;
  // Between two samples the first step backward leads to the one before it.
  const isBetween = steps < 0 && Math.abs((moments[before] ?? ms) - ms) > WITHIN_MS;
  const wanted = before + steps + (isBetween ? 1 : 0);
  return moments[Math.min(moments.length - 1, Math.max(0, wanted))];
}
