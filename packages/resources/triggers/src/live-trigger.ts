import type { JsonValue } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Condition, ConditionEvaluators } from './conditions/condition.ts';
import { conditionOf } from './conditions/read-condition.ts';
import { EventHistory, type HistoryMemory } from './event-history.ts';
import type { Observation } from './observation.ts';
import type { TriggerProgress, TriggerRecord } from './trigger.ts';
import type { StoredTrigger } from './trigger-records.ts';

/** Maximum sources (items, faults, goals) of one trigger with a stored last gist. */
const MAX_SOURCES = 256;
/** How long a single-shot trigger stays visible after it has fired, so that late clients receive its event. */
export const TERMINATED_RETENTION_MS = 3_600_000;

/** A trigger in memory. */
export interface LiveTrigger {
  record: TriggerRecord;
  readonly condition: Condition;
  /** Gist of the last value by source, the most recently changed last. */
  readonly gists: Map<string, JsonValue>;
  readonly history: EventHistory;
  /** Id of the last event, which may not be sent yet. */
  lastEventId: number;
  /** Monotonic milliseconds when the lifetime ends, or when a fired single-shot trigger is removed. */
  endsAtMs: number;
  /** Wall-clock milliseconds when a single-shot trigger fired. */
  endedMs: number | undefined;
  /** True if the trigger was deleted, has expired, or could not be started. */
  gone: boolean;
  /** True while an asynchronous condition judges a value. */
  judging: boolean;
  /** Values that wait for the condition. */
  readonly waiting: Observation[];
  /** Why the trigger cannot fire now, as shown to clients. */
  problem: string | undefined;
  /** Monotonic milliseconds when its entity was last present; `undefined` if it never was. */
  entitySeenMs: number | undefined;
}

export interface LiveTriggerParts {
  readonly clock: Clock;
  readonly evaluators: ConditionEvaluators;
  readonly room: HistoryMemory;
}

/** Creates a trigger from a new or stored record. Throws if its condition is invalid. */
export function liveTrigger({ record, progress, events }: StoredTrigger, parts: LiveTriggerParts): LiveTrigger {
  const { clock, evaluators, room } = parts;
  const { endedMs, lastEventId, gists } = progress;
  const condition = conditionOf(record.condition, evaluators);
  const leftMs = endedMs === undefined ? lifetimeLeftMs(record, clock.wallMs()) : TERMINATED_RETENTION_MS;
  const history = new EventHistory(room, lastEventId, events);
  if (endedMs !== undefined) history.end();
  return {
    record,
    condition,
    gists: new Map(Object.entries(gists)),
    history,
    lastEventId,
    endsAtMs: clock.monotonicMs() + leftMs,
    endedMs,
    gone: false,
    judging: false,
    waiting: [],
    problem: undefined,
    entitySeenMs: undefined,
  };
}

/** Limits the lifetime to the granted one, in case the wall clock was set back since. */
function lifetimeLeftMs({ expiresMs, lifetimeSec }: TriggerRecord, wallMs: number): number {
  if (expiresMs === undefined || lifetimeSec === undefined) return Number.POSITIVE_INFINITY;
  return Math.min(expiresMs - wallMs, lifetimeSec * 1000);
}

/** Returns whether the trigger may still fire. */
export function isActive({ endedMs, gone }: Pick<LiveTrigger, 'endedMs' | 'gone'>): boolean {
  return endedMs === undefined && !gone;
}

/** Stores the gist against which the next value of a source is judged. */
export function remember({ gists }: LiveTrigger, source: string, gist: JsonValue): void {
  gists.delete(source);
  gists.set(source, gist);
  const [oldest] = gists.keys();
  if (gists.size > MAX_SOURCES && oldest !== undefined) gists.delete(oldest);
}

export function progressOf({ endedMs, lastEventId, gists }: LiveTrigger): TriggerProgress {
  return { ...(endedMs !== undefined && { endedMs }), lastEventId, gists: Object.fromEntries(gists) };
}
