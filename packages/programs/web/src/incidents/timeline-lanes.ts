import type { IncidentDetail, IncidentFault, TimelineKind, TimelineRow } from '@medkit/contract';
import { severityLevel } from '../logs/log-severity.ts';
import { REAL_MS } from '../time/times.ts';

/** Time span of a timeline, milliseconds since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something with a duration, drawn as a bar; without an end it is still active. */
export interface Bar {
  readonly key: string;
  /** Row of the bar, from 0 at the top; bars in one row do not overlap. */
  readonly row: number;
  readonly fromMs: number;
  readonly toMs: number | undefined;
  readonly text: string;
  readonly severity?: number;
  /** Number of the fault, as in the chart and the list. */
  readonly number?: number;
  /** True if it ended with a failure. */
  readonly hasFailed?: boolean;
}

/** An event without duration, or several that are too close to draw separately. */
export interface Moment {
  readonly key: string;
  readonly ms: number;
  readonly count: number;
  readonly text: string;
  readonly severity?: number;
}

export interface Lane {
  readonly kind: TimelineKind;
  readonly bars: readonly Bar[];
  readonly moments: readonly Moment[];
  /** Number of bar rows, at least one. */
  readonly rows: number;
}

/** A stop for stepping through the timeline by keyboard, in order of time. */
export interface Event {
  readonly ms: number;
  readonly text: string;
  readonly number?: number;
}

const BEFORE_MS = 30_000;
const AFTER_MS = 8000;
/** Number of mark positions along a lane that can be distinguished. */
const PLACES = 240;
/** Maximum faults drawn as bars; the list of causes has all of them. */
const MAX_FAULT_BARS = 40;

const ms = (text: string | null | undefined): number | undefined => {
  const parsed = Date.parse(text ?? '');
  return Number.isNaN(parsed) ? undefined : parsed;
};

