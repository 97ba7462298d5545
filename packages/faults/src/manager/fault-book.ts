import type { Fault } from '../fault/fault.ts';

/** Distinct codes. Beyond it the one that was put away longest ago gives way. */
export const MAX_FAULTS = 10_000;

/**
 * All faults in memory, each as it stands and as it is on disk. Reports build on the former, readers see the latter:
 * what is shown is never lost.
 */
export class FaultBook {
  readonly #standing = new Map<string, Fault>();
  readonly #stored = new Map<string, Fault>();
  #generation = 0;

  constructor(faults: readonly Fault[]) {
    for (const fault of faults) this.#standing.set(fault.code, fault);
    this.settle(faults);
  }

  /** Another one whenever what is on disk, or is not to be there after all, has changed. */
  get generation(): number {
    return this.#generation;
  }

  /** A fault as it stands. */
  get(code: string): Fault | undefined {
    return this.#standing.get(code);
  }

  standing(): Iterable<Fault> {
    return this.#standing.values();
  }

  /** A fault as it is on disk. */
  stored(code: string): Fault | undefined {
    return this.#stored.get(code);
  }

  /** True where nothing of a fault is on its way to the disk. */
  isSettled(code: string): boolean {
    return this.#standing.get(code) === this.#stored.get(code);
  }

  allStored(): readonly Fault[] {
    return [...this.#stored.values()];
  }

  /** Takes faults that are on their way to the disk, without those that give way to them. */
  write(faults: readonly Fault[], forgotten: readonly string[] = []): void {
    for (const code of forgotten) this.#standing.delete(code);
    for (const fault of faults) this.#standing.set(fault.code, fault);
  }

  /** Faults of a `write` are on disk. */
  settle(faults: readonly Fault[], forgotten: readonly string[] = []): void {
    for (const code of forgotten) this.#stored.delete(code);
    for (const fault of faults) this.#stored.set(fault.code, fault);
    this.#turn(faults, forgotten);
  }

  /**
   * Faults of a `write` are not on disk: what nothing was built on since stands again as it is stored. Gives the codes of
   * these.
   */
  undo(faults: readonly Fault[], forgotten: readonly string[] = []): ReadonlySet<string> {
    const untouched = faults.filter((fault) => this.#standing.get(fault.code) === fault).map(({ code }) => code);
    for (const code of [...untouched, ...forgotten.filter((code) => !this.#standing.has(code))]) {
      const stored = this.#stored.get(code);
      if (stored === undefined) this.#standing.delete(code);
      else this.#standing.set(code, stored);
    }
    this.#turn(faults, forgotten);
    return new Set(untouched);
  }

  /** Codes that must go for one more to have room; `undefined` where none may. */
  roomFor(code: string): readonly string[] | undefined {
    if (this.#standing.has(code) || this.#standing.size < MAX_FAULTS) return [];
    let oldest: Fault | undefined;
    for (const fault of this.#standing.values()) {
      if (fault.status !== 'CLEARED' && fault.status !== 'HEALED') continue;
      if (oldest === undefined || fault.lastOccurredNs < oldest.lastOccurredNs) oldest = fault;
    }
    return oldest === undefined ? undefined : [oldest.code];
  }

  #turn(faults: readonly Fault[], forgotten: readonly string[]): void {
    if (faults.length + forgotten.length > 0) this.#generation++;
  }
}
