import { MAX_SOURCES_PER_FAULT } from '../fault/fault-sources.ts';

/** The recent captures of one code. */
interface Captured {
  readonly newestMs: number;
  /** Time of the last capture by source, oldest first. */
  readonly bySource: ReadonlyMap<string, number>;
}

/**
 * Prevents that a fault reported repeatedly by one source is captured each time. Other sources of the same code have
 * separate cooldowns, because their evidence differs. Holds only codes whose cooldown is running.
 */
export class CaptureCooldown {
  readonly #lengthMs: number;
  /** By code, the least recently captured first. */
  readonly #captured = new Map<string, Captured>();

  /** @param lengthMs minimum time between two captures of one code for one source; 0 captures each time */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /**
   * Returns whether the code may be captured now for one of these sources; if so, restarts the cooldown of all of them.
   */
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

  /** Allows the code to be captured immediately when it is reported again. */
  forget(code: string): void {
    this.#captured.delete(code);
  }
}
