import type { Fault, FaultSeverity, FaultSymptom } from '@medkit/core';
import { DEFAULT_FAULT_CONFIGURATION, type FaultConfiguration } from '../configuration/fault-settings.ts';
import { type Correlation, correlation } from '../correlation/correlation.ts';
import type { CorrelationRule } from '../correlation/correlation-rule.ts';
import { FaultDecisions } from '../manager/fault-decisions.ts';
import { FaultSteps } from '../manager/fault-steps.ts';
import { FaultTable } from '../manager/fault-table.ts';
import { reportOfRecorded } from '../report-log/recorded-event.ts';
import type { FaultChange } from '../storage/fault-change.ts';
import type { EntityThresholds } from '../thresholds/entity-thresholds.ts';
import { AutoConfirm } from './auto-confirm.ts';
import type { TimedEvent } from './recorded-events.ts';
import { replayClock } from './replay-clock.ts';

/** The rules of a replay. */
export interface ReplayRules {
  /** Parameters of debounce; those of evidence and of the audit log do not count. */
  readonly configuration: FaultConfiguration;
  readonly thresholds: EntityThresholds;
  readonly correlationRules: readonly CorrelationRule[];
  /** See `FaultRules`. */
  readonly sharedHealing: boolean;
}

/** An occurrence of a fault in a replay. Times are nanoseconds since 1970, 0 for never. */
export interface ReplayedOccurrence {
  readonly code: string;
  readonly number: number;
  readonly startedNs: bigint;
  readonly confirmedAtNs: bigint;
  readonly endedNs: bigint;
  readonly endedAs: 'HEALED' | 'CLEARED' | '';
  readonly clearedBy: string;
  readonly severity: FaultSeverity;
  readonly sources: readonly string[];
  /** The fault that a correlation rule names as the cause. */
  readonly symptomOf?: Pick<FaultSymptom, 'rootCauseCode' | 'ruleId'>;
  /** The cluster of a correlation rule; the same text for all of its faults. */
  readonly clusterId?: string;
  /** Whether subscribers were notified of the confirmation: a muted symptom is hidden. */
  readonly announced: boolean;
}

/** The outcome of a replay. */
export interface FaultOutcome {
  /** By their start, then by code. */
  readonly occurrences: readonly ReplayedOccurrence[];
  /** Number of FAILED reports that did not confirm their fault. */
  readonly nearMisses: number;
  readonly events: number;
}

/**
 * Runs recorded events through rules, with the functions of the fault manager and the clock of the events.
 * @param events in the order of `recordedEvents`
 * @param untilNs time until which faults may be confirmed by their age; default: the time of the last event
 */
export function replayReports(events: readonly TimedEvent[], rules: ReplayRules, untilNs?: bigint): FaultOutcome {
  const replay = new Replay(rules);
  for (const event of events) replay.take(event);
  return replay.end(untilNs);
}

/** Configuration without effects outside the debounce. */
function quiet(configuration: FaultConfiguration): FaultConfiguration {
  return {
    ...DEFAULT_FAULT_CONFIGURATION,
    confirmation_threshold: configuration.confirmation_threshold,
    healing_enabled: configuration.healing_enabled,
    healing_threshold: configuration.healing_threshold,
    critical_immediate_confirm: configuration.critical_immediate_confirm,
    auto_confirm_after_sec: configuration.auto_confirm_after_sec,
    'snapshots.enabled': false,
    'snapshots.rosbag.enabled': false,
    'audit_log.enabled': false,
  };
}

class Replay {
  readonly #rules: ReplayRules;
  readonly #clock = replayClock();
  readonly #table = new FaultTable([]);
  readonly #autoConfirm: AutoConfirm;
  readonly #occurrences = new Map<string, ReplayedOccurrence>();
  /** Key of the last occurrence of each fault. */
  readonly #lastOf = new Map<string, string>();
  #correlation: Correlation;
  #decisions: FaultDecisions;
  #lastNs = 0n;
  #nearMisses = 0;
  #events = 0;

