import { errorMessage, type FaultEvent, type FaultReport, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { WatchdogCode } from './findings/finding.ts';
import type { Verdict } from './findings/verdicts.ts';

/** The source of all faults of the watchdog: the id of its app. */
export const WATCHDOG_ID = 'graph_watchdog';

/**
 * A passing code is reported at each tick until its fault is cleared. If that never happens, as with healing disabled,
 * it is reported for this many ticks and then at every 60th.
 */
const MAX_PASSED_IN_ROW = 120;
const PASSED_REMINDER_TICKS = 60;

/**
 * How long reports may fail before that is logged. A starting or stopping fault manager accepts none, and the next tick
 * reports the same again.
 */
const FAILING_MS = 5000;

interface State {
  underWay: boolean;
  passedInRow: number;
  /** The fault manager has cleared the fault since its last failure. */
  settled: boolean;
}

export interface FaultReportsOptions {
  /** Resolves to `false` if no fault manager accepts it. */
  readonly report: (report: FaultReport) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reports the current verdict of each code, one report of a code at a time. */
export class FaultReports {
  readonly #options: FaultReportsOptions;
  readonly #states = new Map<string, State>();
  /** Since when reports fail, and whether that was logged. */
  #failing: { readonly sinceMs: number; isLogged: boolean } | undefined;

  constructor(options: FaultReportsOptions) {
    this.#options = options;
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
    // A slow fault manager receives the next verdict instead of a queue of old ones.
    if (!state.underWay) void this.#send(state, reportOf(verdict));
  }

  /** Processes an event of the fault manager. */
  handle({ type, fault }: FaultEvent): void {
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
      const isTaken = await this.#options.report(report);
      this.#judge(isTaken ? undefined : 'the fault manager does not accept it, or does not exist');
    } catch (error) {
      this.#judge(errorMessage(error));
    } finally {
      state.underWay = false;
    }
  }

  #judge(failure: string | undefined): void {
    const { clock, log } = this.#options;
    if (failure === undefined) {
      this.#failing = undefined;
      return;
    }
    this.#failing ??= { sinceMs: clock.monotonicMs(), isLogged: false };
    if (this.#failing.isLogged || clock.monotonicMs() - this.#failing.sinceMs < FAILING_MS) return;
    this.#failing.isLogged = true;
    log('warn', `Cannot report faults: ${failure}`);
  }
}

function reportOf(verdict: Verdict): FaultReport {
  const { code, event } = verdict;
  const details = verdict.event === 'FAILED' ? verdict : { severity: 0, description: '' };
  return { code, event, severity: details.severity, description: details.description, source: WATCHDOG_ID };
}
