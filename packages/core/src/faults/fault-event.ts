import type { Fault } from './fault.ts';

/** What happened to a fault. One that heals is announced as cleared, with the status HEALED. */
export type FaultEventType = 'fault_confirmed' | 'fault_updated' | 'fault_cleared';

/** What subscribers are told of a fault, once it is on disk. */
export interface FaultEvent {
  /** Grows with every event of its runtime, from 1, also over restarts. */
  readonly id: number;
  readonly type: FaultEventType;
  /** The whole fault after what happened. */
  readonly fault: Fault;
  /** When it happened, nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  /** Symptoms that were cleared together with their root cause; they have no event of their own. */
  readonly autoClearedCodes: readonly string[];
}

/** What a stream can be asked for: every type, and healing as one of its own beside the `fault_cleared` that it is told as. */
export const FAULT_NEWS = ['fault_confirmed', 'fault_updated', 'fault_healed', 'fault_cleared'] as const;
export type FaultNews = (typeof FAULT_NEWS)[number];

/** What an event is told as, in that order: who knows no `fault_healed` ends with the `fault_cleared` behind it. */
export function newsOf({ type, fault }: Pick<FaultEvent, 'type' | 'fault'>): readonly FaultNews[] {
  return type === 'fault_cleared' && fault.status === 'HEALED' ? ['fault_healed', 'fault_cleared'] : [type];
}

/** Which events of the log are wanted. */
export interface FaultEventQuery {
  /** Those that are told as one of these. */
  readonly types: readonly FaultNews[];
  /** At most so many. */
  readonly limit: number;
  /** The first ones after the one with this number; the last ones where it is not given. */
  readonly after?: number;
}

/** A part of the log of fault events. */
export interface FaultEventPage {
  /** The oldest first. */
  readonly events: readonly FaultEvent[];
  /** The oldest event that is kept; 0 where there is none. */
  readonly oldestId: number;
  /** The last id that was given; 0 where none was. */
  readonly newestId: number;
}
