import { MAX_SOURCES_PER_FAULT } from '../fault/fault-sources.ts';

/** Captures of one code. */
interface Captured {
  readonly newestMs: number;
  /** When a report of each source was captured last, the oldest first. */
  readonly bySource: ReadonlyMap<string, number>;
}

/**
 * Keeps a fault that one source reports again and again from being captured each time. Another source of the same code has its own
 * cooldown: its evidence differs. Holds only codes whose time is not over.
 */
export class CaptureCooldown {
  readonly #lengthMs: number;
  /** By code, the one that was captured the longest time ago first. */
  readonly #captured = new Map<string, Captured>();

  /** @param lengthMs least time between two captures of one code for one source; 0 captures each time */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** True if the code may be captured now for one of these sources; the time of all of them then begins anew. */
  begin(code: string, sources: readonly string[], nowMs: number): boolean {
    for (const [old, { newestMs }] of this.#captured) {
      if (nowMs - newestMs < this.#lengthMs) break;
      this.#captured.delete(old);
    }
    const known = [...(this.#captured.get(code)?.bySource ?? [])].filter(([, ms]) => nowMs - ms < this.#lengthMs);
    const bySource = new Map(known);
    const isNew = sources.some((source) => !bySource.has(source));
    if (!isNew || bySource.size >= MAX_SOURCES_PER_FAULT) return false;
    if (this.#lengthMs === 0) return true;
    for (const source of sources) bySource.set(source, nowMs);
    this.#captured.delete(code);
    this.#captured.set(code, { newestMs: nowMs, bySource });
    return true;
  }

  /** The code may be captured immediately when it is reported again. */
  forget(code: string): void {
    this.#captured.delete(code);
  }
}
