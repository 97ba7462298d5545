import type { Incident, IncidentCrossing, IncidentRecording } from '@medkit/contract';
import type { FaultSeverity, Origin } from '@medkit/core';

/** No `Date` is further from 1970: what a gateway says of time may be anything. */
const MAX_MS = 8.64e15;

export function isTime(ms: unknown): ms is number {
  return typeof ms === 'number' && Math.abs(ms) <= MAX_MS;
}

/** Another fault that a correlation rule names as the cause. */
export interface Cause {
  readonly origin: Origin;
  readonly code: string;
  readonly ruleId: string;
}

/** One coming and going of a confirmed fault: what incidents are made of. Times are wall clock here, milliseconds. */
export interface Occurrence {
  readonly origin: Origin;
  readonly code: string;
  /** Which time the fault had come, from 1. */
  readonly number: number;
  /** The number of the event that confirmed it in the log of its gateway; absent as long as lists alone have told of it. */
  readonly sequence?: number;
  readonly description: string;
  readonly severity: FaultSeverity;
  readonly entity?: { readonly type: NonNullable<Incident['entity_type']>; readonly id: string };
  readonly beganMs: number;
  /** The same by the clock of its gateway: what tells it from others whatever is known of that clock. */
  readonly startedMs: number;
  /** The last report that it failed: who tells of a later one knows better how it is described. */
  readonly reportedMs: number;
  readonly healedMs?: number;
  readonly clearedMs?: number;
  readonly clearedBy?: string;
  readonly cause?: Cause;
  /** The cluster that a correlation rule has put it into. */
  readonly clusterId?: string;
  readonly recordings: readonly IncidentRecording[];
  /** What its entity depends on, is on or serves: `app:planner`, `component:base`, `function:driving`. Sorted. */
  readonly related: readonly string[];
  readonly blocksMotion?: boolean;
  readonly crossing?: IncidentCrossing;
}

/** Tells one occurrence from every other. */
export function occurrenceKey({ origin, code, number, startedMs }: Occurrence): string {
  return `${origin} ${code} ${number} ${Math.round(startedMs)}`;
}

/** Occurrences are plain data that never change: their keys, which each grouping asks for, are made once. */
const faultKeys = new WeakMap<Pick<Occurrence, 'origin' | 'code'>, string>();
const entityNames = new WeakMap<NonNullable<Occurrence['entity']>, string>();

/** Tells its fault from every other. No name of a gateway has a space. */
export function faultKey(fault: Pick<Occurrence, 'origin' | 'code'>): string {
  const known = faultKeys.get(fault);
  if (known !== undefined) return known;
  const key = `${fault.origin} ${fault.code}`;
  faultKeys.set(fault, key);
  return key;
}

/** Its entity, as those that are related to it name it. */
export function entityName({ entity }: Occurrence): string | undefined {
  if (!entity) return undefined;
  const known = entityNames.get(entity);
  if (known !== undefined) return known;
  const name = `${entity.type}:${entity.id}`;
  entityNames.set(entity, name);
  return name;
}

/** When it was over; `undefined` while it lasts. */
export function endOf({ healedMs, clearedMs }: Occurrence): number | undefined {
  return healedMs ?? clearedMs;
}

/** From the earliest to the latest; of two of one moment always the same first. */
export function byStart(one: Occurrence, other: Occurrence): number {
  return (
    one.beganMs - other.beganMs ||
    order(one.origin, other.origin) ||
    order(one.code, other.code) ||
    one.number - other.number ||
    one.startedMs - other.startedMs
  );
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
