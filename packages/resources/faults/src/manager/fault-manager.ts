import { shortened } from '@medkit/contract';
import { errorMessage, type Fault, type FaultEvent, type FaultEventPage, type FaultEventQuery } from '@medkit/core';
import type { Notice } from '@medkit/documents';
import { debug, type Timer } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { DisplacementFacts } from '../displacement/displacement.ts';
import { faultCodeProblem } from '../fault/fault-code.ts';
import { type CodedReport, codeOfFailed, codesOfPassed } from '../fault/fault-conditions.ts';
import type { NearMiss } from '../near-misses/near-miss.ts';
import type { Occurrence } from '../occurrences/occurrence.ts';
import { processedNs, recordedClear, recordedReport } from '../report-log/recorded-event.ts';
import { type ReportLogEnd, ReportRecorder } from '../report-log/report-recorder.ts';
import type { RecordedEvent, ReportRun } from '../report-log/report-run.ts';
import type { CaptureIntent } from '../storage/capture-intent.ts';
import type { FaultChange } from '../storage/fault-change.ts';
import type { FaultStorage } from '../storage/fault-storage.ts';
import type { ResolvedBand } from '../thresholds/entity-thresholds.ts';
import { throttledWarning } from '../throttled-warning.ts';
import type { CaptureIntake } from './capture-intake.ts';
import { FaultDecisions } from './fault-decisions.ts';
import { FaultLists } from './fault-lists.ts';
import type { FaultList, FaultQuery } from './fault-query.ts';
import { type FaultAmendment, type FaultReport, MAX_DESCRIPTION_LENGTH } from './fault-report.ts';
import { type FaultRules, FaultSteps } from './fault-steps.ts';
import { FaultTable } from './fault-table.ts';
import { type Listeners, listeners } from './listeners.ts';
import { changeOf, PendingChanges } from './pending-changes.ts';
import { PrefailedAges } from './prefailed-ages.ts';

/** Outcome of a report. An accepted one is on disk, or changed nothing. */
export type ReportAnswer =
  | { readonly accepted: true; readonly fault: Fault | undefined; readonly ignored?: string }
  | { readonly accepted: false; readonly reason: string };

/** Outcome of a clear. */
export type ClearAnswer =
  | { readonly cleared: true; readonly message: string; readonly autoClearedCodes: readonly string[] }
  | { readonly cleared: false; readonly message: string; readonly problem: 'invalid-code' | 'unknown-fault' };

export interface ClearOptions {
  /** Whether to clear the symptoms that the fault explains as well. */
  readonly cascade: boolean;
  /** The client for the audit log; the calling service if absent. */
  readonly client?: string;
}

/** The fault manager. Calls that read or write the disk reject with the `StoreError` of its store. */
export interface FaultManager {
  report(report: FaultReport): Promise<ReportAnswer>;
  /**
   * Returns the code under which a FAILED report is stored: a different one if another condition already has the
   * report's code.
   */
  codeOf(report: CodedReport): string;
  /**
   * Adds later knowledge to the last report of a fault. It is not counted as a report. Resolves with false if the fault
   * no longer exists or has occurred again since.
   */
  amend(amendment: FaultAmendment): Promise<boolean>;
  /** Clears a fault. */
  clear(code: string, how: ClearOptions): Promise<ClearAnswer>;
  /** Returns the same object for the same query until a fault changes. */
  list(query: FaultQuery): FaultList;
  get(code: string): Fault | undefined;
  /** Number of FAILED reports since the start that did not confirm their fault. */
  readonly nearMissCount: number;
  /** Returns how full the fault memory is. */
  room(): DisplacementFacts;
  /** Returns the thresholds of a fault that `source` reports. */
  thresholdsOf(source: string): ResolvedBand;
  /** Returns the FAILED reports of a code that did not confirm it, oldest first. */
  nearMisses(code: string): Promise<readonly NearMiss[]>;
  /** Returns the occurrences of a fault, oldest first. */
  occurrences(code: string): Promise<readonly Occurrence[]>;
  /** Returns missed events from the log. */
  eventsAfter(id: number, limit: number): Promise<FaultEventPage>;
  /** Returns events of selected types. */
  eventsOf(query: FaultEventQuery): Promise<FaultEventPage>;
  /** Calls `listener` with every event once it is on disk. Returns a function that stops it. */
  onEvent(listener: (event: FaultEvent) => void): () => void;
  /**
   * Calls `listener` synchronously when a new, cleared or healed fault is reported as FAILED, so that evidence can be
   * buffered before the fault is confirmed. A healed fault may be reported more than once before it is confirmed again.
   */
  onFailed(listener: (fault: Fault) => void): () => void;
  /**
   * Uses this intake from now on to decide which confirmed faults are captured, and what is stored of them immediately.
   */
  attendCaptures(intake: CaptureIntake): void;
  /**
   * Writes evidence rows of these faults, in one transaction with a `fault_updated` event for each existing fault that
   * is not muted.
   */
  addEvidence(codes: readonly string[], rows: readonly Statement[]): Promise<void>;
  /** Calls `listener` with every capture to make, once it is on disk. Returns a function that stops it. */
  onCapture(listener: (intent: CaptureIntent) => void): () => void;
  /** Stops its timers and waits for running writes. The store stays open. */
  stop(): Promise<void>;
}

