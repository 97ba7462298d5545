import type { Fault } from './fault.ts';

/** What happened to a fault. A fault that heals is reported as `fault_cleared` with the status HEALED. */
export type FaultEventType = 'fault_confirmed' | 'fault_updated' | 'fault_cleared';

/** A fault event as subscribers receive it; it is already on disk. */
export interface FaultEvent {
  /** Increases with every event of its runtime, starting at 1 and continuing across restarts. */
  readonly id: number;
  readonly type: FaultEventType;
  /** The complete fault after the event. */
  readonly fault: Fault;
  /** When it happened, nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  /** Symptoms that were cleared together with their root cause. They have no separate event. */
  readonly autoClearedCodes: readonly string[];
}

/**
 * Event types that a stream can select: every stored type, and `fault_healed`, which is sent before the `fault_cleared`
 * of the same event.
 */
export const FAULT_STREAM_EVENT_TYPES = ['fault_confirmed', 'fault_updated', 'fault_healed', 'fault_cleared'] as const;
export type FaultStreamEventType = (typeof FAULT_STREAM_EVENT_TYPES)[number];

/**
 * Returns the types under which an event is sent, in that order. Clients that do not know `fault_healed` still receive
 * the `fault_cleared` after it.
 */
export function streamEventTypes({ type, fault }: Pick<FaultEvent, 'type' | 'fault'>): readonly FaultStreamEventType[] {
  return type === 'fault_cleared' && fault.status === 'HEALED' ? ['fault_healed', 'fault_cleared'] : [type];
}

/** Selects events of the log. */
export interface FaultEventQuery {
  /** Only events that are sent as one of these types. */
  readonly types: readonly FaultStreamEventType[];
  /** Maximum number of events. */
  readonly limit: number;
  /** Returns the first events after this number. If absent, returns the last events of the log. */
  readonly after?: number;
}

/** A section of the log of fault events. */
export interface FaultEventPage {
  /** Oldest first. */
  readonly events: readonly FaultEvent[];
  /** Id of the oldest stored event; 0 if the log is empty. */
  readonly oldestId: number;
  /** Last id assigned; 0 if none was. */
  readonly newestId: number;
}
