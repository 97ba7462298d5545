import type { Finding } from './finding.ts';

/** A finding that has lasted for its grace. */
export interface RipeFinding extends Finding {
  /** The tick at which it was first seen. */
  readonly sinceTick: number;
}

/** Remembers since when the findings of one detector last. One that is gone for a single tick begins anew. */
export class Ripening {
  readonly #grace: number;
  #since: ReadonlyMap<string, number> = new Map();

  constructor(grace: number) {
    this.#grace = grace;
  }

  /** Those that have lasted for more than `grace` ticks, the newest first. */
  ripe(findings: readonly Finding[], tick: number): readonly RipeFinding[] {
    const since = new Map<string, number>();
    const ripe: RipeFinding[] = [];
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
