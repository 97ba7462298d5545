import { type FaultEvent, type FaultReport, type Log, reasonOf } from '@medkit/core';
import type { WatchdogCode } from './findings/finding.ts';
import type { Verdict } from './findings/verdicts.ts';

/** The source of all faults of the watchdog: the id of its app. */
export const WATCHDOG_ID = 'graph_watchdog';

/**
 * A code that passes is told so at each tick until its fault is put away; where it never is, as with healing switched off,
 * for so many ticks, and then at every 60th.
 */
const MAX_PASSED_IN_ROW = 120;
const PASSED_REMINDER_TICKS = 60;

interface State {
  underWay: boolean;
  passedInRow: number;
  /** The fault manager has put the fault away since it failed last. */
  settled: boolean;
}

/** Reports verdicts as the level of a signal, one report of a code at a time. */
export class FaultReports {
  readonly #report: (report: FaultReport) => Promise<boolean>;
  readonly #log: Log;
  readonly #states = new Map<string, State>();
  #failing = false;

  constructor(report: (report: FaultReport) => Promise<boolean>, log: Log) {
    this.#report = report;
    this.#log = log;
  }

  send(verdict: Verdict): void {
    const state = this.#stateOf(verdict.code);
    if (verdict.event === 'FAILED') {
      state.settled = false;
      state.passedInRow = 0;
    } else {
      state.passedInRow++;
      const isDue = state.passedInRow <= MAX_PASSED_IN_ROW || state.passedInRow % PASSED_REMINDER_TICKS === 0;
      if (state.settled || !isDue) return;
    }
    // A fault manager that is slow gets the next level rather than a queue of old ones.
    if (!state.underWay) void this.#send(state, reportOf(verdict));
  }

  /** Takes what became of faults. */
  heard({ type, fault }: FaultEvent): void {
    const state = this.#states.get(fault.code);
    if (state) state.settled = type === 'fault_cleared';
  }

  #stateOf(code: WatchdogCode): State {
    const state = this.#states.get(code) ?? { underWay: false, passedInRow: 0, settled: false };
    this.#states.set(code, state);
    return state;
  }

  async #send(state: State, report: FaultReport): Promise<void> {
    state.underWay = true;
    try {
      const isTaken = await this.#report(report);
      this.#judge(isTaken ? undefined : 'the fault manager does not take it, or there is none');
    } catch (error) {
      this.#judge(reasonOf(error));
    } finally {
      state.underWay = false;
    }
  }

  /** Tells the first of several failures; the next tick reports the same once more. */
  #judge(failure: string | undefined): void {
    if (failure !== undefined && !this.#failing) this.#log('warn', `A fault cannot be reported: ${failure}`);
    this.#failing = failure !== undefined;
  }
}

function reportOf(verdict: Verdict): FaultReport {
  const { code, event } = verdict;
  const told = verdict.event === 'FAILED' ? verdict : { severity: 0, description: '' };
  return { code, event, severity: told.severity, description: told.description, source: WATCHDOG_ID };
}
