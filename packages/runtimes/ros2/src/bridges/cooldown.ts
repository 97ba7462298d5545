/** Keys that are remembered at a time; beyond it the one that began first is forgotten. */
const MAX_KEYS = 4096;

/** Lets each key through once in a while. Holds only keys whose time is not over. */
export class Cooldown {
  readonly #lengthMs: number;
  /** When each key was let through last, the oldest first. */
  readonly #since = new Map<string, number>();

  /** @param lengthMs least time between two of one key; 0 lets all through */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** True where `key` is let through now; its time then begins anew. */
  begin(key: string, nowMs: number): boolean {
    for (const [old, sinceMs] of this.#since) {
      if (nowMs - sinceMs < this.#lengthMs && this.#since.size < MAX_KEYS) break;
      this.#since.delete(old);
    }
    if (this.#since.has(key)) return false;
    if (this.#lengthMs > 0) this.#since.set(key, nowMs);
    return true;
  }
}
