import type { JsonValue } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Condition, ConditionEvaluators } from './conditions/condition.ts';
import { conditionOf } from './conditions/read-condition.ts';
import { EventHistory, type HistoryRoom } from './event-history.ts';
import type { Observation } from './observation.ts';
import type { TriggerProgress, TriggerRecord } from './trigger.ts';
import type { KeptTrigger } from './trigger-records.ts';

/** Sources whose last values are remembered of one trigger: items, faults, goals. */
const MAX_SOURCES = 256;
/** How long a trigger is shown that has fired for the only time: whoever comes late gets its event. */
export const SHOWN_TERMINATED_MS = 3_600_000;

/** A trigger of this process. */
export interface LiveTrigger {
  record: TriggerRecord;
  readonly condition: Condition;
  /** By source, the one that changed last at the end. */
  readonly gists: Map<string, JsonValue>;
  readonly history: EventHistory;
  /** Number of the last event, which may not be told yet. */
  lastEventId: number;
  /** Monotonic milliseconds: when its lifetime ends; of one that has fired for the only time, how long it is shown. */
  endsAtMs: number;
  /** Wall clock, milliseconds: when it fired for the only time. */
  endedMs: number | undefined;
  /** It was deleted, has expired, or could not be begun. */
  gone: boolean;
  /** Its condition takes its time, and has not judged yet what came last … */
  judging: boolean;
  /** … nor these. */
  readonly waiting: Observation[];
  /** Why it cannot fire at the moment, as a client may read. */
  problem: string | undefined;
  /** Monotonic milliseconds: when its entity was seen last; `undefined` where it never was. */
  entitySeenMs: number | undefined;
}

export interface LiveTriggerParts {
  readonly clock: Clock;
  readonly evaluators: ConditionEvaluators;
  readonly room: HistoryRoom;
}

/** A trigger that was made now, or is kept from earlier. Throws where its condition is none. */
export function liveTrigger({ record, progress, events }: KeptTrigger, parts: LiveTriggerParts): LiveTrigger {
  const { clock, evaluators, room } = parts;
  const { endedMs, lastEventId, gists } = progress;
  const condition = conditionOf(record.condition, evaluators);
  const leftMs = endedMs === undefined ? lifetimeLeftMs(record, clock.wallMs()) : SHOWN_TERMINATED_MS;
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

/** A wall clock that was set back since would otherwise make it last longer than it was given for. */
function lifetimeLeftMs({ expiresMs, lifetimeSec }: TriggerRecord, wallMs: number): number {
  if (expiresMs === undefined || lifetimeSec === undefined) return Number.POSITIVE_INFINITY;
  return Math.min(expiresMs - wallMs, lifetimeSec * 1000);
}

/** Whether it may still fire. */
export function isActive({ endedMs, gone }: Pick<LiveTrigger, 'endedMs' | 'gone'>): boolean {
  return endedMs === undefined && !gone;
}

/** Remembers what the next value of a source is judged by. */
export function remember({ gists }: LiveTrigger, source: string, gist: JsonValue): void {
  gists.delete(source);
  gists.set(source, gist);
  const [oldest] = gists.keys();
  if (gists.size > MAX_SOURCES && oldest !== undefined) gists.delete(oldest);
}

export function progressOf({ endedMs, lastEventId, gists }: LiveTrigger): TriggerProgress {
  return { ...(endedMs !== undefined && { endedMs }), lastEventId, gists: Object.fromEntries(gists) };
}
