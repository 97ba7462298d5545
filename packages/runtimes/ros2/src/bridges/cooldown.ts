import { OwnedMap, type QuotaFigures } from '@medkit/edges';

/** Keys that are remembered at a time; beyond it the oldest one of the source that has the most is forgotten. */
const MAX_KEYS = 4096;

/** Lets each key through once in a while. Holds only keys whose time is not over. */
export class Cooldown {
  readonly #lengthMs: number;
  /** When each key was let through last, the oldest first. */
  readonly #since = new OwnedMap<string, { readonly sinceMs: number; readonly source: string | undefined }>(
    MAX_KEYS,
    ({ source }) => source,
  );

  /** @param lengthMs least time between two of one key; 0 lets all through */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** Counts of the keys, by their sources. */
  figures(): QuotaFigures {
    return this.#since.figures();
  }

  /** True where `key` of a source is let through now; its time then begins anew. */
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
