/** Delay after the first end of a thread that ran well: short, because the robot depends on its gateway. */
const FIRST_DELAY_MS = 250;
/** Maximum delay, which limits the cost of a thread that ends immediately each time. */
const MAX_DELAY_MS = 30_000;
/** A thread that ran for this long counts as running well again. */
const WELL_MS = 60_000;

/** Returns the delay before the next start, after a thread that ran for `ranMs` and was started after `lastDelayMs`. */
export function nextDelayMs(lastDelayMs: number, ranMs: number): number {
  return ranMs >= WELL_MS || lastDelayMs === 0 ? FIRST_DELAY_MS : Math.min(2 * lastDelayMs, MAX_DELAY_MS);
}
