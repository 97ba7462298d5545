/** Limits an average rate per second, with bursts up to `burst`. */
export class RateBound {
  readonly #perMs: number;
  readonly #burst: number;
  #left: number;
  #sinceMs: number;

  constructor({
    perSecond,
    burst,
    nowMs,
  }: { readonly perSecond: number; readonly burst: number; readonly nowMs: number }) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#left = burst;
    this.#sinceMs = nowMs;
  }

  /** Takes one unit if available. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }

  /** Takes units for what has already arrived. Returns how long to pause, in milliseconds. */
  spend(count: number, nowMs: number): number {
    this.#refill(nowMs);
    this.#left -= count;
    return this.#left >= 0 ? 0 : -this.#left / this.#perMs;
  }

  #refill(nowMs: number): void {
    this.#left = Math.min(this.#burst, this.#left + (nowMs - this.#sinceMs) * this.#perMs);
    this.#sinceMs = nowMs;
  }
}
