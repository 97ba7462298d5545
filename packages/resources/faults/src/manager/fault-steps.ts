import type { Fault } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type AuditSource, type AuditTrail, auditTrail, clearedBy } from '../audit/audit-trail.ts';
import { commonRules, globalBand } from '../configuration/debounce-rules.ts';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { Correlation } from '../correlation/correlation.ts';
import type { DebounceBand } from '../debounce/debounce-band.ts';
import type { DebounceEvent, DebounceRules } from '../debounce/debounce-event.ts';
import { announcementOf, type DebounceStep, stepFault } from '../debounce/step-fault.ts';
import { isActiveFault } from '../displacement/fault-ranks.ts';
import { failedSources } from '../fault/source-results.ts';
import { nearMissOf } from '../near-misses/near-miss.ts';
import { occurrenceOf } from '../occurrences/occurrence.ts';
import type { FaultChange } from '../storage/fault-change.ts';
import type { NewFaultEvent } from '../storage/fault-event.ts';
import type { EntityThresholds } from '../thresholds/entity-thresholds.ts';
import { CaptureAdmissions } from './capture-admissions.ts';
import type { FaultReport } from './fault-report.ts';

/** The rules for faults. */
export interface FaultRules {
  readonly clock: Clock;
  readonly configuration: FaultConfiguration;
  readonly thresholds: EntityThresholds;
  readonly correlation: Correlation;
  /** Returns false while disk space is reserved for faults and nothing is captured (default: always true). */
  readonly hasRoom?: () => boolean;
  /**
   * A PASSED report of any source counts, also while others still report the fault as failed, as in ros2_medkit
   * (default: false).
   */
  readonly sharedHealing?: boolean;
}

const present = <T>(one: T | undefined): readonly T[] => (one === undefined ? [] : [one]);

/** Turns events of faults into the changes to write. Stores nothing itself. */
export class FaultSteps {
  readonly captures: CaptureAdmissions;
  readonly #clock: Clock;
  readonly #thresholds: EntityThresholds;
  readonly #correlation: Correlation;
  readonly #rules: DebounceRules;
  readonly #retainsOnClear: boolean;
  readonly #audit: AuditTrail;

  constructor(options: FaultRules) {
    const { clock, configuration, thresholds, correlation, hasRoom = () => true, sharedHealing = false } = options;
    this.#clock = clock;
    this.#thresholds = thresholds;
    this.#correlation = correlation;
    this.#rules = { band: globalBand(configuration), ...commonRules(configuration), sharedHealing };
    this.#retainsOnClear = configuration['snapshots.retain_on_clear'];
    this.captures = new CaptureAdmissions(configuration, clock, hasRoom);
    this.#audit = auditTrail(configuration);
  }

