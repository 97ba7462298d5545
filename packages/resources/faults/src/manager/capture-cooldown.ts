/** Keeps a fault that comes and goes from being captured each time. Holds only codes whose time is not over. */
export class CaptureCooldown {
  readonly #lengthMs: number;
  /** When each code was captured last, the oldest first. */
  readonly #since = new Map<string, number>();

  /** @param lengthMs least time between two captures of one code; 0 captures each time */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** True where the code may be captured now; its time then begins anew. */
  begin(code: string, nowMs: number): boolean {
    for (const [old, sinceMs] of this.#since) {
      if (nowMs - sinceMs < this.#lengthMs) break;
      this.#since.delete(old);
    }
    if (this.#since.has(code)) return false;
    if (this.#lengthMs > 0) this.#since.set(code, nowMs);
    return true;
  }

  /** The code may be captured at once when it comes again. */
  forget(code: string): void {
    this.#since.delete(code);
  }
}
