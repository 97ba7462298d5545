import type { Fault } from '@medkit/core';
import {
  Displacement,
  type DisplacementFacts,
  type IncomingFault,
  type Placement,
} from '../displacement/displacement.ts';

/**
 * All faults in memory, in their current and in their stored state. Reports use the current state, readers the stored
 * one, so that nothing that was shown is ever lost.
 */
export class FaultTable {
  readonly #standing = new Map<string, Fault>();
  readonly #stored = new Map<string, Fault>();
  readonly #displacement: Displacement;
  #generation = 0;

  /** @param notice called when the memory is nearly full */
  constructor(faults: readonly Fault[], notice: (text: string) => void = () => undefined) {
    this.#displacement = new Displacement(notice);
    // The faults that ended first are removed first.
    const byAge = faults.toSorted((a, b) => Number(a.lastOccurredNs - b.lastOccurredNs));
    for (const fault of byAge) this.#stand(fault.code, fault);
    this.settle(faults);
  }

  /** Changes whenever the stored state changes or a write was undone. */
  get generation(): number {
    return this.#generation;
  }

  /** Returns the current state of a fault. */
  get(code: string): Fault | undefined {
    return this.#standing.get(code);
  }

  standing(): Iterable<Fault> {
    return this.#standing.values();
  }

  /** Returns the stored state of a fault. */
  stored(code: string): Fault | undefined {
    return this.#stored.get(code);
  }

  /** Returns whether no change of a fault is being written. */
  isSettled(code: string): boolean {
    return this.#standing.get(code) === this.#stored.get(code);
  }

  allStored(): readonly Fault[] {
    return [...this.#stored.values()];
  }

  /** Sets the current state of faults that are being written, and removes those that make room for them. */
  write(faults: readonly Fault[], forgotten: readonly string[] = []): void {
    for (const code of forgotten) this.#stand(code, undefined);
    for (const fault of faults) this.#stand(fault.code, fault);
  }

  /** Marks faults of a `write` as stored. */
  settle(faults: readonly Fault[], forgotten: readonly string[] = []): void {
    for (const code of forgotten) {
      this.#displacement.went(this.#stored.get(code));
      this.#stored.delete(code);
    }
    for (const fault of faults) this.#stored.set(fault.code, fault);
    this.#turn(faults, forgotten);
  }

  /**
   * Undoes a `write` that failed: resets faults that have not changed since to their stored state. Returns their codes.
   */
  undo(faults: readonly Fault[], forgotten: readonly string[] = []): ReadonlySet<string> {
    const untouched = faults.filter((fault) => this.#standing.get(fault.code) === fault).map(({ code }) => code);
    for (const code of [...untouched, ...forgotten.filter((code) => !this.#standing.has(code))]) {
      this.#stand(code, this.#stored.get(code));
    }
    this.#turn(faults, forgotten);
    return new Set(untouched);
  }

  /** Finds a place for a fault that fails: returns the faults to remove for it, or why it has none. */
  place(newcomer: IncomingFault): Placement {
    return this.#displacement.place(newcomer, this.#standing.get(newcomer.code));
  }

  /** Returns how full the memory is. */
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
