import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  FAULT_MANAGER_ID,
  FAULT_STATUSES,
  type Fault,
  type FaultEvent,
  type FaultOccurrence,
  type FaultProvider,
  type FaultSeverity,
  type Model,
} from '@medkit/core';
import { localManager } from '@medkit/faults';

/** Events per read of the log. */
const PAGE = 1000;
/** Maximum faults whose stored occurrences are read if the log of events begins too late. */
const MAX_OCCURRENCE_READS = 200;

/** A fault that was confirmed and not over. */
export interface PastFault {
  readonly code: string;
  readonly description: string;
  readonly sources: readonly string[];
  readonly occurrence: number;
  readonly confirmedMs: number;
  /** Absent if the log of events no longer reaches back to it. */
  readonly severity?: FaultSeverity;
}

export interface PastFaults {
  readonly items: readonly PastFault[];
  /** First time from which the log has all events; absent if none was removed. */
  readonly beginsMs?: number;
  /** What is missing, and why. */
  readonly missing?: string;
}

/** The faults after some events. */
export type FaultsByCode = ReadonlyMap<string, FaultEvent>;

/**
 * Returns the last event of each fault at a moment. As in `excerptAt`, the moment is after the last event whose time is
 * not later.
 * @param pages the log of events from its beginning
 */
export async function lastEvents(
  pages: AsyncIterable<readonly FaultEvent[]> | Iterable<readonly FaultEvent[]>,
  tNs: bigint,
): Promise<FaultsByCode> {
  const faults = new Map<string, FaultEvent>();
  // Events after the moment, unless one before it follows.
  let later: FaultEvent[] = [];
  for await (const page of pages) {
    for (const event of page) {
      later.push(event);
      if (event.timeNs > tNs) continue;
      for (const each of later) apply(faults, each);
      later = [];
    }
  }
  return faults;
}

function apply(faults: Map<string, FaultEvent>, event: FaultEvent): void {
  faults.set(event.fault.code, event);
  for (const code of event.autoClearedCodes) {
    const symptom = faults.get(code);
    if (symptom) faults.set(code, { ...symptom, fault: { ...symptom.fault, status: 'CLEARED' } });
  }
}

/** Reads the confirmed faults of this gateway at a moment from the log of its fault manager. */
export async function readPastFaults(model: Model, tMs: number, call: CallContext): Promise<PastFaults> {
  const manager = localManager(model);
  if (!manager) return { items: [], missing: 'This gateway has no fault manager' };
  try {
    return await faultsOf(manager.provider, BigInt(Math.floor(tMs * 1000)) * 1000n, call);
  } catch (error) {
    if (!(error instanceof SovdError)) throw error;
    return { items: [], missing: `The fault manager does not answer: ${error.message}` };
  }
}

async function faultsOf(provider: FaultProvider, tNs: bigint, call: CallContext): Promise<PastFaults> {
  let first: FaultEvent | undefined;
  const pages = async function* () {
    for (let after = 0; ; ) {
      const { events } = await provider.eventsAfter(FAULT_MANAGER_ID, after, PAGE, call);
      first ??= events[0];
      yield events;
      const last = events.at(-1);
      if (!last || events.length < PAGE) return;
      after = last.id;
    }
  };
  const logged = await lastEvents(pages(), tNs);
  const items = [...logged.values()].flatMap(({ fault }) => (fault.status === 'CONFIRMED' ? [pastFault(fault)] : []));
  if (!first || first.id <= 1) return { items: items.sort(byCode) };
  const earlier = await earlierFaults(provider, logged, tNs, call);
  const beginsMs = Number(first.timeNs / 1000n) / 1000;
  return { ...earlier, items: [...items, ...earlier.items].sort(byCode), beginsMs };
}

/** Finds faults whose last event before the moment was removed from the log, by their stored occurrences. */
async function earlierFaults(
  provider: FaultProvider,
  logged: FaultsByCode,
  tNs: bigint,
  call: CallContext,
): Promise<PastFaults> {
  const query = { statuses: FAULT_STATUSES, includeMuted: true };
  const { faults } = await provider.list(FAULT_MANAGER_ID, query, call);
  const others = faults.flatMap(({ fault }) => (logged.has(fault.code) ? [] : [fault]));
  const items: PastFault[] = [];
  const unknown: string[] = others.slice(MAX_OCCURRENCE_READS).map(({ code }) => code);
  for (const fault of others.slice(0, MAX_OCCURRENCE_READS)) {
    const occurrences = await provider.occurrences(FAULT_MANAGER_ID, fault.code, call);
    const occurrence = occurrences.findLast(({ startedNs }) => startedNs <= tNs);
    if (!occurrence && (occurrences[0]?.number ?? 2) > 1) unknown.push(fault.code);
    if (occurrence && isConfirmed(occurrence, tNs)) {
      const { severity: _, ...item } = pastFault({
        ...fault,
        confirmedAtNs: occurrence.confirmedAtNs,
        occurrenceCount: occurrence.number,
      });
      items.push(item);
    }
  }
  if (unknown.length === 0) return { items };
  const [some, count] = [unknown.slice(0, 5).join(', '), unknown.length];
  return { items, missing: `The log of faults no longer reaches back to ${count} of them: ${some}` };
}

function isConfirmed({ confirmedAtNs, healedAtNs, clearedAtNs }: FaultOccurrence, tNs: bigint): boolean {
  const isOver = [healedAtNs, clearedAtNs].some((endNs) => endNs > 0n && endNs <= tNs);
  return confirmedAtNs > 0n && confirmedAtNs <= tNs && !isOver;
}

function pastFault({ code, description, sources, occurrenceCount, confirmedAtNs, severity }: Fault): PastFault {
  return {
    code,
    description,
    sources,
    occurrence: occurrenceCount,
    confirmedMs: Number(confirmedAtNs / 1000n) / 1000,
    severity,
  };
}

const byCode = (one: PastFault, other: PastFault): number => (one.code < other.code ? -1 : 1);
