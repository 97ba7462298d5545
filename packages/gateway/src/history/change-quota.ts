/** Period over which the rows of one key are counted. */
const WINDOW_MS = 600_000;
/** Maximum rows of one key in a period: a node that restarts every second would fill the log within a day. */
const MAX_ROWS_PER_KEY = 20;
/** Maximum counted keys; beyond it, the counts that began first are dropped. */
const MAX_KEYS = 20_000;

/** Bounds the rows that one entity or parameter adds to the change log. */
export class ChangeQuota {
  /** Counts by key, in the order in which their periods began. */
  readonly #counts = new Map<string, { readonly beganMs: number; rows: number }>();

  /**
   * Counts a row. Returns `last` for the last row of the period, and `no` for a further one.
   * @param nowMs monotonic
   */
  take(key: string, nowMs: number): 'yes' | 'last' | 'no' {
    const counted = this.#counts.get(key);
    if (!counted || nowMs - counted.beganMs >= WINDOW_MS) {
      this.#counts.delete(key);
      this.#counts.set(key, { beganMs: nowMs, rows: 1 });
      if (this.#counts.size > MAX_KEYS) this.#counts.delete(this.#counts.keys().next().value!);
      return 'yes';
    }
    if (counted.rows >= MAX_ROWS_PER_KEY) return 'no';
    counted.rows += 1;
    return counted.rows === MAX_ROWS_PER_KEY ? 'last' : 'yes';
  }
}
