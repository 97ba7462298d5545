import type { IncidentCrossing } from '@medkit/contract';

/** The course of a value relative to its threshold. */
export interface Measured {
  readonly channel: string;
  readonly label?: string;
  readonly unit?: string;
  readonly threshold: number;
  /** Side of the threshold that counts as crossed; the threshold itself is on neither side. Absent if unknown. */
  readonly side?: 'above' | 'below';
  /** `[milliseconds since 1970, value]`, oldest first. */
  readonly samples: readonly (readonly [atMs: number, value: number])[];
}

/**
 * Returns the sample at which a value last crossed its threshold; `undefined` if none of the samples does. If the side
 * is unknown, it is the side of the latest value. If the latest value equals the threshold, it is the side opposite to
 * the last different value.
 */
export function crossingOf(measured: Measured): IncidentCrossing | undefined {
  const { channel, label, unit, threshold, samples } = measured;
  const isBeyond = beyond(measured);
  // The value may have returned before the frame was captured.
  const end = samples.findLastIndex(([, value]) => isBeyond(value));
  const before = samples.findLastIndex(([, value], at) => at < end && !isBeyond(value));
  const crossed = before === -1 ? undefined : samples[before + 1];
  return (
    crossed && {
      channel,
      ...(label !== undefined && { label }),
      value: crossed[1],
      threshold,
      ...(unit !== undefined && { unit }),
      at: new Date(Math.round(crossed[0])).toISOString(),
    }
  );
}

function beyond({ threshold, side, samples }: Measured): (value: number) => boolean {
  if (side !== undefined) return (value) => (side === 'above' ? value > threshold : value < threshold);
  const last = samples.at(-1)?.[1] ?? threshold;
  const fromAbove =
    last === threshold && (samples.findLast(([, value]) => value !== threshold)?.[1] ?? last) > threshold;
  const isBelow = (value: number): boolean => (fromAbove ? value <= threshold : value < threshold);
  return (value) => isBelow(value) === isBelow(last);
}

/** Formats a crossing: `nearest obstacle 0.18 m < 0.8 m` */
export function formatCrossing({ channel, label, value, threshold, unit }: IncidentCrossing): string {
  const of = unit === undefined || unit === null ? '' : ` ${unit}`;
  const sign = value === threshold ? '=' : value < threshold ? '<' : '>';
  return `${label ?? channel} ${value.toFixed(2)}${of} ${sign} ${threshold}${of}`;
}
