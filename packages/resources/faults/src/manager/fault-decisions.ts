import type { Fault } from '@medkit/core';
import type { Correlation } from '../correlation/correlation.ts';
import { isActiveFault } from '../displacement/fault-ranks.ts';
import { hasFailed } from '../fault/source-results.ts';
import { combineChanges, type FaultChange } from '../storage/fault-change.ts';
import { admitReport, type FaultReport } from './fault-report.ts';
import type { FaultSteps } from './fault-steps.ts';
import type { FaultTable } from './fault-table.ts';

/** What a report changes. */
export type ReportDecision =
  | { readonly outcome: 'refused'; readonly reason: string }
  /** The report counts for nothing; `ignored` says why a PASSED report of this source does not count. */
  | { readonly outcome: 'unchanged'; readonly fault: Fault | undefined; readonly ignored?: string }
  | {
      readonly outcome: 'changed';
      readonly before: Fault | undefined;
      readonly change: FaultChange;
      /** True for a FAILED report of a fault that is new, cleared or healed. */
      readonly isComing: boolean;
      /** Active faults that are removed to make room. */
      readonly displaced: readonly string[];
    };

/** What a clear changes. */
export interface ClearDecision {
  readonly change: FaultChange;
  /** Symptoms that are cleared with the fault. */
  readonly symptoms: readonly string[];
}

interface Parts {
  readonly table: FaultTable;
  readonly steps: FaultSteps;
  readonly correlation: Correlation;
  /** See `FaultRules`. */
  readonly sharedHealing: boolean;
}

/** Used for a report that adds no fault. */
const NO_NEWCOMER = { gone: [] } as const;

/**
 * Decides what reports, clears and restarts change. Writes nothing: the fault manager writes the changes to disk, and a
 * replay to memory.
 */
export class FaultDecisions {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Decides about a report that is stored under its code. */
  report(report: FaultReport): ReportDecision {
    const { table, steps, sharedHealing } = this.#parts;
    const { code } = report;
    const admitted = admitReport(report);
    if ('refused' in admitted) return { outcome: 'refused', reason: admitted.refused };
    const { event } = admitted;
    const before = table.get(code);
    const isPlainPassed = report.event === 'PASSED' && report.condition === undefined;
    if (before && isPlainPassed && !sharedHealing && !hasFailed(before, report)) {
      return { outcome: 'unchanged', fault: before, ignored: `${report.source} never reported it as failed` };
    }
    const placed = event.kind === 'failed' ? table.place({ code, ...event }) : NO_NEWCOMER;
    if ('refused' in placed) return { outcome: 'refused', reason: placed.refused };
    const change = steps.report(report, before, event);
    if (change === undefined) return { outcome: 'unchanged', fault: before };
    const gone = placed.gone.flatMap((each) => table.get(each) ?? []);
    return {
      outcome: 'changed',
      before,
      change: gone.length === 0 ? change : combineChanges([steps.giveWay(gone), change]),
      isComing: event.kind === 'failed' && (before === undefined || !isActiveFault(before)),
      displaced: gone.filter(isActiveFault).map((each) => each.code),
    };
  }

  /** Decides about a clear of `fault`; with `cascade`, the symptoms that it explains are cleared too. */
  clear(fault: Fault, cascade: boolean, client?: string): ClearDecision {
    const { table, steps, correlation } = this.#parts;
    const cause = correlation.rootOf(fault.code);
    const explained = correlation.cleared(fault.code);
    const symptoms = (cascade ? explained : [])
      .flatMap((symptom) => table.get(symptom) ?? [])
      .filter(({ status }) => status !== 'CLEARED');
    return {
      change: combineChanges(steps.clear(fault, symptoms, { client, cause })),
      symptoms: symptoms.map(({ code }) => code),
    };
  }

  /** Decides about a restart of the manager. */
  restart(): FaultChange {
    const { table, steps } = this.#parts;
    return combineChanges([...table.standing()].flatMap((fault) => steps.restart(fault) ?? []));
  }

  /** Decides about faults whose last FAILED report has these ages in nanoseconds. */
  elapse(ages: ReadonlyMap<Fault, bigint>): FaultChange {
    const { steps } = this.#parts;
    return combineChanges([...ages].flatMap(([fault, ageNs]) => steps.elapse(fault, ageNs) ?? []));
  }
}
