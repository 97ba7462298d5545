import type { ChartCrossing, ChartMark, ChartSeries, ChartThreshold } from './chart-series.ts';
import type { TimeRange } from './cursor.ts';

/** Everything that one chart shows. */
export interface ChartModel {
  readonly series: readonly ChartSeries[];
  readonly thresholds: readonly ChartThreshold[];
  readonly marks: readonly ChartMark[];
  readonly crossing: ChartCrossing | undefined;
  /** The initial range. If `undefined`, the chart shows all samples. */
  readonly range: TimeRange | undefined;
}

/** The part of a chart with one unit. The plots of a chart are below each other, with one time axis. */
export interface ChartPlot extends ChartModel {
  /** Places of the series in the chart, which determine their colours. */
  readonly places: readonly number[];
  /** True for the uppermost plot, above which the marks have their numbers. */
  readonly isFirst: boolean;
  /** True for the lowest plot, which has the labels of the time axis. */
  readonly isLast: boolean;
}

/** Divides a chart into a plot for each unit, so that every value has an axis. */
export function plotsOf(model: ChartModel): readonly ChartPlot[] {
  const units = unitsOf(model);
  const measured = model.thresholds[0] ? unitOfThreshold(model, model.thresholds[0]) : units[0];
  return units.map((unit, at) => {
    const places = [...model.series.keys()].filter((place) => (model.series[place]!.unit ?? '') === unit);
    return {
      series: places.map((place) => model.series[place]!),
      places,
      thresholds: model.thresholds.filter((threshold) => unitOfThreshold(model, threshold) === unit),
      marks: model.marks,
      crossing: unit === measured ? model.crossing : undefined,
      range: units.length === 1 ? model.range : wholeRange(model),
      isFirst: at === 0,
      isLast: at === units.length - 1,
    };
  });
}

/** Least spans of value axes, by unit: less is noise of the sensor. */
const LEAST_SPANS: Readonly<Record<string, number>> = {
  m: 0.05,
  'm/s': 0.05,
  rad: 0.05,
  'rad/s': 0.05,
  V: 0.2,
  A: 0.2,
  '°C': 1,
  '%': 1,
};
/** Least span of other values, relative to the largest. */
const LEAST_SHARE = 0.02;

/** Widens a range of values, so that noise does not look like a signal. */
export function widened(low: number, high: number, unit: string): readonly [low: number, high: number] {
  const least = LEAST_SPANS[unit] ?? LEAST_SHARE * Math.max(Math.abs(low), Math.abs(high));
  const missing = least - (high - low);
  if (missing <= 0) return [low, high];
  return [low - missing / 2, high + missing / 2];
}

/** Returns the units of the value scales; series with the same unit share a scale. */
export function unitsOf({ series }: Pick<ChartModel, 'series'>): readonly string[] {
  const units = [...new Set(series.map(({ unit }) => unit ?? ''))];
  return units.length === 0 ? [''] : units;
}

/** Returns the unit whose scale a threshold uses: its own unit, otherwise that of the first series. */
export function unitOfThreshold(model: Pick<ChartModel, 'series'>, { unit }: ChartThreshold): string {
  const units = unitsOf(model);
  return unit !== undefined && units.includes(unit) ? unit : units[0]!;
}

/** Returns the series that a threshold applies to: the first one with its unit. */
export function seriesOfThreshold(
  model: Pick<ChartModel, 'series'>,
  threshold: ChartThreshold,
): ChartSeries | undefined {
  const unit = unitOfThreshold(model, threshold);
  return model.series.find((series) => (series.unit ?? '') === unit);
}

/** Returns the range from the first to the last sample or crossing. A single moment gets one second around it. */
export function wholeRange({ series, range, crossing }: ChartModel): TimeRange {
  if (range && range.toMs > range.fromMs) return range;
  const ends = series.flatMap(({ samples }) => (samples.length > 0 ? [samples[0]![0], samples.at(-1)![0]] : []));
  if (crossing) ends.push(crossing.ms);
  if (ends.length === 0) return { fromMs: 0, toMs: 1000 };
  const [fromMs, toMs] = [Math.min(...ends), Math.max(...ends)];
  return toMs > fromMs ? { fromMs, toMs } : { fromMs: fromMs - 500, toMs: toMs + 500 };
}

/**
 * Scales a range by `factor` around a fixed moment, clamped to `whole`. Returns `undefined` if the result covers all of
 * `whole`.
 */
export function zoomed(range: TimeRange, factor: number, aboutMs: number, whole: TimeRange): TimeRange | undefined {
  const about = Math.min(range.toMs, Math.max(range.fromMs, aboutMs));
  const fromMs = Math.max(whole.fromMs, about - (about - range.fromMs) * factor);
  const toMs = Math.min(whole.toMs, about + (range.toMs - about) * factor);
  if (fromMs <= whole.fromMs && toMs >= whole.toMs) return undefined;
  return toMs - fromMs < 1 ? range : { fromMs, toMs };
}

/** Returns a range of the same length that contains the moment. */
export function movedTo(range: TimeRange, ms: number): TimeRange {
  if (ms >= range.fromMs && ms <= range.toMs) return range;
  const half = (range.toMs - range.fromMs) / 2;
  return { fromMs: ms - half, toMs: ms + half };
}
