import { OwnedMap, type QuotaFigures } from '@medkit/edges';

/** Maximum stored keys. Beyond it, the oldest key of the source with the most keys is removed. */
const MAX_KEYS = 4096;

/** Rate limit: accepts each key once per period. Stores only keys whose period has not ended. */
export class Cooldown {
  readonly #lengthMs: number;
  /** When each key was last accepted, oldest first. */
  readonly #since = new OwnedMap<string, { readonly sinceMs: number; readonly source: string | undefined }>(
    MAX_KEYS,
    ({ source }) => source,
  );

  /** @param lengthMs minimum time between two accepted uses of a key; 0 accepts all */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Counts of the keys, by source. */
  figures(): QuotaFigures {
    return this.#since.figures();
  }

  /** Returns whether `key` of a source is accepted now; if so, its period restarts. */
  begin(key: string, nowMs: number, source?: string): boolean {
    for (const [old, { sinceMs }] of this.#since) {
      if (nowMs - sinceMs < this.#lengthMs) break;
      this.#since.delete(old);
    }
    if (this.#since.has(key)) return false;
    if (this.#lengthMs > 0) this.#since.keep(key, { sinceMs: nowMs, source });
    return true;
  }
}
