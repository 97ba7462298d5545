import type { Fault, FaultEvent, FaultEventType } from '@medkit/core';
import type { NewEvent, Row, StoredEvent } from '@medkit/store';
import { ANNOUNCEMENTS } from '../debounce/step-fault.ts';
import { nanoseconds } from './fault-row.ts';

/** An event without a number yet. */
export interface NewFaultEvent extends Omit<FaultEvent, 'id'> {
  /** Code of the root cause that a correlation rule gives the fault. For the uplink log; the event log lacks it. */
  readonly cause?: string | undefined;
}

/** Times of a fault, stored as texts because JSON has no 64-bit integers. */
const TIMES = [
  'firstOccurredNs',
  'lastOccurredNs',
  'lastPassedNs',
  'confirmedAtNs',
  'healedAtNs',
  'clearedAtNs',
] as const;
/** Fields that events of earlier releases lack. */
const SINCE_ADDED = { healedAtNs: '0', clearedAtNs: '0', clearedBy: '' } as const;

/** A fault as JSON. */
export type StoredFault = Omit<Fault, (typeof TIMES)[number]> & Readonly<Record<(typeof TIMES)[number], string>>;

interface Payload {
  readonly fault: StoredFault;
  readonly autoClearedCodes: readonly string[];
}

function withTimes<T>(fault: Readonly<Record<(typeof TIMES)[number], unknown>>, as: (time: unknown) => T) {
  return Object.fromEntries(TIMES.map((name) => [name, as(fault[name])])) as Record<(typeof TIMES)[number], T>;
}

/** Converts a fault to plain JSON. */
export const storedFaultOf = (fault: Fault): StoredFault => ({ ...fault, ...withTimes(fault, String) });

/** Converts plain JSON, also that of earlier releases, to a fault. Throws for a time that is not a number. */
export function faultOfStored(stored: StoredFault): Fault {
  const fault: StoredFault = { ...SINCE_ADDED, ...stored };
  return { ...fault, ...withTimes(fault, (time) => BigInt(String(time))) };
}

/** Encodes a fault event for the event log. */
export function encodeFaultEvent({ type, fault, timeNs, autoClearedCodes }: NewFaultEvent): NewEvent {
  const payload: Payload = { fault: storedFaultOf(fault), autoClearedCodes };
  return { timeNs, type, payload: JSON.stringify(payload) };
}

/** Returns whether an event is a fault event; the log may contain others. */
export function isFaultEvent(event: StoredEvent): event is StoredEvent & { readonly type: FaultEventType } {
  return ANNOUNCEMENTS.some((type) => type === event.type);
}

/** Converts a row of the event table to an event. */
export function storedEventOf({ id, time_ns, type, payload }: Row): StoredEvent {
  return { id: Number(id), timeNs: nanoseconds(time_ns), type: String(type), payload: String(payload) };
}

/** Decodes a fault event from a row of the log. */
export function decodeFaultEvent(event: StoredEvent & { readonly type: FaultEventType }): FaultEvent {
  const { id, type, timeNs } = event;
  const { fault, autoClearedCodes }: Payload = JSON.parse(event.payload);
  return { id, type, fault: faultOfStored(fault), timeNs, autoClearedCodes };
}
