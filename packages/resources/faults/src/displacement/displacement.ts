import type { Fault, FaultSeverity } from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import { SEVERITY } from '../fault/severity.ts';
import { FaultRanks, isActiveFault, rankOf } from './fault-ranks.ts';

/** Maximum distinct codes. */
export const MAX_FAULTS = 12_000;
/** Maximum active faults when a new fault of this severity arrives: lower severities leave more room to others. */
export const MAX_ACTIVE: Readonly<Record<FaultSeverity, number>> = {
  [SEVERITY.INFO]: 6000,
  [SEVERITY.WARN]: 8000,
  [SEVERITY.ERROR]: 10_000,
  [SEVERITY.CRITICAL]: MAX_FAULTS,
};
/** Maximum codes of one source. */
export const MAX_FAULTS_PER_SOURCE = 2000;

/** Fractions of a bound: at the upper one a warning is logged, below the lower one it may be logged again. */
const NEAR = 0.9;
const FAR = 0.8;
/** Maximum sources named. */
const MAX_LISTED_SOURCES = 10;

/** A fault that needs a place. */
export interface IncomingFault {
  readonly code: string;
  readonly severity: FaultSeverity;
  readonly source: string;
}

/** The faults to remove for it, or why it has no place. */
export type Placement = { readonly gone: readonly string[] } | { readonly refused: string };

/** How full the fault memory is, for `/health`. */
export interface DisplacementFacts {
  /** Number of active faults, and the number at which errors are refused. */
  readonly standing: number;
  readonly standingLimit: number;
  readonly isNearlyFull: boolean;
  /** Sources with nearly as many active faults as one source may have. */
  readonly nearlyFullSources: readonly string[];
  readonly sourceLimit: number;
  /** Reports refused for lack of room. */
  readonly refused: number;
  /** Active faults removed in favor of more severe ones. */
  readonly displaced: number;
  /** Counts of all faults by source. */
  readonly quota: QuotaFigures;
}

const NOTHING: Placement = { gone: [] };

/**
 * Decides which faults make room for a new one when the memory is full: inactive ones first, oldest first, then less
 * severe ones. No source can take all places, and lower severities can never take the places of critical faults.
 */
export class Displacement {
  readonly #notice: (text: string) => void;
  readonly #all = new FaultRanks();
  readonly #bySource = new Map<string, FaultRanks>();
  readonly #nearlyFullSources = new Set<string>();
  #isNearlyFull = false;
  #refused = 0;
  #displaced = 0;

  /** @param notice called when a bound is nearly reached */
  constructor(notice: (text: string) => void) {
    this.#notice = notice;
  }

  /** Updates the counts when a fault changes; `undefined` means none. */
  put(before: Fault | undefined, after: Fault | undefined): void {
    const code = (before ?? after)?.code;
    const from = before && rankOf(before);
    const to = after && rankOf(after);
    if (code === undefined || (from === to && before?.sources === after?.sources)) return;
    this.#all.move(code, from, to);
    this.#isNearlyFull = this.#near(this.#isNearlyFull, this.#all.standing, MAX_ACTIVE[SEVERITY.ERROR]);
    const [sources, previous] = [after?.sources ?? [], before?.sources ?? []];
    for (const source of previous) if (!sources.includes(source)) this.#moveOf(source, code, from, undefined);
    for (const source of sources) this.#moveOf(source, code, previous.includes(source) ? from : undefined, to);
  }

  /** Finds a place for a fault that is new or occurs again; `before` is its stored state. */
  place({ code, severity, source }: IncomingFault, before: Fault | undefined): Placement {
    if (before !== undefined && isActiveFault(before)) return NOTHING;
    const faults = this.#bySource.get(source);
    const gone: string[] = [];
    if (before === undefined && faults !== undefined && faults.size >= MAX_FAULTS_PER_SOURCE) {
      const yielding = faults.away() ?? faults.lesser(severity);
      if (yielding === undefined) {
        return this.#refuse(
          `${source} already has ${faults.size} faults, the maximum of one source: clear some, or fix their cause (${code})`,
        );
      }
      gone.push(yielding);
    }
    const { size, standing } = this.#all;
    if (standing >= MAX_ACTIVE[severity] && !gone.some((each) => this.#all.stands(each))) {
      const yielding = this.#all.lesser(severity);
      if (yielding === undefined) {
        return this.#refuse(
          `${standing} faults are active, so only faults of higher severity are accepted: clear some faults to accept ${code}`,
        );
      }
      gone.push(yielding);
    }
    const oldest = before === undefined && size - gone.length >= MAX_FAULTS ? this.#all.away() : undefined;
    if (oldest !== undefined) gone.push(oldest);
    return { gone };
  }

  /** Counts a fault that was removed to make room; `undefined` if there was none. */
  went(fault: Fault | undefined): void {
    if (fault !== undefined && isActiveFault(fault)) this.#displaced += 1;
  }

  #figures(): QuotaFigures {
    const sizes = [...this.#bySource.values()].map(({ size }) => size);
    return {
      held: this.#all.size,
      capacity: MAX_FAULTS,
      owners: sizes.length,
      largest: sizes.reduce((max, size) => Math.max(max, size), 0),
      refused: this.#refused,
      evicts: true,
    };
  }

  facts(): DisplacementFacts {
    return {
      standing: this.#all.standing,
      standingLimit: MAX_ACTIVE[SEVERITY.ERROR],
      isNearlyFull: this.#isNearlyFull,
      nearlyFullSources: [...this.#nearlyFullSources].slice(0, MAX_LISTED_SOURCES),
      sourceLimit: MAX_FAULTS_PER_SOURCE,
      refused: this.#refused,
      displaced: this.#displaced,
      quota: this.#figures(),
    };
  }

  #refuse(refused: string): Placement {
    this.#refused += 1;
    return { refused };
  }

  #moveOf(source: string, code: string, from: number | undefined, to: number | undefined): void {
    if (from === to) return;
    const ranks = this.#bySource.get(source) ?? new FaultRanks();
    ranks.move(code, from, to);
    if (ranks.size > 0) this.#bySource.set(source, ranks);
    else this.#bySource.delete(source);
    const was = this.#nearlyFullSources.has(source);
    const is = this.#near(was, ranks.standing, MAX_FAULTS_PER_SOURCE, source);
    if (is && !was) this.#nearlyFullSources.add(source);
    if (was && !is) this.#nearlyFullSources.delete(source);
  }

  /** Returns whether a bound is nearly reached, and logs when that begins. */
  #near(was: boolean, count: number, limit: number, source?: string): boolean {
    const is = count >= (was ? FAR : NEAR) * limit;
    if (is && !was) {
      this.#notice(
        source === undefined
          ? `${count} faults are active; from ${limit} on, only critical faults are accepted`
          : `${count} faults of ${source} are active; from ${limit} on, its new faults are rejected until some are cleared`,
      );
    }
    return is;
  }
}
