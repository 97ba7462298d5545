import type { Finding } from './finding.ts';

/** A finding that persisted longer than its grace period. */
export interface PersistentFinding extends Finding {
  /** The tick at which it was first seen. */
  readonly sinceTick: number;
}

/** Tracks since when the findings of a detector persist. A finding that is absent for a single tick starts over. */
export class GracePeriod {
  readonly #grace: number;
  #since: ReadonlyMap<string, number> = new Map();

  constructor(grace: number) {
    this.#grace = grace;
  }

  /** Returns the findings that persisted for more than `grace` ticks, newest first. */
  ripe(findings: readonly Finding[], tick: number): readonly PersistentFinding[] {
    const since = new Map<string, number>();
    const ripe: PersistentFinding[] = [];
    for (const finding of findings) {
      const id = `${finding.code} ${finding.key}`;
      const sinceTick = this.#since.get(id) ?? tick;
      since.set(id, sinceTick);
      if (tick - sinceTick >= this.#grace) ripe.push({ ...finding, sinceTick });
    }
    this.#since = since;
    return ripe.sort((a, b) => b.sinceTick - a.sinceTick);
  }
}
