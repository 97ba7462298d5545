import type { Fault, FaultEvent, FaultEventType } from '@medkit/core';
import type { NewEvent, Row, StoredEvent } from '@medkit/store';
import { ANNOUNCEMENTS } from '../debounce/step-fault.ts';
import { nanoseconds } from './fault-row.ts';

/** An event without a number yet. */
export type NewFaultEvent = Omit<FaultEvent, 'id'>;

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

interface Payload {
  readonly fault: Omit<Fault, (typeof TIMES)[number]> & Readonly<Record<(typeof TIMES)[number], string>>;
  readonly autoClearedCodes: readonly string[];
}

function withTimes<T>(fault: Readonly<Record<(typeof TIMES)[number], unknown>>, as: (time: unknown) => T) {
  return Object.fromEntries(TIMES.map((name) => [name, as(fault[name])])) as Record<(typeof TIMES)[number], T>;
}

/** Encodes a fault event for the event log. */
export function encodeFaultEvent({ type, fault, timeNs, autoClearedCodes }: NewFaultEvent): NewEvent {
  const payload: Payload = { fault: { ...fault, ...withTimes(fault, String) }, autoClearedCodes };
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
  const { fault: stored, autoClearedCodes }: Payload = JSON.parse(event.payload);
  const fault: Payload['fault'] = { ...SINCE_ADDED, ...stored };
  const times = withTimes(fault, (time) => BigInt(String(time)));
  return { id, type, fault: { ...fault, ...times }, timeNs, autoClearedCodes };
}
