import type { IncidentCrossing } from '@medkit/contract';

/** How a value and its threshold came to stand as they do. */
export interface Measured {
  readonly channel: string;
  readonly label?: string;
  readonly unit?: string;
  readonly threshold: number;
  /** On which side of the threshold it counts as crossed, the threshold itself being on neither. Absent: nobody has said. */
  readonly side?: 'above' | 'below';
  /** `[milliseconds since 1970, value]`, the oldest first. */
  readonly samples: readonly (readonly [atMs: number, value: number])[];
}

/**
 * The sample with which a value went beyond its threshold the last time; `undefined` where that is in none of the samples. Where nobody
 * has said on which side it is crossed, it is the one on which the value is now; one that is at its threshold is on the side on which
 * it was not.
 */
export function crossingOf(measured: Measured): IncidentCrossing | undefined {
  const { channel, label, unit, threshold, samples } = measured;
  const isBeyond = beyond(measured);
  // It may have come back already by the time that somebody looked.
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

/** `nearest obstacle 0.18 m < 0.8 m` */
export function crossingInWords({ channel, label, value, threshold, unit }: IncidentCrossing): string {
  const of = unit === undefined || unit === null ? '' : ` ${unit}`;
  const sign = value === threshold ? '=' : value < threshold ? '<' : '>';
  return `${label ?? channel} ${value.toFixed(2)}${of} ${sign} ${threshold}${of}`;
}
