import type { Fault, FaultSeverity } from '@medkit/core';
import { SEVERITY } from '../fault/severity.ts';

const SEVERITIES = Object.keys(SEVERITY).length;
/** Rank of cleared and healed faults. */
const AWAY = 0;
const FIRST_UNCONFIRMED = AWAY + 1;
const FIRST_CONFIRMED = FIRST_UNCONFIRMED + SEVERITIES;

/** Returns the rank of a fault; faults with lower ranks are removed first. */
export function rankOf({ status, severity }: Fault): number {
  if (status === 'CLEARED' || status === 'HEALED') return AWAY;
  return (status === 'CONFIRMED' ? FIRST_CONFIRMED : FIRST_UNCONFIRMED) + severity;
}

/** Returns whether a fault is active: neither cleared nor healed. */
export const isActiveFault = (fault: Fault): boolean => rankOf(fault) !== AWAY;

/** Fault codes by rank, and within a rank in the order of entering it. Lookups take constant time. */
export class FaultRanks {
  readonly #ranks: (Set<string> | undefined)[] = [];
  #size = 0;

  /** Number of all codes. */
  get size(): number {
    return this.#size;
  }

  /** Number of active faults. */
  get standing(): number {
    return this.#size - (this.#ranks[AWAY]?.size ?? 0);
  }

  /** Returns whether the fault with this code is present and active. */
  stands(code: string): boolean {
    return this.#ranks.some((rank, index) => index > AWAY && rank?.has(code));
  }

  /** Moves a code from one rank to another; `undefined` means absent. */
  move(code: string, from: number | undefined, to: number | undefined): void {
    if (from === to) return;
    if (from !== undefined && this.#ranks[from]?.delete(code)) this.#size -= 1;
    if (to === undefined) return;
    const rank = this.#ranks[to] ?? new Set();
    this.#ranks[to] = rank;
    if (!rank.has(code)) this.#size += 1;
    rank.add(code);
  }

  /** Returns the code that has been inactive for the longest time. */
  away(): string | undefined {
    return this.#first(AWAY, AWAY + 1);
  }

  /**
   * Returns the code to remove for a fault of this severity: the least severe, then oldest, of the less severe
   * unconfirmed faults. For a critical fault, also of confirmed faults if there is no unconfirmed one.
   */
  lesser(severity: FaultSeverity): string | undefined {
    const unconfirmed = this.#first(FIRST_UNCONFIRMED, FIRST_UNCONFIRMED + severity);
    if (unconfirmed !== undefined || severity < SEVERITY.CRITICAL) return unconfirmed;
    return this.#first(FIRST_CONFIRMED, FIRST_CONFIRMED + severity);
  }

  #first(from: number, to: number): string | undefined {
    for (let rank = from; rank < to; rank += 1) {
      const [first] = this.#ranks[rank] ?? [];
      if (first !== undefined) return first;
    }
    return undefined;
  }
}
