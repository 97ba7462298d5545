import type { ChartSeries } from '../charts/chart-series.ts';

/** The range of values that meets a condition; a missing bound is open. */
export interface Band {
  readonly lower: number | undefined;
  readonly upper: number | undefined;
}

/** Size of the drawing in its own units; it is stretched to its place. */
export const WIDTH = 600;
export const HEIGHT = 80;
/** Least range of the scale relative to the value, so that noise does not fill the height. */
const MIN_RELATIVE_SPAN = 0.04;
/** Space above and below the curve. */
const MARGIN = 6;

/** The parts of a sparkline in drawing units. */
export interface Sparkline {
  /** Points of the curve: `x,y x,y`. */
  readonly points: string;
  /** Top and height of the band, if a part of it is visible. */
  readonly band: { readonly y: number; readonly height: number } | undefined;
  /** Positions of the visible bounds. */
  readonly limits: readonly number[];
}

/**
 * Lays out samples of the last `spanMs`. The scale contains all samples and the bound that is nearest to the newest
 * sample, so that a distant bound does not flatten the curve.
 */
export function layOutSparkline(
  samples: ChartSeries['samples'],
  { nowMs, spanMs, band }: { readonly nowMs: number; readonly spanMs: number; readonly band: Band | undefined },
): Sparkline | undefined {
  const finite = samples.filter(([, value]) => Number.isFinite(value));
  const last = finite.at(-1)?.[1];
  if (last === undefined) return undefined;
  const bounds = [band?.lower, band?.upper].filter((bound) => bound !== undefined);
  const nearest = bounds.toSorted((one, other) => Math.abs(one - last) - Math.abs(other - last)).slice(0, 1);
  const values = [...finite.map(([, value]) => value), ...nearest];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(most - least, Math.abs(last) * MIN_RELATIVE_SPAN, Number.MIN_VALUE);
  const pad = (span - (most - least)) / 2 + span * 0.08;
  const [low, high] = [least - pad, most + pad];
  const x = (atMs: number) => round(WIDTH * (1 - (nowMs - atMs) / spanMs));
  const y = (value: number) => round(MARGIN + (HEIGHT - 2 * MARGIN) * (1 - (value - low) / (high - low)));
  const points = finite.map(([atMs, value]) => `${x(atMs)},${y(value)}`);
  points.push(`${WIDTH},${y(last)}`);
  return {
    points: points.join(' '),
    band: bandOf(band, y),
    limits: bounds.map(y).filter((at) => at >= 0 && at <= HEIGHT),
  };
}

function bandOf(band: Band | undefined, y: (value: number) => number): Sparkline['band'] {
  if (band === undefined || (band.lower === undefined && band.upper === undefined)) return undefined;
  const top = band.upper === undefined ? 0 : Math.max(0, y(band.upper));
  const bottom = band.lower === undefined ? HEIGHT : Math.min(HEIGHT, y(band.lower));
  return bottom > top ? { y: top, height: round(bottom - top) } : undefined;
}

const round = (value: number): number => Math.round(value * 10) / 10;
