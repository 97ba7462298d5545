import type { JsonValue } from '@medkit/core';
import { MAX_ASSOCIATED, MAX_TEXT } from '../bounds.ts';
import type { PlcEvent } from '../plc-event.ts';
import { toJsonValue } from './json-value.ts';
import { type ReceivedVariant, scalarOf } from './scalars.ts';

/** An event field: its type and its path of browse names (OPC 10000-4, 7.7.4.5). */
export interface EventField {
  readonly type: string;
  readonly path: readonly string[];
}

const BASE_EVENT = 'i=2041';
const CONDITION = 'i=2782';
const ACKNOWLEDGEABLE = 'i=2881';
const ALARM = 'i=2915';

/** Fields requested with every event (OPC 10000-5, 6.4.2, and OPC 10000-9, 5.5 to 5.8), by the names used here. */
const FIELDS = {
  eventId: { type: BASE_EVENT, path: ['EventId'] },
  eventType: { type: BASE_EVENT, path: ['EventType'] },
  sourceNode: { type: BASE_EVENT, path: ['SourceNode'] },
  sourceName: { type: BASE_EVENT, path: ['SourceName'] },
  time: { type: BASE_EVENT, path: ['Time'] },
  message: { type: BASE_EVENT, path: ['Message'] },
  severity: { type: BASE_EVENT, path: ['Severity'] },
  /** An empty path means the condition itself (OPC 10000-9, 5.5.2.13). */
  conditionId: { type: CONDITION, path: [] },
  conditionName: { type: CONDITION, path: ['ConditionName'] },
  branchId: { type: CONDITION, path: ['BranchId'] },
  retain: { type: CONDITION, path: ['Retain'] },
  enabled: { type: CONDITION, path: ['EnabledState', 'Id'] },
  acknowledged: { type: ACKNOWLEDGEABLE, path: ['AckedState', 'Id'] },
  confirmed: { type: ACKNOWLEDGEABLE, path: ['ConfirmedState', 'Id'] },
  active: { type: ALARM, path: ['ActiveState', 'Id'] },
  shelving: { type: ALARM, path: ['ShelvingState', 'CurrentState', 'Id'] },
  shelvingName: { type: ALARM, path: ['ShelvingState', 'CurrentState'] },
} as const satisfies Record<string, EventField>;

type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

/** States of ShelvedStateMachineType (OPC 10000-9, 5.8.17) in which a condition is shelved: timed and one-shot. */
const SHELVED: ReadonlySet<unknown> = new Set(['i=2932', 'i=2933']);
/** The same by name: some servers provide no id of the state, or a vendor-specific one. */
const SHELVED_NAME = /^(?:timed|one[ _-]?shot)[ _-]?shelved$/i;
/** A server sends a status instead of a field that it does not have (OPC 10000-4, 7.22.3). */
const STATUS_CODE = 19;

/** Returns all fields to request, in the order of the answer: condition fields, then additional ones. */
export function eventFields(associatedValues: readonly string[]): readonly EventField[] {
  const further = associatedValues
    .slice(0, MAX_ASSOCIATED)
    .map((name) => ({ type: BASE_EVENT, path: name.split('/') }));
  return [...FIELD_NAMES.map((name) => FIELDS[name]), ...further];
}

/** Returns the path of a field below a condition, for reading. */
export function fieldPath(name: FieldName): readonly string[] {
  return FIELDS[name].path;
}

/** Returns a field of an event by name; a server may omit any of them. */
export type FieldReader = (name: FieldName) => ReceivedVariant | undefined;

/** Parses the fields of an event; `undefined` without the id that is needed to acknowledge it. */
export function eventOf(
  notifier: string,
  fields: readonly ReceivedVariant[],
  associatedValues: readonly string[],
): PlcEvent | undefined {
  const valueAt = (index: number) => (fields[index]?.dataType === STATUS_CODE ? undefined : fields[index]);
  const read: FieldReader = (name) => valueAt(FIELD_NAMES.indexOf(name));
  const eventId = eventIdOf(read('eventId'));
  if (eventId === undefined) return undefined;
  const associated = new Map<string, string>();
  for (const [index, name] of associatedValues.slice(0, MAX_ASSOCIATED).entries()) {
    const field = valueAt(FIELD_NAMES.length + index);
    const value = field && toJsonValue(field).value;
    if (value !== undefined) associated.set(name, associatedText(value));
  }
  return { ...conditionOf(notifier, read, associated), eventId };
}

function associatedText(value: JsonValue): string {
  if (typeof value !== 'object') return String(value);
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  return text.slice(0, MAX_TEXT);
}

/** Returns the id that is needed to acknowledge an event; `undefined` if the server gave none. */
export function eventIdOf(field: ReceivedVariant | undefined): Uint8Array | undefined {
  const octets = field?.value;
  if (!(octets instanceof Uint8Array) || octets.length > MAX_TEXT) return undefined;
  // A copy: the library's bytes are part of a received message and would keep it in memory.
  return Uint8Array.from(octets);
}

/** Returns a condition from an event or from read fields. */
export function conditionOf(
  notifier: string,
  read: FieldReader,
  associated: ReadonlyMap<string, string>,
): Omit<PlcEvent, 'eventId'> {
  const scalar = (name: FieldName) => {
    const field = read(name);
    return field && scalarOf(field);
  };
  const text = (name: FieldName) => String(scalar(name) ?? '');
  const id = (name: FieldName) => text(name) || undefined;
  return {
    notifier,
    conditionId: id('conditionId'),
    eventType: text('eventType'),
    sourceNode: text('sourceNode'),
    sourceName: text('sourceName'),
    conditionName: text('conditionName'),
    branchId: id('branchId'),
    message: text('message'),
    severity: severityOf(scalar('severity')),
    timeNs: timeOf(read('time')?.value),
    enabled: scalar('enabled') !== false,
    active: stateOf(scalar('active')),
    shelved: SHELVED.has(id('shelving')) || SHELVED_NAME.test(text('shelvingName').trim()),
    acknowledged: scalar('acknowledged') === true,
    // A server without support for confirmation has no such field; the condition then needs none.
    confirmed: scalar('confirmed') !== false,
    retain: scalar('retain') === true,
    associated,
  };
}

function stateOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** Returns the severity, 1 to 1000 (OPC 10000-5, 6.4.2); 1 for invalid values. */
function severityOf(value: unknown): number {
  return typeof value === 'number' ? Math.min(1000, Math.max(1, Math.round(value))) : 1;
}

function timeOf(value: unknown): bigint {
  const ms = value instanceof Date ? value.getTime() : Number.NaN;
  return ms > 0 ? BigInt(ms) * 1_000_000n : 0n;
}
