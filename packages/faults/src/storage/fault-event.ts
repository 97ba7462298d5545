import type { NewEvent, StoredEvent } from '@medkit/store';
import type { Announcement } from '../debounce/announcement.ts';
import type { Fault } from '../fault/fault.ts';

/** What subscribers are told, in the order of its numbers, also after a restart. */
export interface FaultEvent extends NewFaultEvent {
  readonly id: number;
}

export interface NewFaultEvent {
  readonly type: Announcement;
  /** The whole fault after what happened. */
  readonly fault: Fault;
  /** When it happened, wall clock. */
  readonly timeNs: bigint;
  /** Symptoms that were cleared together with their root cause; they have no event of their own. */
  readonly autoClearedCodes: readonly string[];
}

/** Times of a fault; JSON has no integer of 64 bits, so they are texts there. */
const TIMES = ['firstOccurredNs', 'lastOccurredNs', 'lastPassedNs', 'confirmedAtNs'] as const;

/** A fault event for the log of events. */
export function encodeFaultEvent({ type, fault, timeNs, autoClearedCodes }: NewFaultEvent): NewEvent {
  const times = Object.fromEntries(TIMES.map((name) => [name, String(fault[name])]));
  return { timeNs, type, payload: JSON.stringify({ fault: { ...fault, ...times }, autoClearedCodes }) };
}

/** The fault event of a row of the log. */
export function decodeFaultEvent({ id, type, timeNs, payload }: StoredEvent): FaultEvent {
  const { fault, autoClearedCodes } = JSON.parse(payload);
  const times = Object.fromEntries(TIMES.map((name) => [name, BigInt(fault[name])]));
  return { id, type: type as Announcement, fault: { ...fault, ...times }, timeNs, autoClearedCodes };
}
