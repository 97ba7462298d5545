/** Converts nanoseconds to seconds since 1970, exact to a microsecond. */
export function seconds(ns: bigint): number {
  return Number(ns / 1000n) / 1e6;
}

/** Formats a time as `2026-02-04T10:30:00.123Z`; a time before the epoch counts as the epoch. */
export function isoMilliseconds(ns: bigint): string {
  return new Date(Math.max(0, Number(ns / 1_000_000n))).toISOString();
}
