import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FaultManager } from '../manager/fault-manager.ts';
import type { FaultReport } from '../manager/fault-report.ts';

/** Minimum interval between warnings about rejected reports: a broken reporter may send thousands. */
const COMPLAINT_PERIOD_MS = 1000;

export interface ReportIntakeOptions {
  readonly manager: FaultManager;
  readonly clock: Clock;
  readonly log: Log;
}

/** Counts of reports by outcome. */
export interface ReportFigures {
  readonly accepted: number;
  /** PASSED reports from sources that never reported the fault as failed. */
  readonly ignored: number;
  /** Invalid reports, and reports refused for lack of room. */
  readonly rejected: number;
  /** Reports that could not be written to disk. */
  readonly failed: number;
}

/** Accepts concurrent reports: those that wait for the disk together share one write. Counts the outcomes. */
export class ReportIntake {
  readonly #manager: FaultManager;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #figures = { accepted: 0, ignored: 0, rejected: 0, failed: 0 };
  #failure: string | undefined;
  #complainAfterMs = Number.NEGATIVE_INFINITY;
  #silent = 0;

  constructor({ manager, clock, log }: ReportIntakeOptions) {
    this.#manager = manager;
    this.#clock = clock;
    this.#log = log;
  }

  get figures(): ReportFigures {
    return this.#figures;
  }

  /** Why the last report could not be written; `undefined` if it was written. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /**
   * Resolves with true once the report is on disk or changed nothing, with false if it was not accepted. Never rejects.
   */
  async report(report: FaultReport): Promise<boolean> {
    try {
      const answer = await this.#manager.report(report);
      this.#failure = undefined;
      if (answer.accepted) this.#accept(report.code, answer.ignored);
      else this.reject(report.code, answer.reason);
      return answer.accepted;
    } catch (error) {
      this.#figures.failed++;
      this.#failure = errorMessage(error);
      this.#complain(`A report of ${report.code} could not be stored: ${this.#failure}`);
      return false;
    }
  }

  #accept(code: string, ignored: string | undefined): void {
    this.#figures.accepted++;
    if (ignored === undefined) return;
    this.#figures.ignored++;
    this.#complain(`A PASSED report of ${code} was ignored: ${ignored}`);
  }

  /** Adds later knowledge to an accepted report. Never rejects. */
  async amend(report: FaultReport): Promise<void> {
    const { description, evidence } = report;
    const code = this.#manager.codeOf(report);
    try {
      await this.#manager.amend({ code, description, ...(evidence && { evidence }) });
    } catch (error) {
      this.#complain(`Additional information about ${code} could not be stored: ${errorMessage(error)}`);
    }
  }

  /** Counts a report that could not be parsed. */
  reject(code: string, reason: string): void {
    this.#figures.rejected++;
    // Quoted: the code comes from the reporter and may hold anything.
    this.#complain(`A report of ${JSON.stringify(code.slice(0, 160))} was rejected: ${reason}`);
  }

  #complain(what: string): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#complainAfterMs) {
      this.#silent++;
      return;
    }
    this.#complainAfterMs = nowMs + COMPLAINT_PERIOD_MS;
    this.#log('warn', this.#silent === 0 ? what : `${what} (and ${this.#silent} more since the last message)`);
    this.#silent = 0;
  }
}
