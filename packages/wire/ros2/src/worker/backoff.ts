/** After the first end of a thread that ran well: short, since a robot waits for its gateway. */
const FIRST_DELAY_MS = 250;
/** A thread that ends at once each time costs no more than this often a start. */
const MAX_DELAY_MS = 30_000;
/** One that ran for so long counts as well again. */
const WELL_MS = 60_000;

/** How long to wait before a new start, after a thread that ran for `ranMs` and was itself waited for `lastDelayMs`. */
export function nextDelayMs(lastDelayMs: number, ranMs: number): number {
  return ranMs >= WELL_MS || lastDelayMs === 0 ? FIRST_DELAY_MS : Math.min(2 * lastDelayMs, MAX_DELAY_MS);
}