/** Returns when a fault ended, or `undefined` while it is active. */
function endOfFault({ healed_at, cleared_at, status }: IncidentFault): number | undefined {
  if (status === 'active') return undefined;
  const ends = [ms(healed_at), ms(cleared_at)].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Returns the span of an incident: from half a minute before it began until shortly after its end, or until now. */
export function spanOf({ began, healed_at, closed_at, faults }: IncidentDetail, nowMs: number): Span {
  const beganMs = ms(began) ?? nowMs;
  const ends = [ms(healed_at), ms(closed_at), ...faults.map(endOfFault)].filter((end) => end !== undefined);
  const isOver = healed_at !== undefined && healed_at !== null;
  // Simulated time has no relation to the current time, so the span ends at the last known timestamp.
  const known = beganMs < REAL_MS ? [...faults.map((fault) => ms(fault.began) ?? beganMs), beganMs] : [nowMs];
  const endMs = Math.max(...(isOver && ends.length > 0 ? ends : known));
  return { fromMs: beganMs - BEFORE_MS, toMs: Math.max(endMs, beganMs) + AFTER_MS };
}

/** Returns the lanes of a timeline. Empty lanes are left out, except the lane of faults. */
export function lanesOf(
  incident: Pick<IncidentDetail, 'faults'>,
  rows: readonly TimelineRow[],
  span: Span,
): readonly Lane[] {
  const bars = incident.faults.slice(0, MAX_FAULT_BARS).map(faultBar);
  const faults: Lane = { kind: 'fault', bars, moments: [], rows: Math.max(1, bars.length) };
  const others = (['operation', 'log', 'people', 'lifecycle', 'message', 'incident'] as const).map((kind): Lane => {
    const laneRows = rows.filter((row) => row.kind === kind);
    if (kind !== 'operation') return { kind, bars: [], moments: momentsOf(laneRows, span), rows: 1 };
    const { bars, left } = operationBars(laneRows);
    const count = bars.reduce((most, { row }) => Math.max(most, row + 1), 1);
    return { kind, bars, moments: momentsOf(left, span), rows: count };
  });
  return [faults, ...others.filter(({ bars, moments }) => bars.length + moments.length > 0)];
}

function faultBar(fault: IncidentFault, at: number): Bar {
  const { fault_code, severity, began, origin } = fault;
  return {
    key: `${origin ?? ''} ${fault_code}`,
    row: at,
    fromMs: ms(began) ?? 0,
    toMs: endOfFault(fault),
    text: fault_code,
    severity,
    number: at + 1,
  };
}

const BEGINS = /^(?:executing|accepted|started|running)$/;
const FAILS = /fail|abort|cancel|reject|error/;

/** Pairs the start and end of goals and scripts to bars. An end without a known start remains a moment. */
function operationBars(rows: readonly TimelineRow[]): {
  readonly bars: readonly Bar[];
  readonly left: readonly TimelineRow[];
} {
  const open = new Map<string, TimelineRow>();
  const bars: Omit<Bar, 'row'>[] = [];
  const left: TimelineRow[] = [];
  const close = (begin: TimelineRow, end: TimelineRow | undefined): void => {
    bars.push({
      key: `${begin.at} ${begin.item ?? begin.text}`,
      fromMs: ms(begin.at) ?? 0,
      toMs: ms(end?.at),
      text: end?.text ?? begin.text,
      ...(end && FAILS.test(end.event) && { hasFailed: true }),
    });
  };
  for (const row of rows) {
    const key = `${row.origin ?? ''} ${row.entity_id ?? ''} ${row.item ?? ''}`;
    const begun = open.get(key);
    if (BEGINS.test(row.event)) {
      if (begun) continue;
      open.set(key, row);
    } else if (begun) {
      open.delete(key);
      close(begun, row);
    } else left.push(row);
  }
  for (const begin of open.values()) close(begin, undefined);
  return { bars: inRows(bars), left };
}

/** Puts each bar into the first row whose earlier bars have ended. */
function inRows(bars: readonly Omit<Bar, 'row'>[]): readonly Bar[] {
  const ends: number[] = [];
  return bars
    .toSorted((one, other) => one.fromMs - other.fromMs)
    .map((bar) => {
      const free = ends.findIndex((end) => end <= bar.fromMs);
      const row = free === -1 ? ends.length : free;
      ends[row] = bar.toMs ?? Number.POSITIVE_INFINITY;
      return { ...bar, row };
    });
}

/** Groups rows into marks that can be distinguished; a mark shows how many rows it represents. */
function momentsOf(rows: readonly TimelineRow[], { fromMs, toMs }: Span): readonly Moment[] {
  const places = new Map<number, TimelineRow[]>();
  for (const row of rows) {
    const at = ms(row.at);
    if (at === undefined || at < fromMs || at > toMs) continue;
    const place = Math.floor(((at - fromMs) / Math.max(1, toMs - fromMs)) * PLACES);
    const known = places.get(place);
    if (known) known.push(row);
    else places.set(place, [row]);
  }
  return [...places].map(([place, here]): Moment => {
    const worst = here.reduce((one, other) => (severityOf(other) > severityOf(one) ? other : one));
    const severity = severityOf(worst);
    return {
      key: `${place} ${worst.at} ${worst.text}`,
      ms: ms(worst.at) ?? fromMs,
      count: here.length,
      text: worst.text,
      ...(severity >= 0 && { severity }),
    };
  });
}

/** Returns the severity from 0 to 3, or −1 if the row has none. */
export function severityOf({ severity, kind, event }: TimelineRow): number {
  if (typeof severity === 'number') return severity;
  return kind === 'log' ? severityLevel(event) : -1;
}

/**
 * Returns the stops for stepping by keyboard: begin and end of faults, actions of people, operations and lifecycle
 * transitions.
 */
export function eventsOf(incident: Pick<IncidentDetail, 'faults'>, rows: readonly TimelineRow[]): readonly Event[] {
  const faults = incident.faults.flatMap((fault, at): Event[] => {
    const [fromMs, toMs] = [ms(fault.began), endOfFault(fault)];
    return [
      ...(fromMs === undefined ? [] : [{ ms: fromMs, text: fault.fault_code, number: at + 1 }]),
      ...(toMs === undefined ? [] : [{ ms: toMs, text: `${fault.fault_code}: ${fault.status}` }]),
    ];
  });
  const others = rows
    .filter(({ kind }) => kind === 'people' || kind === 'operation' || kind === 'lifecycle')
    .flatMap(({ at, text }): Event[] => {
      const atMs = ms(at);
      return atMs === undefined ? [] : [{ ms: atMs, text }];
    });
  return [...faults, ...others].toSorted((one, other) => one.ms - other.ms);
}

/** Returns the next event after or before a moment, excluding the moment itself. */
export function adjacentEvent(events: readonly Event[], atMs: number | undefined, step: 1 | -1): Event | undefined {
  if (atMs === undefined) return step === 1 ? events[0] : events.at(-1);
  return step === 1 ? events.find((event) => event.ms > atMs + 0.5) : events.findLast((event) => event.ms < atMs - 0.5);
}
