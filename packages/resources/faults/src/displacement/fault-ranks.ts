import type { Fault, FaultSeverity } from '@medkit/core';
import { SEVERITY } from '../fault/severity.ts';

const SEVERITIES = Object.keys(SEVERITY).length;
/** Of a fault that was put away or went away by itself. */
const AWAY = 0;
const FIRST_UNCONFIRMED = AWAY + 1;
const FIRST_CONFIRMED = FIRST_UNCONFIRMED + SEVERITIES;

/** How readily a fault gives way to another one: less the higher its rank. */
export function rankOf({ status, severity }: Fault): number {
  if (status === 'CLEARED' || status === 'HEALED') return AWAY;
  return (status === 'CONFIRMED' ? FIRST_CONFIRMED : FIRST_UNCONFIRMED) + severity;
}

/** True for a fault that was neither put away nor went away by itself. */
export const isStanding = (fault: Fault): boolean => rankOf(fault) !== AWAY;

/** Fault codes by rank, in each of them in the order in which they came to it. To find one costs the same however many there are. */
export class FaultRanks {
  readonly #ranks: (Set<string> | undefined)[] = [];
  #size = 0;

  /** All codes. */
  get size(): number {
    return this.#size;
  }

  /** Codes of faults that have not gone away. */
  get standing(): number {
    return this.#size - (this.#ranks[AWAY]?.size ?? 0);
  }

  /** True for a code of a fault that is here and has not gone away. */
  stands(code: string): boolean {
    return this.#ranks.some((rank, index) => index > AWAY && rank?.has(code));
  }

  /** Takes a code from one rank to another; `undefined` is outside. */
  move(code: string, from: number | undefined, to: number | undefined): void {
    if (from === to) return;
    if (from !== undefined && this.#ranks[from]?.delete(code)) this.#size -= 1;
    if (to === undefined) return;
    const rank = this.#ranks[to] ?? new Set();
    this.#ranks[to] = rank;
    if (!rank.has(code)) this.#size += 1;
    rank.add(code);
  }

  /** The fault that went away first. */
  away(): string | undefined {
    return this.#first(AWAY, AWAY + 1);
  }

  /**
   * The fault that gives way to one of this severity: the least severe and then oldest of those that are less severe and not
   * confirmed; to a critical one, where there is none of these, also of those that are confirmed.
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
