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

/** A part of the log of fault events. */
export interface FaultEventPage {
  /** The oldest first. */
  readonly events: readonly FaultEvent[];
  /** The oldest event that is kept; 0 where there is none. */
  readonly oldestId: number;
  /** The last id that was given; 0 where none was. */
  readonly newestId: number;
}
