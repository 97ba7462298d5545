import type { Incident, IncidentCrossing, IncidentRecording, OutbreakDetail, OutbreakSummary } from '@medkit/contract';
import type { FaultSeverity, Origin } from '@medkit/core';

/** Maximum time of a `Date`, milliseconds from 1970; times of other gateways are validated against it. */
const MAX_MS = 8.64e15;

export function isTime(ms: unknown): ms is number {
  return typeof ms === 'number' && Math.abs(ms) <= MAX_MS;
}

/** The fault that a correlation rule names as the cause. */
export interface Cause {
  readonly origin: Origin;
  readonly code: string;
  readonly ruleId: string;
}

/** One occurrence of a confirmed fault, the unit of incidents. Times are milliseconds of the local wall clock. */
export interface Occurrence {
  readonly origin: Origin;
  readonly code: string;
  /** Number of the occurrence, counted from 1 for each fault. */
  readonly number: number;
  /** Number of the confirming event in the log of its gateway; absent while only lists have reported the occurrence. */
  readonly sequence?: number;
  readonly description: string;
  readonly severity: FaultSeverity;
  readonly entity?: { readonly type: NonNullable<Incident['entity_type']>; readonly id: string };
  readonly beganMs: number;
  /** Start time by the clock of its gateway. It identifies the occurrence independently of the clock difference. */
  readonly startedMs: number;
  /** Time of the last FAILED report; the description with the later one counts. */
  readonly reportedMs: number;
  readonly healedMs?: number;
  readonly clearedMs?: number;
  readonly clearedBy?: string;
  readonly cause?: Cause;
  /** The cluster of a correlation rule. */
  readonly clusterId?: string;
  readonly recordings: readonly IncidentRecording[];
  /**
   * Sorted entities that its entity depends on, runs on or serves: `app:planner`, `component:base`, `function:driving`.
   */
  readonly related: readonly string[];
  readonly blocksMotion?: boolean;
  readonly crossing?: IncidentCrossing;
  /** Set for an outbreak of a fleet, which is an incident of its kind; the report with the later `reportedMs` counts. */
  readonly outbreak?: { readonly summary: OutbreakSummary; readonly detail: OutbreakDetail };
}

/** Returns a unique key of an occurrence. */
export function occurrenceKey({ origin, code, number, startedMs }: Occurrence): string {
  return `${origin} ${code} ${number} ${Math.round(startedMs)}`;
}

/** Caches of keys: occurrences are immutable, and every grouping asks for their keys. */
const faultKeys = new WeakMap<FaultNames, string>();
const entityNames = new WeakMap<NonNullable<Occurrence['entity']>, string>();

type FaultNames = Pick<Occurrence, 'origin' | 'code'> & Partial<Pick<Occurrence, 'number' | 'outbreak'>>;

/** Returns a unique key of a fault. Gateway names contain no space. Each outbreak is a fault that occurs once. */
export function faultKey(fault: FaultNames): string {
  const known = faultKeys.get(fault);
  if (known !== undefined) return known;
  const key = `${fault.origin} ${fault.code}${fault.outbreak ? ` ${fault.number}` : ''}`;
  faultKeys.set(fault, key);
  return key;
}

/** Returns the name of its entity, in the form of `related`. */
export function entityName({ entity }: Occurrence): string | undefined {
  if (!entity) return undefined;
  const known = entityNames.get(entity);
  if (known !== undefined) return known;
  const name = `${entity.type}:${entity.id}`;
  entityNames.set(entity, name);
  return name;
}

/** Returns when the occurrence ended; `undefined` while it is active. */
export function endOf({ healedMs, clearedMs }: Occurrence): number | undefined {
  return healedMs ?? clearedMs;
}

/** Compares occurrences by start, earliest first, with a fixed order for equal times. */
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
