import type { Fault, FaultEventType } from '@medkit/core';
import { withFailing, withPassed } from '../fault/fault-conditions.ts';
import { withReport } from '../fault/fault-sources.ts';
import { SEVERITY, worse } from '../fault/severity.ts';
import { resultsOfOccurrence, withFailingSource, withPassedSource } from '../fault/source-results.ts';
import { clampCounter, statusOf } from './debounce-band.ts';
import type { DebounceEvent, DebounceRules } from './debounce-event.ts';

/** Maximum of the wire type `uint32`. */
export const MAX_OCCURRENCE_COUNT = 2 ** 32 - 1;

/** The effect of an event on a fault. */
export interface DebounceStep {
  /** The fault after the event; the same object if nothing changed. */
  readonly fault: Fault | undefined;
  /** True if the fault occurred for the first time, or again after it was cleared or healed. */
  readonly newOccurrence: boolean;
  /** The status reached with this event, if it is one that subscribers are notified of. */
  readonly reached?: 'CONFIRMED' | 'HEALED' | 'CLEARED';
}

type Failed = Extract<DebounceEvent, { kind: 'failed' }>;
type Passed = Extract<DebounceEvent, { kind: 'passed' }>;

function confirmsAtOnce(event: Failed, rules: DebounceRules): boolean {
  return rules.criticalImmediateConfirm && event.severity === SEVERITY.CRITICAL;
}

const NO_SOURCES = { sources: [] } as const;

/**
 * Processes a first report, or the first after clearing: counter and severity start again; earlier sources are kept.
 */
function occur(code: string, past: Fault | undefined, event: Failed, rules: DebounceRules, nowNs: bigint): Fault {
  const status = confirmsAtOnce(event, rules) ? 'CONFIRMED' : statusOf(-1, 'PREFAILED', rules.band);
  return {
    code,
    severity: event.severity,
    description: event.description || (past?.description ?? ''),
    status,
    counter: -1,
    ...nextOccurrence(past, nowNs),
    ...withReport(past ?? NO_SOURCES, event),
    ...resultsOf(past, event, true),
    lastOccurredNs: nowNs,
    lastPassedNs: past?.lastPassedNs ?? 0n,
    confirmedAtNs: status === 'CONFIRMED' ? nowNs : 0n,
  };
}

function failAgain(fault: Fault, event: Failed, rules: DebounceRules, nowNs: bigint): Fault {
  // Clamped before and after: a value from the wider band of another source must not outweigh this report.
  const counter = clampCounter(clampCounter(fault.counter, rules.band) - 1, rules.band);
  const status = confirmsAtOnce(event, rules) ? 'CONFIRMED' : statusOf(counter, fault.status, rules.band);
  const { latestDescription: _, ...past } = fault;
  const after: Fault = {
    ...past,
    severity: worse(fault.severity, event.severity),
    ...describeAgain(fault, event.description),
    status,
    counter,
    ...withReport(fault, event),
    ...resultsOf(fault, event, false),
    lastOccurredNs: nowNs,
    confirmedAtNs: status === 'CONFIRMED' && fault.status !== 'CONFIRMED' ? nowNs : fault.confirmedAtNs,
  };
  if (!comesBack(fault, after)) return after;
  const { latestDescription: __, ...again } = after;
  return {
    ...again,
    severity: event.severity,
    description: event.description || fault.description,
    ...nextOccurrence(fault, nowNs),
  };
}

/** The first text of an occurrence is its cause and stays; a later text is stored next to it. */
function describeAgain(
  { description, latestDescription }: Fault,
  text: string,
): Pick<Fault, 'description' | 'latestDescription'> {
  if (description === '') return { description: text };
  const latest = text === '' ? latestDescription : text;
  return { description, ...(latest !== undefined && latest !== description && { latestDescription: latest }) };
}

/**
 * Returns whether a healed fault is confirmed again. Failures before that are near misses and belong to no occurrence.
 */
const comesBack = (before: Fault | undefined, { status }: Fault): boolean =>
  before?.status === 'HEALED' && status === 'CONFIRMED';

/** Returns the number and start of an occurrence that begins now, without an end. */
function nextOccurrence(past: Fault | undefined, nowNs: bigint) {
  return {
    occurrenceCount: Math.min((past?.occurrenceCount ?? 0) + 1, MAX_OCCURRENCE_COUNT),
    firstOccurredNs: nowNs,
    healedAtNs: 0n,
    clearedAtNs: 0n,
    clearedBy: '',
  };
}

/** Updates the latest results for a FAILED report: of its condition if it names one, otherwise of its source. */
function resultsOf(
  known: Fault | undefined,
  event: Failed,
  isNewOccurrence: boolean,
): Pick<Fault, 'conditions' | 'sourceResults'> {
  const conditions = withFailing(known?.conditions, event.condition, isNewOccurrence, event.source);
  const past = isNewOccurrence ? undefined : known;
  const sourceResults =
    event.condition === undefined ? withFailingSource(past, event) : past ? resultsOfOccurrence(past) : [];
  return { ...(conditions.length > 0 && { conditions }), sourceResults };
}

