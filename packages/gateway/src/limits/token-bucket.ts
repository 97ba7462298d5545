const MINUTE_MS = 60_000;
/** What a sum of fractions may lack of a token without lacking one. */
const ROUNDING = 1e-6;

/** An allowance of so many requests a minute that can be saved up to a minute's worth: full at first, and filled evenly. */
export class TokenBucket {
  readonly perMinute: number;
  #tokens: number;
  #usedAtMs: number;

  constructor(perMinute: number, nowMs: number) {
    this.perMinute = perMinute;
    this.#tokens = perMinute;
    this.#usedAtMs = nowMs;
  }

  /** Takes so many tokens, or none where there are fewer. What costs more than fits into the bucket takes all of it. */
  take(nowMs: number, tokens = 1): boolean {
    this.#fill(nowMs);
    const cost = Math.min(tokens, this.perMinute);
    if (this.#tokens + ROUNDING < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** When it was last taken from, or tried to. */
  get usedAtMs(): number {
    return this.#usedAtMs;
  }

  /** Whole tokens that were there when it was last taken from. */
  get remaining(): number {
    return Math.max(0, Math.floor(this.#tokens + ROUNDING));
  }

  /** How long it takes from then on until so many are there. */
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
