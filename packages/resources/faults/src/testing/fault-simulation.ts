import type { Fault, FaultEventType, FaultStatus } from '@medkit/core';
import { DEFAULT_BAND, type DebounceBand } from '../debounce/debounce-band.ts';
import type { DebounceEvent, DebounceRules } from '../debounce/debounce-event.ts';
import { announcementOf, stepFault } from '../debounce/step-fault.ts';
import { SEVERITY } from '../fault/severity.ts';
import { type NearMiss, nearMissOf } from '../near-misses/near-miss.ts';

/** Creates rules; those that a test does not name have their defaults. */
export function rulesOf({
  autoConfirmAfterNs = 0n,
  criticalImmediateConfirm = true,
  sharedHealing = false,
  ...band
}: Partial<DebounceBand & Omit<DebounceRules, 'band'>> = {}): DebounceRules {
  return { band: { ...DEFAULT_BAND, ...band }, criticalImmediateConfirm, autoConfirmAfterNs, sharedHealing };
}

export type Failed = Extract<DebounceEvent, { kind: 'failed' }>;

/** Creates a FAILED report, by default with severity ERROR from `/source`. */
export const failed = (report: Partial<Omit<Failed, 'kind'>> = {}): Failed => ({
  kind: 'failed',
  severity: SEVERITY.ERROR,
  description: '',
  source: '/source',
  ...report,
});

export const passed = (source = '/source'): DebounceEvent => ({ kind: 'passed', source });

/**
 * Events by the letters of the worked tables: FAILED, FAILED CRITICAL, PASSED, clear, elapsed (by the time of the
 * `FaultSimulation`), restart.
 */
export const EVENTS = {
  F: failed(),
  FC: failed({ severity: SEVERITY.CRITICAL }),
  P: passed(),
  clear: { kind: 'clear', by: 'client' },
  elapsed: { kind: 'elapsed', ageNs: 0n },
  restart: { kind: 'restart', by: 'start' },
} as const satisfies Readonly<Record<string, DebounceEvent>>;

export type Letter = keyof typeof EVENTS;

/** The result of one event. */
export interface SimulationStep {
  readonly fault: Fault | undefined;
  readonly newOccurrence: boolean;
  readonly announced: FaultEventType | undefined;
  readonly nearMiss: NearMiss | undefined;
}

/** The life of one fault `F1`. Time advances by one second with each event, or is set with `at`. */
export class FaultSimulation {
  rules: DebounceRules;
  fault: Fault | undefined;
  nowNs = 0n;
  readonly nearMisses: NearMiss[] = [];

  constructor(rules: DebounceRules = rulesOf()) {
    this.rules = rules;
  }

  /** Sets the time of the next event, in seconds. */
  at(seconds: number): this {
    this.nowNs = BigInt(Math.round(seconds * 1e9)) - 1_000_000_000n;
    return this;
  }

  meet(event: Letter | DebounceEvent, rules: DebounceRules = this.rules): SimulationStep {
    this.nowNs += 1_000_000_000n;
    const before = this.fault;
    const resolved = typeof event === 'string' ? this.#eventOf(event) : event;
    const step = stepFault('F1', before, resolved, rules, this.nowNs);
    this.fault = step.fault;
    const nearMiss = nearMissOf(step.fault, resolved, rules.band);
    if (nearMiss !== undefined) this.nearMisses.push(nearMiss);
    return {
      fault: step.fault,
      newOccurrence: step.newOccurrence,
      announced: announcementOf(before, step),
      nearMiss,
    };
  }

  /** Plays several events, as in `'F F P'`; returns the last entry. */
  play(letters: string): SimulationStep {
    let last: SimulationStep | undefined;
    for (const letter of letters.split(' ')) last = this.meet(letter as Letter);
    if (last === undefined) throw new Error('no event to play');
    return last;
  }

  #eventOf(letter: Letter): DebounceEvent {
    if (letter !== 'elapsed') return EVENTS[letter];
    return { kind: 'elapsed', ageNs: this.nowNs - (this.fault?.lastOccurredNs ?? this.nowNs) };
  }

  get status(): FaultStatus | undefined {
    return this.fault?.status;
  }
}
