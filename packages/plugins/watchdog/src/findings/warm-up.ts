/** Ticks that an entity may be missing without a new warm-up. */
const MAX_GAP = 2;

export interface WarmUpOptions {
  /** Ticks that an entity must exist before its faults are raised; 0 disables the warm-up. */
  readonly cycles: number;
  /** Ticks after which a missing entity is removed. */
  readonly pruneGrace: number;
}

interface Presence {
  firstSeenTick: number;
  /** The last tick at which it existed, if it has left. */
  leftAfterTick: number | undefined;
}

/** Warm-up state of an entity. */
export interface WarmUpEntry {
  readonly id: string;
  readonly firstSeenTick: number;
  readonly present: boolean;
  readonly armed: boolean;
}

/**
 * Suppresses faults during startup: an entity is armed after it has existed for a while, and the watchdog after the
 * graph has.
 */
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

  /**
   * Processes the entities of this tick. The same set as at the last tick costs nothing, unless entities must be
   * removed.
   */
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

  /** True once the whole graph has existed long enough. An empty graph starts over. */
  get globallyArmed(): boolean {
    return this.#beganTick !== undefined && this.#tick - this.#beganTick >= this.#options.cycles;
  }

  /** Returns whether an entity has existed long enough, even if it just left; `undefined` if it is unknown. */
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
