import type { Clock } from '@medkit/edges';
import { commonRules, globalBand } from '../configuration/debounce-rules.ts';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { Correlation } from '../correlation/correlation.ts';
import { announcementOf } from '../debounce/announcement.ts';
import type { DebounceEvent, DebounceRules } from '../debounce/debounce-event.ts';
import { type DebounceStep, stepFault } from '../debounce/step-fault.ts';
import type { Fault } from '../fault/fault.ts';
import { nearMissOf } from '../near-misses/near-miss.ts';
import { occurrenceOf } from '../occurrences/occurrence.ts';
import type { CaptureIntent } from '../storage/capture-intent.ts';
import type { FaultChange } from '../storage/fault-change.ts';
import type { EntityThresholds } from '../thresholds/entity-thresholds.ts';
import { type AuditTrail, auditTrail } from './audit-trail.ts';
import { CaptureCooldown } from './capture-cooldown.ts';

/** What faults are judged by. */
export interface FaultRules {
  readonly clock: Clock;
  readonly configuration: FaultConfiguration;
  readonly thresholds: EntityThresholds;
  readonly correlation: Correlation;
}

const present = <T>(one: T | undefined): readonly T[] => (one === undefined ? [] : [one]);

/** Turns what happens to a fault into all that is to be written of it. Stores nothing itself. */
export class FaultSteps {
  readonly #clock: Clock;
  readonly #thresholds: EntityThresholds;
  readonly #correlation: Correlation;
  readonly #rules: DebounceRules;
  readonly #captures: boolean;
  readonly #retainsOnClear: boolean;
  readonly #cooldown: CaptureCooldown;
  readonly #audit: AuditTrail;

  constructor({ clock, configuration, thresholds, correlation }: FaultRules) {
    this.#clock = clock;
    this.#thresholds = thresholds;
    this.#correlation = correlation;
    this.#rules = { band: globalBand(configuration), ...commonRules(configuration) };
    this.#captures = configuration['snapshots.enabled'] || configuration['snapshots.rosbag.enabled'];
    this.#retainsOnClear = configuration['snapshots.retain_on_clear'];
    this.#cooldown = new CaptureCooldown(configuration['snapshots.recapture_cooldown_sec'] * 1000);
    this.#audit = auditTrail(configuration);
  }

  /** A report of `source`; `undefined` where it changes nothing. */
  report(code: string, before: Fault | undefined, event: DebounceEvent, source: string): FaultChange | undefined {
    const { band } = this.#thresholds.of(source);
    return this.#step(code, before, event, { ...this.#rules, band }, source);
  }

  /** Time went by; `undefined` where the fault is not confirmed by that. */
  elapse(fault: Fault): FaultChange | undefined {
    return this.#step(fault.code, fault, { kind: 'elapsed' }, this.#rules, 'auto_confirm_timer');
  }

  /** The manager started; `undefined` where the fault stays as it is. No source may heal it any more, so it is cleared. */
  restart(fault: Fault): FaultChange | undefined {
    const bands = fault.sources.map((source) => this.#thresholds.of(source).band);
    const healingEnabled = [this.#rules.band, ...bands].some((band) => band.healingEnabled);
    const rules = { ...this.#rules, band: { ...this.#rules.band, healingEnabled } };
    const nowNs = this.#clock.wallNs();
    const step = stepFault(fault.code, fault, { kind: 'restart' }, rules, nowNs);
    return step.fault === fault ? undefined : this.#clearing(step, 'startup_reclassify', nowNs);
  }

  /** The fault is cleared, and the symptoms with it. Subscribers hear of it as of one event, also if it was cleared before. */
  clear(fault: Fault, symptoms: readonly Fault[]): readonly FaultChange[] {
    const nowNs = this.#clock.wallNs();
    const [own, ...others] = [fault, ...symptoms].map((each) => {
      this.#cooldown.forget(each.code);
      const step = stepFault(each.code, each, { kind: 'clear' }, this.#rules, nowNs);
      return this.#clearing(step, 'clear_service', nowNs);
    });
    const event = {
      type: 'fault_cleared',
      fault: own.faults[0],
      timeNs: nowNs,
      autoClearedCodes: symptoms.map(({ code }) => code),
    } as const;
    return [{ ...own, events: [event] }, ...others];
  }

  /** Captures that came to nothing: their faults may be captured again at once. */
  abandon(captures: readonly CaptureIntent[]): void {
    for (const { faultCode } of captures) this.#cooldown.forget(faultCode);
  }

  #step(
    code: string,
    before: Fault | undefined,
    event: DebounceEvent,
    rules: DebounceRules,
    source: string,
  ): FaultChange | undefined {
    const nowNs = this.#clock.wallNs();
    const step = stepFault(code, before, event, rules, nowNs);
    const { fault, reached } = step;
    if (fault === undefined || fault === before) return undefined;
    if (event.kind === 'failed') {
      this.#correlation.failed(code, event.severity, { monotonicMs: this.#clock.monotonicMs(), wallNs: nowNs });
    }
    // Nobody speaks for a fault that healed, so that it went away is told.
    if (reached === 'HEALED') this.#correlation.healed(code);
    const type = announcementOf(before, step);
    const silent = type === undefined || this.#correlation.isMuted(code);
    return {
      faults: [fault],
      nearMisses: present(nearMissOf(fault, event, rules.band)),
      occurrences: present(occurrenceOf(step, nowNs)),
      captures: reached === 'CONFIRMED' ? this.#captureOf(fault) : [],
      events: silent ? [] : [{ type, fault, timeNs: nowNs, autoClearedCodes: [] }],
      audit: this.#audit(step, source, nowNs),
    };
  }

  #captureOf({ code, sources, confirmedAtNs }: Fault): readonly CaptureIntent[] {
    if (!this.#captures || !this.#cooldown.begin(code, this.#clock.monotonicMs())) return [];
    return [{ faultCode: code, requestedAtNs: confirmedAtNs, sources }];
  }

  #clearing(step: DebounceStep, source: string, nowNs: bigint): FaultChange {
    const faults = present(step.fault);
    return {
      faults,
      occurrences: present(occurrenceOf(step, nowNs)),
      withoutSnapshots: this.#retainsOnClear ? [] : faults.map(({ code }) => code),
      audit: this.#audit(step, source, nowNs),
    };
  }
}
