import type { Fault, FaultSeverity } from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import { SEVERITY } from '../fault/severity.ts';
import { FaultRanks, isStanding, rankOf } from './fault-ranks.ts';

/** Distinct codes that are kept. */
export const MAX_FAULTS = 12_000;
/** Faults that may stand when one of this severity comes: the less it matters, the more room it leaves to others. */
export const MAX_STANDING: Readonly<Record<FaultSeverity, number>> = {
  [SEVERITY.INFO]: 6000,
  [SEVERITY.WARN]: 8000,
  [SEVERITY.ERROR]: 10_000,
  [SEVERITY.CRITICAL]: MAX_FAULTS,
};
/** Codes that one source may have among them. */
export const MAX_FAULTS_PER_SOURCE = 2000;

/** Parts of a bound from which on it is told that it is near, and below which it is told anew when it comes near again. */
const NEAR = 0.9;
const FAR = 0.8;
/** Sources that are named. */
const MAX_TOLD_SOURCES = 10;

/** A fault that is to be taken in. */
export interface Newcomer {
  readonly code: string;
  readonly severity: FaultSeverity;
  readonly source: string;
}

/** What has to go for it, or why it has no place. */
export type Placed = { readonly gone: readonly string[] } | { readonly refused: string };

/** How full the memory of faults is, for `/health`. */
export interface DisplacementFacts {
  /** Faults that have not gone away, and how many there may be before errors are refused. */
  readonly standing: number;
  readonly standingLimit: number;
  readonly isNearlyFull: boolean;
  /** Sources of which nearly as many faults stand as one source may have. */
  readonly nearlyFullSources: readonly string[];
  readonly sourceLimit: number;
  /** Reports for whose faults there was no place. */
  readonly refused: number;
  /** Faults that stood and gave way to worse ones. */
  readonly displaced: number;
  /** Counts of all faults by their sources. */
  readonly quota: QuotaFigures;
}

const NOTHING: Placed = { gone: [] };

/**
 * Says which faults give way to a new one where there are as many as are kept: those that went away, the oldest first, then
 * those that are less severe. No source can have all places, and no number of lesser faults those of critical ones.
 */
export class Displacement {
  readonly #notice: (text: string) => void;
  readonly #all = new FaultRanks();
  readonly #bySource = new Map<string, FaultRanks>();
  readonly #nearlyFullSources = new Set<string>();
  #isNearlyFull = false;
  #refused = 0;
  #displaced = 0;

  /** @param notice hears when a bound comes near */
  constructor(notice: (text: string) => void) {
    this.#notice = notice;
  }

  /** A fault takes the place of what there was of it; `undefined` is nothing. */
  put(before: Fault | undefined, after: Fault | undefined): void {
    const code = (before ?? after)?.code;
    const from = before && rankOf(before);
    const to = after && rankOf(after);
    if (code === undefined || (from === to && before?.sources === after?.sources)) return;
    this.#all.move(code, from, to);
    this.#isNearlyFull = this.#near(this.#isNearlyFull, this.#all.standing, MAX_STANDING[SEVERITY.ERROR]);
    const [sources, left] = [after?.sources ?? [], before?.sources ?? []];
    for (const source of left) if (!sources.includes(source)) this.#moveOf(source, code, from, undefined);
    for (const source of sources) this.#moveOf(source, code, left.includes(source) ? from : undefined, to);
  }

  /** The place of a fault that is new, or comes back; `before` is what there is of it. */
  place({ code, severity, source }: Newcomer, before: Fault | undefined): Placed {
    if (before !== undefined && isStanding(before)) return NOTHING;
    const own = this.#bySource.get(source);
    const gone: string[] = [];
    if (before === undefined && own !== undefined && own.size >= MAX_FAULTS_PER_SOURCE) {
      const yielding = own.away() ?? own.lesser(severity);
      if (yielding === undefined) {
        return this.#refuse(
          `${source} has ${own.size} faults, as many as one source may have: clear some, or mend what it reports (${code})`,
        );
      }
      gone.push(yielding);
    }
    const { size, standing } = this.#all;
    if (standing >= MAX_STANDING[severity] && !gone.some((each) => this.#all.stands(each))) {
      const yielding = this.#all.lesser(severity);
      if (yielding === undefined) {
        return this.#refuse(
          `${standing} faults stand, which leaves room for worse ones alone: clear some to make room for ${code}`,
        );
      }
      gone.push(yielding);
    }
    const oldest = before === undefined && size - gone.length >= MAX_FAULTS ? this.#all.away() : undefined;
    if (oldest !== undefined) gone.push(oldest);
    return { gone };
  }

  /** A fault gave way, for good; `undefined` was never there. */
  went(fault: Fault | undefined): void {
    if (fault !== undefined && isStanding(fault)) this.#displaced += 1;
  }

  #figures(): QuotaFigures {
    const sizes = [...this.#bySource.values()].map(({ size }) => size);
    return {
      held: this.#all.size,
      capacity: MAX_FAULTS,
      owners: sizes.length,
      largest: sizes.reduce((most, size) => Math.max(most, size), 0),
      refused: this.#refused,
      evicts: true,
    };
  }

  facts(): DisplacementFacts {
    return {
      standing: this.#all.standing,
      standingLimit: MAX_STANDING[SEVERITY.ERROR],
      isNearlyFull: this.#isNearlyFull,
      nearlyFullSources: [...this.#nearlyFullSources].slice(0, MAX_TOLD_SOURCES),
      sourceLimit: MAX_FAULTS_PER_SOURCE,
      refused: this.#refused,
      displaced: this.#displaced,
      quota: this.#figures(),
    };
  }

  #refuse(refused: string): Placed {
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

  /** Whether a bound is near; tells it when it comes near. */
  #near(was: boolean, count: number, limit: number, source?: string): boolean {
    const is = count >= (was ? FAR : NEAR) * limit;
    if (is && !was) {
      this.#notice(
        source === undefined
          ? `${count} faults stand; with ${limit} only critical ones are taken`
          : `${count} faults of ${source} stand; with ${limit} no more of its faults are taken until some are cleared`,
      );
    }
    return is;
  }
}
