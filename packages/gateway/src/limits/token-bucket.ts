const MINUTE_MS = 60_000;
/** Tolerance for the rounding of fractional tokens. */
const ROUNDING = 1e-6;

/**
 * A token bucket for a number of requests a minute, with a capacity of one minute. It starts full and refills evenly.
 */
export class TokenBucket {
  readonly perMinute: number;
  #tokens: number;
  #usedAtMs: number;

  constructor(perMinute: number, nowMs: number) {
    this.perMinute = perMinute;
    this.#tokens = perMinute;
    this.#usedAtMs = nowMs;
  }

  /** Takes tokens, or none if there are too few. A cost above the capacity takes the whole bucket. */
  take(nowMs: number, tokens = 1): boolean {
    this.#fill(nowMs);
    const cost = Math.min(tokens, this.perMinute);
    if (this.#tokens + ROUNDING < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** Time of the last attempt to take tokens. */
  get usedAtMs(): number {
    return this.#usedAtMs;
  }

  /** Whole tokens at the last attempt. */
  get remaining(): number {
    return Math.max(0, Math.floor(this.#tokens + ROUNDING));
  }

  /** Returns the time from the last attempt until this many tokens are available. */
  msUntil(tokens: number): number {
    const missing = Math.min(tokens, this.perMinute) - this.#tokens;
    return missing <= ROUNDING ? 0 : (missing * MINUTE_MS) / this.perMinute;
  }

  #fill(nowMs: number): void {
    const grown = ((nowMs - this.#usedAtMs) * this.perMinute) / MINUTE_MS;
    this.#tokens = Math.min(this.perMinute, this.#tokens + grown);
    this.#usedAtMs = nowMs;
  }
}
