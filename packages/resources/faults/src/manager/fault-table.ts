import type { Fault } from '@medkit/core';
import { Displacement, type DisplacementFacts, type Newcomer, type Placed } from '../displacement/displacement.ts';

/**
 * All faults in memory, each as it stands and as it is on disk. Reports build on the former, readers see the latter:
 * what is shown is never lost.
 */
export class FaultTable {
  readonly #standing = new Map<string, Fault>();
  readonly #stored = new Map<string, Fault>();
  readonly #displacement: Displacement;
  #generation = 0;

  /** @param notice hears when there is nearly no room for more */
  constructor(faults: readonly Fault[], notice: (text: string) => void = () => undefined) {
    this.#displacement = new Displacement(notice);
    // Those that went away first are to give way first.
    const byAge = faults.toSorted((a, b) => Number(a.lastOccurredNs - b.lastOccurredNs));
    for (const fault of byAge) this.#stand(fault.code, fault);
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
    for (const code of forgotten) this.#stand(code, undefined);
    for (const fault of faults) this.#stand(fault.code, fault);
  }

  /** Faults of a `write` are on disk. */
  settle(faults: readonly Fault[], forgotten: readonly string[] = []): void {
    for (const code of forgotten) {
      this.#displacement.went(this.#stored.get(code));
      this.#stored.delete(code);
    }
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
      this.#stand(code, this.#stored.get(code));
    }
    this.#turn(faults, forgotten);
    return new Set(untouched);
  }

  /** The place of a fault that fails: which ones give way to it, or why it has none. */
  place(newcomer: Newcomer): Placed {
    return this.#displacement.place(newcomer, this.#standing.get(newcomer.code));
  }

  /** How much room there is for more. */
  room(): DisplacementFacts {
    return this.#displacement.facts();
  }

  #stand(code: string, fault: Fault | undefined): void {
    this.#displacement.put(this.#standing.get(code), fault);
    if (fault === undefined) this.#standing.delete(code);
    else this.#standing.set(code, fault);
  }

  #turn(faults: readonly Fault[], forgotten: readonly string[]): void {
    if (faults.length + forgotten.length > 0) this.#generation++;
  }
}