export interface FaultManagerOptions extends FaultRules {
  readonly storage: FaultStorage;
  /**
   * Resolves when written changes are also in the audit log, if callers must wait for that. A rejection fails the
   * caller; the change stays written.
   */
  readonly audited?: () => Promise<void>;
  /** Receives problems that no caller receives, for the operator. */
  readonly notice: (notice: Notice) => void;
}

/** Interval of checking faults that stay PREFAILED. */
export const AUTO_CONFIRM_PERIOD_MS = 1000;

/** Loads the faults of the store and continues where the last process ended. */
export async function startFaultManager(options: FaultManagerOptions): Promise<FaultManager> {
  const { storage, configuration, thresholds, notice } = options;
  const { faults, problems } = await storage.faults();
  for (const problem of problems) {
    notice({ level: 'error', text: `${problem}: it is ignored until it is reported again` });
  }
  const dropped = await storage.trimNearMisses();
  if (dropped > 0) {
    const text = `near_miss.max_per_fault: ${dropped} near misses of earlier runs exceed the limit and are dropped`;
    notice({ level: 'warning', text });
  }
  if (thresholds.size > 0 && configuration.auto_confirm_after_sec > 0) {
    const text = 'auto_confirm_after_sec confirms faults by time, regardless of entity_thresholds.config_file';
    notice({ level: 'warning', text });
  }
  const table = new FaultTable(faults, (text) => notice({ level: 'warning', text }));
  const manager = new Manager(options, table, await storage.reportLogEnd());
  await manager.start();
  return manager;
}

class Manager implements FaultManager {
  readonly #options: FaultManagerOptions;
  readonly #table: FaultTable;
  readonly #lists: FaultLists;
  readonly #steps: FaultSteps;
  readonly #decisions: FaultDecisions;
  readonly #recorder: ReportRecorder;
  /** The record of this start, until it is written with the first event: a start must succeed on a full disk. */
  #startRun: ReportRun | undefined;
  readonly #events: Listeners<FaultEvent>;
  readonly #failures: Listeners<Fault>;
  readonly #captures: Listeners<CaptureIntent>;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #owed = new PendingChanges();
  #last: Promise<void> = Promise.resolve();
  readonly #timers: Timer[] = [];
  readonly #ages: PrefailedAges;
  readonly #warnOfRoom: (text: () => string) => void;
  #nearMissCount = 0;

  constructor(options: FaultManagerOptions, table: FaultTable, recorded: ReportLogEnd) {
    this.#options = options;
    this.#table = table;
    this.#lists = new FaultLists(table, options.correlation);
    this.#steps = new FaultSteps(options);
    const { correlation, sharedHealing = false } = options;
    this.#decisions = new FaultDecisions({ table, steps: this.#steps, correlation, sharedHealing });
    this.#recorder = new ReportRecorder(recorded);
    this.#ages = new PrefailedAges(options.clock);
    this.#warnOfRoom = throttledWarning(options.clock, options.notice);
    this.#events = listeners<FaultEvent>((error) => this.#complain('a listener of fault events failed', error));
    this.#failures = listeners<Fault>((error) => this.#complain('a listener of failures failed', error));
    this.#captures = listeners<CaptureIntent>((error) => this.#complain('a capture could not begin', error));
  }