/**
 * Processes a PASSED report. It counts only if no other source and no other condition still fails. It is stored in
 * either case, so that the PASSED report of the last failing one counts.
 */
function pass(before: Fault, event: Passed, { band, sharedHealing }: DebounceRules, nowNs: bigint): Fault {
  const fault = withPassedReport(before, event);
  const isFailing = ({ failing }: { readonly failing: boolean }) => failing;
  const isCondition = event.condition !== undefined;
  if ((isCondition || !sharedHealing) && fault.conditions?.some(isFailing)) return fault;
  if (!sharedHealing && fault.sourceResults?.some(isFailing)) return fault;
  const counter = clampCounter(clampCounter(fault.counter, band) + 1, band);
  const status = statusOf(counter, fault.status, band);
  if (status !== 'HEALED' || fault.status === 'HEALED') return { ...fault, status, counter, lastPassedNs: nowNs };
  // With shared healing, sources that still fail count as passed from now on: the next occurrence does not wait for
  // them.
  const sourceResults = fault.sourceResults?.map((each) => ({ ...each, failing: false }));
  return {
    ...fault,
    status,
    counter,
    lastPassedNs: nowNs,
    healedAtNs: nowNs,
    ...(sourceResults && { sourceResults }),
  };
}

/** Returns the same fault if the report changes no result. */
function withPassedReport(fault: Fault, event: Passed): Fault {
  if (event.condition !== undefined) {
    const conditions = withPassed(fault.conditions, event.condition);
    return conditions === fault.conditions ? fault : { ...fault, conditions };
  }
  const sourceResults = withPassedSource(fault.sourceResults, event);
  return sourceResults === fault.sourceResults ? fault : { ...fault, sourceResults };
}

function clear(fault: Fault, by: string, nowNs: bigint): Fault {
  return { ...fault, status: 'CLEARED', clearedAtNs: nowNs, clearedBy: by };
}

function elapse(fault: Fault, ageNs: bigint, { autoConfirmAfterNs }: DebounceRules, nowNs: bigint): Fault {
  const due = autoConfirmAfterNs > 0n && ageNs >= autoConfirmAfterNs;
  return due && fault.status === 'PREFAILED' ? { ...fault, status: 'CONFIRMED', confirmedAtNs: nowNs } : fault;
}

/** Processes an event other than a FAILED report for an existing fault. */
function settle(
  fault: Fault,
  event: Exclude<DebounceEvent, { kind: 'failed' }>,
  rules: DebounceRules,
  nowNs: bigint,
): Fault {
  switch (event.kind) {
    case 'passed':
      return pass(fault, event, rules, nowNs);
    case 'clear':
      return clear(fault, event.by, nowNs);
    case 'elapsed':
      return elapse(fault, event.ageNs, rules, nowNs);
    case 'restart':
      return fault.status === 'HEALED' && !rules.band.healingEnabled ? clear(fault, event.by, nowNs) : fault;
  }
}

function reachedBy(before: Fault | undefined, { status }: Fault): Pick<DebounceStep, 'reached'> {
  const silent = status === 'PREFAILED' || status === 'PREPASSED' || status === before?.status;
  return silent ? {} : { reached: status };
}

/**
 * Returns the effect of `event` at wall time `nowNs` on the fault with this code; an `undefined` fault never failed.
 * The function is pure, so that a recorded series of events replays exactly.
 */
export function stepFault(
  code: string,
  fault: Fault | undefined,
  event: DebounceEvent,
  rules: DebounceRules,
  nowNs: bigint,
): DebounceStep {
  const absent = fault === undefined || fault.status === 'CLEARED';
  if (event.kind === 'failed') {
    const after = absent ? occur(code, fault, event, rules, nowNs) : failAgain(fault, event, rules, nowNs);
    return { fault: after, newOccurrence: absent || comesBack(fault, after), ...reachedBy(fault, after) };
  }
  if (absent) return { fault, newOccurrence: false };
  const after = settle(fault, event, rules, nowNs);
  return { fault: after, newOccurrence: false, ...reachedBy(fault, after) };
}

/** Event types that subscribers receive. */
export const ANNOUNCEMENTS: readonly FaultEventType[] = ['fault_confirmed', 'fault_updated', 'fault_cleared'];

/**
 * Returns the event type that subscribers receive for a step, if any. Every report of a confirmed fault is announced.
 */
export function announcementOf(
  before: Fault | undefined,
  { fault, reached }: DebounceStep,
): FaultEventType | undefined {
  if (reached !== undefined) return reached === 'CONFIRMED' ? 'fault_confirmed' : 'fault_cleared';
  return fault?.status === 'CONFIRMED' && fault !== before ? 'fault_updated' : undefined;
}
