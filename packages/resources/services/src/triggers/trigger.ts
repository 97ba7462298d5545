import type { WebhookTarget } from '@medkit/contract';
import type { EntityRef, JsonValue } from '@medkit/core';
import type { WantedCondition } from './conditions/condition.ts';

/** What a client asked to be told of, checked. */
export interface WantedTrigger {
  /** The principal that made it; absent for this gateway, and for a trigger that an earlier medkit stored. */
  readonly owner?: string;
  readonly entity: EntityRef;
  /** Address of what is observed, as the client wrote it. */
  readonly resource: string;
  /** `data`, `faults`, `x-…`, … */
  readonly collection: string;
  /** What of the collection, without a slash in front; empty for all of it. */
  readonly item: string;
  readonly condition: WantedCondition;
  /** JSON Pointer to the part of the value that is judged; empty for the value itself. */
  readonly pointer: string;
  readonly protocol: 'sse' | 'webhook';
  /** Where its events go; with the protocol `webhook` only. */
  readonly webhook?: WebhookTarget;
  /** It goes on after it has fired. */
  readonly multishot: boolean;
  /** It outlives the process, with all that is known of it. */
  readonly persistent: boolean;
  /** For how long it was given; absent: for ever. */
  readonly lifetimeSec?: number;
  /** Absent: nothing is logged when it fires. */
  readonly logSettings?: LogSettings;
}

export interface LogSettings {
  readonly severity: string;
  readonly marker: string;
}

/** A trigger as it is kept. */
export interface TriggerRecord extends WantedTrigger {
  /** Counts up from 1 and is never given again. */
  readonly number: number;
  /** Wall clock, milliseconds: when its lifetime ends. */
  readonly expiresMs?: number;
}

/** That a trigger fired. */
export interface TriggerEvent {
  /** Counts up from 1 for each trigger, also over restarts. */
  readonly id: number;
  /** Wall clock, milliseconds. */
  readonly timeMs: number;
  /** As it is sent: JSON text of `timestamp` and `payload`. */
  readonly data: string;
}

/** What is known of a trigger besides what it is. */
export interface TriggerProgress {
  /** Wall clock, milliseconds: when it fired for the only time; absent while it is active. */
  readonly endedMs?: number;
  /** Number of its last event, 0 before the first. */
  readonly lastEventId: number;
  /** What the next value of each source is judged by. */
  readonly gists: Readonly<Record<string, JsonValue>>;
}

/** As clients know a trigger: `trig_1`. */
export function triggerId({ number }: Pick<TriggerRecord, 'number'>): string {
  return `trig_${number}`;
}