  /** Processes a report with its event; returns `undefined` if it changes nothing. */
  report(report: FaultReport, before: Fault | undefined, event: DebounceEvent): FaultChange | undefined {
    const { band } = this.#thresholds.of(report.source);
    const isStrict = before && event.kind === 'passed' && !this.#rules.sharedHealing && this.#thresholds.size > 0;
    const rules = { ...this.#rules, band: isStrict ? this.#healingBand(before, band) : band };
    return this.#step(report.code, before, event, rules, report);
  }

  /**
   * Returns the band for a PASSED report: the fault heals once the thresholds of every source that raised it allow
   * that.
   */
  #healingBand(fault: Fault, reporterBand: DebounceBand): DebounceBand {
    const bands = [reporterBand, ...failedSources(fault).map((source) => this.#thresholds.of(source).band)];
    return {
      ...reporterBand,
      healingEnabled: bands.every(({ healingEnabled }) => healingEnabled),
      healingThreshold: Math.max(...bands.map(({ healingThreshold }) => healingThreshold)),
    };
  }

  /** Processes the age of the last FAILED report; returns `undefined` if that does not confirm the fault. */
  elapse(fault: Fault, ageNs: bigint): FaultChange | undefined {
    return this.#step(fault.code, fault, { kind: 'elapsed', ageNs }, this.#rules, { source: 'auto_confirm_timer' });
  }

  /**
   * Processes a restart of the manager: clears a fault that no source may heal any more. Returns `undefined` if the
   * fault is unchanged.
   */
  restart(fault: Fault): FaultChange | undefined {
    const bands = fault.sources.map((source) => this.#thresholds.of(source).band);
    const healingEnabled = [this.#rules.band, ...bands].some((band) => band.healingEnabled);
    const rules = { ...this.#rules, band: { ...this.#rules.band, healingEnabled } };
    const nowNs = this.#clock.wallNs();
    const by: AuditSource = 'startup_reclassify';
    const step = stepFault(fault.code, fault, { kind: 'restart', by }, rules, nowNs);
    return step.fault === fault ? undefined : this.#clearing(step, by, nowNs);
  }

  /**
   * Clears the fault together with its symptoms. Subscribers receive one event for all, also if the fault was already
   * cleared. `cause` is the root cause that explained it.
   */
  clear(
    fault: Fault,
    symptoms: readonly Fault[],
    { client, cause }: { readonly client: string | undefined; readonly cause: string | undefined },
  ): readonly FaultChange[] {
    const nowNs = this.#clock.wallNs();
    const by = clearedBy(client);
    const [main, ...others] = [fault, ...symptoms].map((each) => {
      this.captures.forget(each.code);
      const step = stepFault(each.code, each, { kind: 'clear', by }, this.#rules, nowNs);
      return this.#clearing(step, by, nowNs);
    });
    const event = {
      type: 'fault_cleared',
      fault: main.faults[0],
      timeNs: nowNs,
      autoClearedCodes: symptoms.map(({ code }) => code),
      cause,
    } as const;
    return [{ ...main, events: [event] }, ...others];
  }

  /** Removes these faults in favor of another one. Subscribers receive a clear for those that were confirmed. */
  giveWay(faults: readonly Fault[]): FaultChange {
    const timeNs = this.#clock.wallNs();
    const by: AuditSource = 'displacement';
    for (const { code } of faults) this.captures.drop(code);
    const ended = faults.filter(isActiveFault).map((before) => {
      const cause = this.#correlation.rootOf(before.code);
      this.#correlation.cleared(before.code);
      const step = stepFault(before.code, before, { kind: 'clear', by }, this.#rules, timeNs);
      return { wasConfirmed: before.status === 'CONFIRMED', step, cause };
    });
    return {
      faults: [],
      forgotten: faults.map(({ code }) => code),
      events: ended.flatMap(({ wasConfirmed, step: { fault }, cause }) =>
        wasConfirmed && fault ? [{ type: 'fault_cleared', fault, timeNs, autoClearedCodes: [], cause }] : [],
      ),
      audit: ended.flatMap(({ step }) => this.#audit(step, by, timeNs)),
    };
  }

  /** Returns the events for faults with new evidence, except muted faults. */
  amend(faults: readonly Fault[]): readonly NewFaultEvent[] {
    const timeNs = this.#clock.wallNs();
    return faults
      .filter(({ code }) => !this.#correlation.isMuted(code))
      .map((fault) => ({
        ...{ type: 'fault_updated', fault, timeNs, autoClearedCodes: [] },
        cause: this.#correlation.rootOf(fault.code),
      }));
  }

  #step(
    code: string,
    before: Fault | undefined,
    event: DebounceEvent,
    rules: DebounceRules,
    { source, evidence }: Pick<FaultReport, 'source' | 'evidence'>,
  ): FaultChange | undefined {
    const nowNs = this.#clock.wallNs();
    const step = stepFault(code, before, event, rules, nowNs);
    const { fault, reached } = step;
    if (fault === undefined || fault === before) return undefined;
    if (event.kind === 'failed') {
      const now = { monotonicMs: this.#clock.monotonicMs(), wallNs: nowNs };
      this.#correlation.failed(code, event.severity, now, source);
    }
    const cause = this.#correlation.rootOf(code);
    // A healed fault is not muted, so that its end is announced.
    if (reached === 'HEALED') this.#correlation.healed(code);
    const type = announcementOf(before, step);
    const silent = type === undefined || this.#correlation.isMuted(code);
    return {
      faults: [fault],
      nearMisses: present(nearMissOf(fault, event, rules.band)),
      occurrences: present(occurrenceOf(step, nowNs)),
      ...(reached === 'CONFIRMED' && this.captures.confirmed(fault, source, evidence)),
      ...(isFurtherSource(before, fault, source) && this.captures.sourceAdded(fault, { source, before }, evidence)),
      events: silent ? [] : [{ type, fault, timeNs: nowNs, autoClearedCodes: [], cause }],
      audit: this.#audit(step, source, nowNs),
    };
  }

  #clearing(step: DebounceStep, source: string, nowNs: bigint): FaultChange {
    const faults = present(step.fault);
    const withoutSnapshots = this.#retainsOnClear ? [] : faults.map(({ code }) => code);
    for (const code of withoutSnapshots) this.captures.drop(code);
    return {
      faults,
      occurrences: present(occurrenceOf(step, nowNs)),
      withoutSnapshots,
      audit: this.#audit(step, source, nowNs),
    };
  }
}

/** Returns whether a source reports a fault for the first time that other sources have confirmed. */
function isFurtherSource(before: Fault | undefined, fault: Fault, source: string): before is Fault {
  if (before?.status !== 'CONFIRMED' || fault.status !== 'CONFIRMED') return false;
  return fault.sources.includes(source) && !before.sources.includes(source);
}
