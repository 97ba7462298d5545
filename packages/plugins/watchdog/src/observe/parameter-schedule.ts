/** Ticks after which a node with parameter events is read again. */
const REREAD_TICKS = 600;

/** Maximum delay after failed reads. */
const MAX_BACKOFF_TICKS = 32;

interface Entry {
  dueTick: number;
  underWay: boolean;
}

/** Schedules the reads of parameters, with a bounded number of nodes per tick, in order. */
export class ParameterSchedule {
  readonly #maxPerTick: number;
  readonly #entries = new Map<string, Entry>();
  #underWay = 0;

  constructor(maxPerTick: number) {
    this.#maxPerTick = maxPerTick;
  }

  add(fqn: string): void {
    if (!this.#entries.has(fqn)) this.#entries.set(fqn, { dueTick: 0, underWay: false });
  }

  remove(fqn: string): void {
    if (this.#entries.get(fqn)?.underWay) this.#underWay--;
    this.#entries.delete(fqn);
  }

  /** Returns the nodes to read at this tick, longest overdue first. */
  take(tick: number): readonly string[] {
    const free = this.#maxPerTick - this.#underWay;
    if (free <= 0) return [];
    const due = [...this.#entries].filter(([, { dueTick, underWay }]) => !underWay && dueTick <= tick);
    const taken = due.sort(([, a], [, b]) => a.dueTick - b.dueTick).slice(0, free);
    for (const [, entry] of taken) entry.underWay = true;
    this.#underWay += taken.length;
    return taken.map(([fqn]) => fqn);
  }

  /** Called after a read, with the number of consecutive failures. */
  done(fqn: string, tick: number, { failures, tellsChanges }: { failures: number; tellsChanges: boolean }): void {
    const entry = this.#entries.get(fqn);
    if (!entry?.underWay) return;
    entry.underWay = false;
    this.#underWay--;
    // Moved to the end: of the nodes due at one tick, the longest waiting is first.
    this.#entries.delete(fqn);
    this.#entries.set(fqn, entry);
    const wait = tellsChanges ? REREAD_TICKS : 1;
    entry.dueTick = tick + (failures > 0 ? Math.min(2 ** Math.min(failures, 10), MAX_BACKOFF_TICKS) : wait);
  }
}
