/** Arrival statistics of a value. */
export interface Arrivals {
  readonly lastAtMs: number;
  readonly count: number;
  /** Moving average of the interval between two values, milliseconds. */
  readonly usualMs?: number;
}

/** Arrivals needed before the average interval is trusted. */
const MIN_ARRIVALS = 3;
const STALE_INTERVALS = 3;
/** Age at which a value without known interval counts as stale. */
const STALE_MS = 5000;
/** Minimum age of a stale value, however short its interval: networks and hosts pause briefly. */
const LEAST_STALE_MS = 1000;
/** Weight of a new interval in the moving average. */
const NEWEST = 0.3;

/** Adds an arrival at a time in milliseconds. */
export function withArrival(arrivals: Arrivals | undefined, atMs: number): Arrivals {
  if (arrivals === undefined) return { lastAtMs: atMs, count: 1 };
  const passedMs = atMs - arrivals.lastAtMs;
  if (passedMs <= 0) return arrivals;
  const { usualMs } = arrivals;
  return {
    lastAtMs: atMs,
    count: arrivals.count + 1,
    usualMs: usualMs === undefined ? passedMs : usualMs + (passedMs - usualMs) * NEWEST,
  };
}

/**
 * Returns whether a value is stale: it has no publisher any more, or the next value is overdue compared with its usual
 * interval. Staleness is not a fault.
 */
export function isStale(ageMs: number, publishers: number | undefined, arrivals: Arrivals | undefined): boolean {
  if (publishers === 0) return true;
  const { usualMs, count = 0 } = arrivals ?? {};
  if (usualMs === undefined || count < MIN_ARRIVALS) return ageMs > STALE_MS;
  return ageMs > Math.max(LEAST_STALE_MS, usualMs * STALE_INTERVALS);
}
