/** Maximum decimals of a rate. */
const DIGITS = 2;
/** Running hours that a rate may be given for. */
const UNITS = [1, 100, 1000, 10_000] as const;

/** Occurrences of a version or a site. */
export interface Share {
  readonly occurrences: number;
  /** Unknown if the hub has not read the log of the robots. */
  readonly running_hours?: number | null | undefined;
}

/** Returns the occurrences per running hour; `undefined` if the running hours are unknown or zero. */
export function rateOf({ occurrences, running_hours: hours }: Share): number | undefined {
  return hours == null || hours <= 0 ? undefined : occurrences / hours;
}

/**
 * Returns the running hours for which the rates of a table are given: the first unit in which the largest is 1 or more.
 * One hour if no rate is known.
 */
export function rateUnit(shares: readonly Share[]): number {
  const most = Math.max(0, ...shares.map((share) => rateOf(share) ?? 0));
  if (most === 0) return 1;
  return UNITS.find((hours) => most * hours >= 1) ?? UNITS.at(-1)!;
}

/** Formats a rate for `unit` running hours: two decimals, or two significant digits below 0.01. */
export function rateText(rate: number, unit: number): string {
  const value = rate * unit;
  return value > 0 && value < 0.01 ? value.toPrecision(DIGITS) : value.toFixed(DIGITS);
}

/** A bar in a picture: `at` counts from the left, `height` is a part of the largest bar. */
export interface Bar {
  readonly at: number;
  readonly count: number;
  readonly height: number;
}

/** Returns the bars of counts; zero has none. */
export function barsOf(counts: readonly number[]): readonly Bar[] {
  const most = Math.max(1, ...counts);
  return counts.flatMap((count, at) => (count > 0 ? [{ at, count, height: count / most }] : []));
}

const HOUR_MS = 3_600_000;

/**
 * Returns the counts of each of the last `hours` hours, the present one last. Hours outside of it are left out: the
 * clocks of hub and browser may differ.
 */
export function countsByHour(
  rows: readonly { readonly hour: string; readonly occurrences: number }[],
  hours: number,
  nowMs: number,
): readonly number[] {
  const first = Math.floor(nowMs / HOUR_MS) + 1 - hours;
  const counts = Array<number>(hours).fill(0);
  for (const { hour, occurrences } of rows) {
    const at = Math.floor(Date.parse(hour) / HOUR_MS) - first;
    if (at >= 0 && at < hours) counts[at]! += occurrences;
  }
  return counts;
}