  async start(): Promise<void> {
    const { clock, configuration, correlation } = this.#options;
    const restarted = this.#decisions.restart();
    this.#startRun = this.#recorder.start(clock.wallNs());
    if (restarted.faults.length > 0) await this.#commit({ ...restarted, reports: [this.#startRun] });
    const cleanupMs = configuration['correlation.cleanup_interval_sec'] * 1000;
    this.#timers.push(clock.every(cleanupMs, () => correlation.expire(clock.monotonicMs())));
    if (configuration.auto_confirm_after_sec > 0) {
      this.#timers.push(clock.every(AUTO_CONFIRM_PERIOD_MS, () => this.#confirmByTime()));
    }
  }

  report(report: FaultReport): Promise<ReportAnswer> {
    const answer = this.#take(report);
    if (debug.faults) logOutcome(report, answer);
    return answer;
  }

  async #take(report: FaultReport): Promise<ReportAnswer> {
    const find = (code: string) => this.#table.get(code);
    if (report.event === 'FAILED') return this.#report({ ...report, code: this.codeOf(report) });
    const codes = codesOfPassed(report, this.#table.standing(), find);
    const answers = await Promise.all(codes.map((code) => this.#report({ ...report, code })));
    return answers.find(({ accepted }) => !accepted) ?? answers[0] ?? { accepted: true, fault: undefined };
  }

  codeOf(report: CodedReport): string {
    return codeOfFailed(report, (code) => this.#table.get(code));
  }

  async #report(report: FaultReport): Promise<ReportAnswer> {
    const decision = this.#decisions.report(report);
    if (decision.outcome === 'refused') return { accepted: false, reason: decision.reason };
    if (decision.outcome === 'unchanged') {
      const { fault, ignored } = decision;
      return { accepted: true, fault, ...(ignored !== undefined && { ignored }) };
    }
    const { before, change, isComing, displaced } = decision;
    const fault = change.faults[0];
    if (isComing) this.#failures.notify(fault);
    if (displaced.length > 0) {
      const text = `the maximum number of faults is reached: ${displaced.join(', ')} was removed for ${report.code}`;
      this.#warnOfRoom(() => text);
    }
    this.#recorder.forget(change.forgotten ?? []);
    await this.#commit({ ...change, reports: this.#record(recordedReport(report), before, fault) });
    return { accepted: true, fault };
  }

  async amend({ code, description, evidence = [] }: FaultAmendment): Promise<boolean> {
    const occurrence = this.#table.get(code)?.occurrenceCount ?? 0;
    const rows = await this.#steps.captures.append(code, occurrence, evidence);
    const fault = this.#table.get(code);
    if (fault === undefined || fault.status === 'CLEARED' || fault.occurrenceCount !== occurrence) return false;
    const text = shortened(description, MAX_DESCRIPTION_LENGTH).toWellFormed();
    // With several texts, the last report has the latest one.
    const isFirst = fault.latestDescription === undefined;
    const amended = isFirst ? { ...fault, description: text } : { ...fault, latestDescription: text };
    await this.#commit({ faults: [amended], evidence: rows, events: this.#steps.amend([amended]) });
    return true;
  }

  async clear(code: string, { cascade, client }: ClearOptions): Promise<ClearAnswer> {
    const problem = faultCodeProblem(code);
    if (problem !== undefined) return { cleared: false, message: problem, problem: 'invalid-code' };
    const fault = this.#table.get(code);
    if (fault === undefined) return { cleared: false, message: `Fault not found: ${code}`, problem: 'unknown-fault' };
    const { change, symptoms } = this.#decisions.clear(fault, cascade, client);
    await this.#commit({
      ...change,
      reports: this.#record(recordedClear(code, cascade, client), fault, change.faults[0]),
    });
    const tally = symptoms.length > 0 ? ` (auto-cleared ${symptoms.length} symptoms)` : '';
    return { cleared: true, message: `Fault cleared: ${code}${tally}`, autoClearedCodes: symptoms };
  }

  attendCaptures(intake: CaptureIntake): void {
    this.#steps.captures.attend(intake);
  }

  async addEvidence(codes: readonly string[], rows: readonly Statement[]): Promise<void> {
    const events = this.#steps.amend(codes.flatMap((code) => this.#table.get(code) ?? []));
    await this.#commit({ faults: [], evidence: rows, events });
  }

  list(query: FaultQuery): FaultList {
    return this.#lists.select(query);
  }

  get(code: string): Fault | undefined {
    return this.#table.stored(code);
  }

  get nearMissCount(): number {
    return this.#nearMissCount;
  }

  room(): DisplacementFacts {
    return this.#table.room();
  }

  thresholdsOf(source: string): ResolvedBand {
    return this.#options.thresholds.of(source);
  }

