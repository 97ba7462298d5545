/** Ticks that an entity may be missing without having to warm up again. */
const MAX_GAP = 2;

export interface WarmUpOptions {
  /** Ticks that an entity has to be there before faults are raised of it; 0 for none. */
  readonly cycles: number;
  /** Ticks after which an entity that is gone is forgotten. */
  readonly pruneGrace: number;
}

interface Presence {
  firstSeenTick: number;
  /** The last tick at which it was there, once it is gone. */
  leftAfterTick: number | undefined;
}

/** An entity as the warm-up sees it. */
export interface WarmUpEntry {
  readonly id: string;
  readonly firstSeenTick: number;
  readonly present: boolean;
  readonly armed: boolean;
}

/** Keeps bring-up quiet: an entity is armed once it has been there for a while, and the watchdog once the graph has. */
export class WarmUp {
  readonly #options: WarmUpOptions;
  readonly #entities = new Map<string, Presence>();
  #present: ReadonlySet<string> = new Set();
  #beganTick: number | undefined;
  #tick = 0;

  constructor(options: WarmUpOptions) {
    this.#options = options;
  }

  get cycles(): number {
    return this.#options.cycles;
  }

  /** Takes the entities of this tick. The same set as at the last one costs nothing, unless some are to be forgotten. */
  observe(tick: number, present: ReadonlySet<string>): void {
    this.#tick = tick;
    if (present !== this.#present) {
      for (const id of this.#present) {
        const entry = this.#entities.get(id);
        if (entry && !present.has(id)) entry.leftAfterTick = tick - 1;
      }
      for (const id of present) this.#see(id, tick);
      this.#present = present;
    }
    if (present.size === 0) this.#beganTick = undefined;
    else this.#beganTick ??= tick;
    if (this.#entities.size > present.size) this.#prune(tick);
  }

  /** True once the graph as a whole has been there long enough. An empty one begins anew. */
  get globallyArmed(): boolean {
    return this.#beganTick !== undefined && this.#tick - this.#beganTick >= this.#options.cycles;
  }

  /** True for an entity that has been there long enough, also just after it left. `undefined` for one that is not known. */
  armed(id: string): boolean | undefined {
    const entry = this.#entities.get(id);
    if (!entry) return undefined;
    return (entry.leftAfterTick ?? this.#tick) - entry.firstSeenTick >= this.#options.cycles;
  }

  entries(): readonly WarmUpEntry[] {
    return [...this.#entities].map(([id, { firstSeenTick, leftAfterTick }]) => ({
      id,
      firstSeenTick,
      present: leftAfterTick === undefined,
      armed: this.armed(id) === true,
    }));
  }

  #see(id: string, tick: number): void {
    const entry = this.#entities.get(id);
    if (!entry) {
      this.#entities.set(id, { firstSeenTick: tick, leftAfterTick: undefined });
    } else if (entry.leftAfterTick !== undefined) {
      if (tick - entry.leftAfterTick - 1 > MAX_GAP) entry.firstSeenTick = tick;
      entry.leftAfterTick = undefined;
    }
  }

  #prune(tick: number): void {
    for (const [id, { leftAfterTick }] of this.#entities) {
      if (leftAfterTick !== undefined && tick - leftAfterTick > this.#options.pruneGrace) this.#entities.delete(id);
    }
  }
}
