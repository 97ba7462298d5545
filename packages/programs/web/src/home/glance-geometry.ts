import type { IncidentDetail } from '@medkit/contract';
import type { FrameChart } from '../incidents/frame-chart.ts';

/** A fault as a bar on the time axis; positions are fractions of the width. */
export interface FaultBar {
  readonly code: string;
  readonly severity: number;
  readonly from: number;
  readonly to: number;
  /** True if the fault is still active, so that the bar has no end. */
  readonly isActive: boolean;
}

/** The measured value with its threshold; positions are fractions of width and height, from the top left. */
export interface GlanceCurve {
  readonly label: string;
  readonly unit: string | undefined;
  /** Points of an SVG polyline in the unit square. */
  readonly points: readonly (readonly [number, number])[];
  readonly threshold: number;
  readonly thresholdValue: number;
  readonly crossing: readonly [number, number] | undefined;
}

/** Faults of an incident and the value that caused it, on one time axis. */
export interface Glance {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bars: readonly FaultBar[];
  readonly curve: GlanceCurve | undefined;
}

/** Faults with a bar; the page of the incident has all of them. */
const MAX_BARS = 4;
/** Part of the time axis after the last event, so that an active fault has a visible length. */
const REST = 0.12;
/** Least span of the axis, milliseconds. */
const MIN_SPAN_MS = 2000;
/** Space above and below the curve, as a fraction of its height. */
const MARGIN = 0.08;

/** Lays out an incident and the chart of its freeze frame. Times that are not times are left out. */
export function glanceOf(incident: Pick<IncidentDetail, 'faults'>, chart: FrameChart | undefined): Glance | undefined {
  const faults = incident.faults.slice(0, MAX_BARS).flatMap((fault) => {
    const beganMs = Date.parse(fault.began);
    return Number.isNaN(beganMs)
      ? []
      : [{ fault, beganMs, endMs: Date.parse(fault.healed_at ?? fault.cleared_at ?? '') }];
  });
  if (faults.length === 0) return undefined;
  const [series] = chart?.props.series ?? [];
  const samples = (series?.samples ?? []).filter(([ms, value]) => Number.isFinite(ms) && Number.isFinite(value));
  const moments = faults.flatMap(({ beganMs, endMs }) => (Number.isNaN(endMs) ? [beganMs] : [beganMs, endMs]));
  const fromMs = Math.min(...moments, samples[0]?.[0] ?? Number.POSITIVE_INFINITY);
  const lastMs = Math.max(...moments, samples.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY);
  const toMs = fromMs + Math.max(MIN_SPAN_MS, (lastMs - fromMs) / (1 - REST));
  const at = (ms: number): number => (ms - fromMs) / (toMs - fromMs);
  return {
    fromMs,
    toMs,
    bars: faults.map(({ fault: { fault_code: code, severity, status }, beganMs, endMs }) => {
      const isActive = status === 'active' || Number.isNaN(endMs);
      return { code, severity, isActive, from: at(beganMs), to: isActive ? 1 : at(endMs) };
    }),
    curve: series && chart ? curveOf({ ...series, samples }, chart, at) : undefined,
  };
}

function curveOf(
  { label, unit, samples }: FrameChart['props']['series'][number],
  { props: { thresholds, crossing } }: FrameChart,
  at: (ms: number) => number,
): GlanceCurve | undefined {
  const [threshold] = thresholds;
  if (threshold === undefined || samples.length < 2) return undefined;
  const values = [...samples.map(([, value]) => value), threshold.value];
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  // A constant value is a line in the middle.
  const span = greatest - least || 1;
  const height = (value: number): number => MARGIN + (1 - 2 * MARGIN) * (1 - (value - least) / span);
  return {
    label,
    unit,
    points: samples.map(([ms, value]) => [at(ms), height(value)]),
    threshold: height(threshold.value),
    thresholdValue: threshold.value,
    crossing: crossing && [at(crossing.ms), height(crossing.value)],
  };
}