  nearMisses(code: string): Promise<readonly NearMiss[]> {
    return this.#options.storage.nearMisses(code);
  }

  occurrences(code: string): Promise<readonly Occurrence[]> {
    return this.#options.storage.occurrences(code);
  }

  eventsAfter(id: number, limit: number): Promise<FaultEventPage> {
    return this.#options.storage.eventsAfter(id, limit);
  }

  eventsOf(query: FaultEventQuery): Promise<FaultEventPage> {
    return this.#options.storage.eventsOf(query);
  }

  onEvent(listener: (event: FaultEvent) => void): () => void {
    return this.#events.add(listener);
  }

  onFailed(listener: (fault: Fault) => void): () => void {
    return this.#failures.add(listener);
  }

  onCapture(listener: (intent: CaptureIntent) => void): () => void {
    return this.#captures.add(listener);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) timer.cancel();
    // Pending changes of a write that ends now are written after it.
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** Returns the rows of the report log for an event that changed the fault from `before` to `after`. */
  #record(event: RecordedEvent, before: Fault | undefined, after: Fault): readonly ReportRun[] {
    const run = this.#recorder.add(event, before, processedNs(event, before, after) ?? this.#options.clock.wallNs());
    return this.#startRun === undefined ? [run] : [this.#startRun, run];
  }

  /** Writes a change as one transaction. Changes are written in the order of the calls. */
  async #commit(change: FaultChange): Promise<void> {
    const { faults, forgotten } = change;
    this.#table.write(faults, forgotten);
    try {
      await this.#save(change, () => {
        this.#table.settle(faults, forgotten);
        this.#owed.written(change);
        if (this.#startRun && change.reports?.includes(this.#startRun)) this.#startRun = undefined;
      });
    } catch (error) {
      const undone = this.#table.undo(faults, forgotten);
      this.#steps.captures.abandon(this.#owed.refused(change, undone));
      // Faults that were never stored explain nothing.
      for (const code of undone) if (!this.#table.get(code)) this.#options.correlation.cleared(code);
      throw error;
    }
    this.#nearMissCount += change.nearMisses?.length ?? 0;
    this.#writeOwed();
    if (change.audit?.length) await this.#options.audited?.();
  }

  /**
   * Writes a change, and notifies listeners once it is on disk, after calling `onDisk`. Settles in the order of the
   * calls.
   */
  async #save(change: FaultChange, onDisk?: () => void): Promise<void> {
    const saving = this.#options.storage.save(change);
    // An overloaded store refuses immediately; the outcome of earlier changes must be known first.
    const turn = Promise.allSettled([this.#last, saving]).then(() => undefined);
    this.#last = turn;
    this.#underWay.add(turn);
    try {
      await turn;
      const events = await saving;
      onDisk?.();
      for (const event of events) this.#events.notify(event);
      for (const intent of change.captures ?? []) this.#captures.notify(intent);
    } finally {
      this.#underWay.delete(turn);
    }
  }

  /** If the store refuses it again, it is written after the next successful change. */
  #writeOwed(): void {
    const owed = this.#owed.take((code) => this.#table.isSettled(code));
    if (owed.length === 0) return;
    this.#save(changeOf(owed)).catch((error) => {
      this.#steps.captures.abandon(this.#owed.putBack(owed));
      this.#complain('changes from before a stored report could not be written yet', error);
    });
  }

  #confirmByTime(): void {
    const confirmed = this.#decisions.elapse(this.#ages.look(this.#table.standing()));
    if (confirmed.faults.length === 0) return;
    this.#commit(confirmed).catch((error) => this.#complain('faults confirmed by time could not be written', error));
  }

  #complain(what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.notice({ level: 'error', text: `${what}: ${reason}` });
  }
}

/** Writes the outcome of a report to the debug log. */
function logOutcome({ event, code, source }: FaultReport, answer: Promise<ReportAnswer>): void {
  const write = (outcome: string): void => debug.faults?.(`${event} ${code} from ${source}: ${outcome}`);
  answer.then(
    (outcome) => {
      if (!outcome.accepted) write(`refused: ${outcome.reason}`);
      else if (outcome.ignored !== undefined) write(`ignored: ${outcome.ignored}`);
      else write(outcome.fault ? `${outcome.fault.status}, ${outcome.fault.occurrenceCount} times` : 'no such fault');
    },
    (error: unknown) => write(`failed: ${errorMessage(error)}`),
  );
}
