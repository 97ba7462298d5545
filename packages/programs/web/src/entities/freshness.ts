/** What is known of when a value comes. */
export interface Arrivals {
  readonly lastAtMs: number;
  readonly count: number;
  /** Usual time between two values, milliseconds. */
  readonly usualMs?: number;
}

/** Arrivals from which on an interval is called usual. */
const MIN_ARRIVALS = 3;
const STALE_INTERVALS = 3;
/** A value of which no interval is known is old then. */
const STALE_MS = 5000;
/** However fast it usually comes: networks and machines hold their breath. */
const LEAST_STALE_MS = 1000;
/** Weight of a new interval against those before. */
const NEWEST = 0.3;

/** With another value that arrived at a time, milliseconds. */
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

/** Whether a value of an age is old: nobody gives it any more, or it is late by what it usually takes. That is no fault. */
export function isStale(ageMs: number, publishers: number | undefined, arrivals: Arrivals | undefined): boolean {
  if (publishers === 0) return true;
  const { usualMs, count = 0 } = arrivals ?? {};
  if (usualMs === undefined || count < MIN_ARRIVALS) return ageMs > STALE_MS;
  return ageMs > Math.max(LEAST_STALE_MS, usualMs * STALE_INTERVALS);
}
