/** Ticks after which a node that tells its changes by itself is read once more. */
const REREAD_TICKS = 600;

/** The longest wait after reads that failed. */
const MAX_BACKOFF_TICKS = 32;

interface Entry {
  dueTick: number;
  underWay: boolean;
}

/** Decides whose parameters are read when: never more nodes at a tick than are allowed, and each in its turn. */
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

  /** Nodes whose reads begin at this tick, the longest overdue first. */
  take(tick: number): readonly string[] {
    const free = this.#maxPerTick - this.#underWay;
    if (free <= 0) return [];
    const due = [...this.#entries].filter(([, { dueTick, underWay }]) => !underWay && dueTick <= tick);
    const taken = due.sort(([, a], [, b]) => a.dueTick - b.dueTick).slice(0, free);
    for (const [, entry] of taken) entry.underWay = true;
    this.#underWay += taken.length;
    return taken.map(([fqn]) => fqn);
  }

  /** A read has come to its end: `failures` of them in a row have failed. */
  done(fqn: string, tick: number, { failures, tellsChanges }: { failures: number; tellsChanges: boolean }): void {
    const entry = this.#entries.get(fqn);
    if (!entry?.underWay) return;
    entry.underWay = false;
    this.#underWay--;
    // Behind the others: of those that are due at one tick, who waited longest comes first.
    this.#entries.delete(fqn);
    this.#entries.set(fqn, entry);
    const wait = tellsChanges ? REREAD_TICKS : 1;
    entry.dueTick = tick + (failures > 0 ? Math.min(2 ** Math.min(failures, 10), MAX_BACKOFF_TICKS) : wait);
  }
}
