import type { WebhookTarget } from '@medkit/contract';
import type { EntityRef, JsonValue } from '@medkit/core';
import type { RequestedCondition } from './conditions/condition.ts';

/** A validated request for a trigger. */
export interface RequestedTrigger {
  /** The principal that created it; absent for this gateway, and for a trigger stored by an earlier medkit version. */
  readonly owner?: string;
  readonly entity: EntityRef;
  /** Path of the observed resource, as the client wrote it. */
  readonly resource: string;
  /** `data`, `faults`, `x-…`, … */
  readonly collection: string;
  /** Item of the collection, without a leading slash; empty for the whole collection. */
  readonly item: string;
  readonly condition: RequestedCondition;
  /** JSON Pointer to the judged part of the value; empty for the whole value. */
  readonly pointer: string;
  readonly protocol: 'sse' | 'webhook';
  /** Target of its events; only with the protocol `webhook`. */
  readonly webhook?: WebhookTarget;
  /** True if it stays active after it has fired. */
  readonly multishot: boolean;
  /** True if the trigger and its progress survive a restart. */
  readonly persistent: boolean;
  /** Granted lifetime; absent for an unlimited one. */
  readonly lifetimeSec?: number;
  /** Absent: nothing is logged when it fires. */
  readonly logSettings?: LogSettings;
}

export interface LogSettings {
  readonly severity: string;
  readonly marker: string;
}

/** A stored trigger. */
export interface TriggerRecord extends RequestedTrigger {
  /** Counts up from 1; never reused. */
  readonly number: number;
  /** Wall-clock milliseconds when the lifetime ends. */
  readonly expiresMs?: number;
}

/** One firing of a trigger. */
export interface TriggerEvent {
  /** Counts up from 1 for each trigger, also across restarts. */
  readonly id: number;
  /** Wall clock, milliseconds. */
  readonly timeMs: number;
  /** As sent: JSON text of `timestamp` and `payload`. */
  readonly data: string;
}

/** The progress of a trigger. */
export interface TriggerProgress {
  /** Wall-clock milliseconds when a single-shot trigger fired; absent while it is active. */
  readonly endedMs?: number;
  /** Id of its last event, 0 before the first. */
  readonly lastEventId: number;
  /** Gists against which the next value of each source is judged. */
  readonly gists: Readonly<Record<string, JsonValue>>;
}

/** Returns the id of a trigger in the API: `trig_1`. */
export function triggerId({ number }: Pick<TriggerRecord, 'number'>): string {
  return `trig_${number}`;
}