  constructor(rules: ReplayRules) {
    this.#rules = rules;
    this.#autoConfirm = new AutoConfirm(rules.configuration.auto_confirm_after_sec);
    [this.#correlation, this.#decisions] = this.#started();
  }

  take({ timeNs, event, before }: TimedEvent): void {
    this.#elapseUntil(timeNs);
    this.#clock.set(timeNs);
    this.#lastNs = timeNs;
    this.#events += 1;
    if (event.kind === 'start') {
      [this.#correlation, this.#decisions] = this.#started();
      this.#autoConfirm.started(timeNs);
      this.#apply(this.#decisions.restart());
      return;
    }
    if (before != null) this.#seed(before);
    if (event.kind === 'clear') {
      const fault = this.#table.get(event.code);
      if (fault !== undefined)
        this.#apply(this.#decisions.clear(fault, event.cascade, event.source || undefined).change);
      return;
    }
    const decision = this.#decisions.report(reportOfRecorded(event));
    if (decision.outcome !== 'changed') return;
    this.#apply(decision.change);
    if (event.kind === 'failed') this.#relate(event.code);
  }

  end(untilNs?: bigint): FaultOutcome {
    this.#elapseUntil(untilNs ?? this.#lastNs);
    const occurrences = [...this.#occurrences.values()].sort(
      (a, b) => Number(a.startedNs - b.startedNs) || (a.code < b.code ? -1 : 1),
    );
    return { occurrences, nearMisses: this.#nearMisses, events: this.#events };
  }

  #started(): [Correlation, FaultDecisions] {
    const { configuration, thresholds, correlationRules, sharedHealing } = this.#rules;
    const relations = correlation(correlationRules);
    const clock = this.#clock;
    const steps = new FaultSteps({
      clock,
      configuration: quiet(configuration),
      thresholds,
      correlation: relations,
      sharedHealing,
    });
    return [relations, new FaultDecisions({ table: this.#table, steps, correlation: relations, sharedHealing })];
  }

  #elapseUntil(timeNs: bigint): void {
    for (let due = this.#autoConfirm.next(timeNs); due !== undefined; due = this.#autoConfirm.next(timeNs)) {
      this.#clock.set(due.tickNs);
      const fault = this.#table.get(due.code);
      if (fault?.status === 'PREFAILED')
        this.#apply(this.#decisions.elapse(new Map([[fault, due.tickNs - fault.lastOccurredNs]])));
    }
  }

  /** Takes over a fault from before the record, with its occurrence if that is active. */
  #seed(fault: Fault): void {
    this.#apply({ faults: [fault] });
    if (fault.status === 'CLEARED' || fault.status === 'HEALED') return;
    const { code, occurrenceCount: number, firstOccurredNs: startedNs, confirmedAtNs, severity, sources } = fault;
    const times = { startedNs, confirmedAtNs, endedNs: 0n, endedAs: '', clearedBy: '' } as const;
    this.#lastOf.set(code, `${code} ${number}`);
    this.#occurrences.set(`${code} ${number}`, { code, number, ...times, severity, sources, announced: true });
  }

  #apply({ faults, forgotten, occurrences = [], events = [], nearMisses = [] }: FaultChange): void {
    this.#table.write(faults, forgotten);
    this.#table.settle(faults, forgotten);
    this.#nearMisses += nearMisses.length;
    for (const fault of faults) {
      this.#autoConfirm.heed(fault);
      const { code, severity } = fault;
      const key = this.#lastOf.get(code);
      const current = key === undefined ? undefined : this.#occurrences.get(key);
      if (key === undefined || current?.number !== fault.occurrenceCount || current.severity === severity) continue;
      this.#occurrences.set(key, { ...current, severity });
    }
    for (const { faultCode: code, number, startedNs, confirmedAtNs, endedNs, endedAs, clearedBy } of occurrences) {
      const fault = this.#table.get(code);
      if (fault === undefined) continue;
      const key = `${code} ${number}`;
      const known = this.#occurrences.get(key);
      const announced =
        known?.announced === true || events.some((each) => each.type === 'fault_confirmed' && each.fault.code === code);
      this.#lastOf.set(code, key);
      this.#occurrences.set(key, {
        ...known,
        ...{ code, number, startedNs, confirmedAtNs, endedNs, endedAs, clearedBy },
        ...{ severity: fault.severity, sources: fault.sources, announced },
      });
    }
  }

  /** Notes the cause and the cluster of the current occurrence of a fault after a FAILED report. */
  #relate(code: string): void {
    if (this.#rules.correlationRules.length === 0) return;
    const symptom = this.#correlation.symptomOf(code);
    if (symptom !== undefined) {
      const { rootCauseCode, ruleId } = symptom;
      this.#amend(code, { symptomOf: { rootCauseCode, ruleId } });
    }
    for (const { id, firstAtNs, faultCodes } of this.#correlation.clusters()) {
      if (!faultCodes.includes(code)) continue;
      for (const each of faultCodes) this.#amend(each, { clusterId: `${id} ${firstAtNs}` });
    }
  }

  #amend(code: string, more: Pick<ReplayedOccurrence, 'symptomOf' | 'clusterId'>): void {
    const key = this.#lastOf.get(code);
    const known = key === undefined ? undefined : this.#occurrences.get(key);
    if (key === undefined || known === undefined || known.endedNs !== 0n) return;
    const isKnown =
      (more.symptomOf === undefined || known.symptomOf?.rootCauseCode === more.symptomOf.rootCauseCode) &&
      (more.clusterId === undefined || known.clusterId === more.clusterId);
    if (!isKnown) this.#occurrences.set(key, { ...known, ...more });
  }
}
