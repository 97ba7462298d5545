import type { IncidentCrossing } from '@medkit/contract';

/** How a value and its threshold came to stand as they do. */
export interface Measured {
  readonly channel: string;
  readonly label?: string;
  readonly unit?: string;
  readonly threshold: number;
  /** `[milliseconds since 1970, value]`, the oldest first. */
  readonly samples: readonly (readonly [atMs: number, value: number])[];
}

/**
 * The sample with which a value went to the side of its threshold on which it is now; `undefined` where it was there all the time. One
 * that is at its threshold is on the side on which it was not.
 */
export function crossingOf({ channel, label, unit, threshold, samples }: Measured): IncidentCrossing | undefined {
  const last = samples.at(-1)?.[1];
  if (last === undefined) return undefined;
  const fromAbove =
    last === threshold && (samples.findLast(([, value]) => value !== threshold)?.[1] ?? last) > threshold;
  const isBelow = (value: number): boolean => (fromAbove ? value <= threshold : value < threshold);
  const before = samples.findLastIndex(([, value]) => isBelow(value) !== isBelow(last));
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

/** `nearest obstacle 0.18 m < 0.8 m` */
export function crossingInWords({ channel, label, value, threshold, unit }: IncidentCrossing): string {
  const of = unit === undefined || unit === null ? '' : ` ${unit}`;
  const sign = value === threshold ? '=' : value < threshold ? '<' : '>';
  return `${label ?? channel} ${value.toFixed(2)}${of} ${sign} ${threshold}${of}`;
}
