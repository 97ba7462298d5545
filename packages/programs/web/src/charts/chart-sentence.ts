import { texts } from '../texts/texts.ts';
import { clockTime } from '../time/times.ts';
import { type ChartModel, seriesOfThreshold } from './chart-model.ts';
import { type ChartSeries, type ChartThreshold, formatLimit, formatMeasurement, type Sample } from './chart-series.ts';

const timeWithDigits = (ms: number): string => clockTime(ms, { digits: 2 });

/**
 * Describes a chart for screen readers: when and how far each threshold was passed, and the value range of every other
 * series.
 */
export function chartSentence(model: ChartModel, timeText: (ms: number) => string = timeWithDigits): string {
  const described = new Set<ChartSeries>();
  const sentences = model.thresholds.flatMap((threshold, place) => {
    const series = seriesOfThreshold(model, threshold);
    if (!series || described.has(series)) return [];
    described.add(series);
    return [passing(series, threshold, place === 0 ? model.crossing?.ms : undefined, timeText)];
  });
  for (const series of model.series) if (!described.has(series)) sentences.push(extent(series));
  return sentences.length === 0 ? texts.charts.nothing : sentences.join('; ');
}

function passing(
  series: ChartSeries,
  { value, unit, side }: ChartThreshold,
  crossedMs: number | undefined,
  timeText: (ms: number) => string,
): string {
  const { label } = series;
  const samples = series.samples.filter(([, each]) => Number.isFinite(each));
  const first = samples[0];
  if (!first) return texts.charts.noSamples(label);
  const isBelow = side === undefined ? first[1] >= value : side === 'below';
  const isBeyond = ([, each]: Sample): boolean => (isBelow ? each < value : each > value);
  const limit = formatLimit(value, unit ?? series.unit);
  const extreme = formatMeasurement(leastOrMost(samples, isBelow), series.unit);
  const crossed =
    crossedMs ?? samples.find((sample, place) => place > 0 && isBeyond(sample) && !isBeyond(samples[place - 1]!))?.[0];
  if (crossed !== undefined) {
    const time = timeText(crossed);
    return isBelow
      ? texts.charts.fellBelow(label, limit, time, extreme)
      : texts.charts.roseAbove(label, limit, time, extreme);
  }
  if (samples.some(isBeyond))
    return isBelow ? texts.charts.wasBelow(label, limit, extreme) : texts.charts.wasAbove(label, limit, extreme);
  return isBelow ? texts.charts.stayedAbove(label, limit, extreme) : texts.charts.stayedBelow(label, limit, extreme);
}

function extent({ label, unit, samples }: ChartSeries): string {
  const known = samples.filter(([, value]) => Number.isFinite(value));
  if (known.length === 0) return texts.charts.noSamples(label);
  const [least, most] = [leastOrMost(known, true), leastOrMost(known, false)];
  return least === most
    ? texts.charts.constant(label, formatMeasurement(least, unit))
    : texts.charts.between(label, formatMeasurement(least, unit), formatMeasurement(most, unit));
}

function leastOrMost(samples: ChartSeries['samples'], isLeast: boolean): number {
  return samples.reduce(
    (extreme, [, value]) => (isLeast ? Math.min(extreme, value) : Math.max(extreme, value)),
    isLeast ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
  );
}

/** The values at the cursor: `02:14:37.52: range 0.77 m, commanded 0.00 m/s`. */
export function cursorSentence(timeText: string, values: readonly (readonly [label: string, value: string])[]): string {
  return `${timeText}: ${values.map(([label, value]) => `${label} ${value}`).join(', ')}`;
}
