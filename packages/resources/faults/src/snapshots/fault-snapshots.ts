import type { ChannelMeaning } from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import type { StoredFrame } from '../storage/stored-frame.ts';

/** How captures fare, for `/health`. */
export interface SnapshotFacts {
  readonly running: number;
  readonly waiting: number;
  /** Counts of those that wait and of the octets that they keep, by who reported the faults. */
  readonly quotas: Readonly<Record<string, QuotaFigures>>;
  /** Captures that found the queue full, or gave way to others. */
  readonly dropped: number;
  /** Captures that a stop or crash of an earlier process left undone, found at the start. */
  readonly lost: number;
}

/** The freeze frames of faults. Calls reject with the `StoreError` of the store. */
export interface FaultSnapshots {
  /**
   * Of one fault: those of topics, newest capture first. Where there are none, and where they are retained when a fault is
   * cleared, the one that outlives a clear as well, last.
   */
  of(faultCode: string): Promise<readonly StoredFrame[]>;
  /** What the configuration says that a topic is. */
  meaningOf(topic: string): ChannelMeaning | undefined;
  facts(): SnapshotFacts;
  /** Ends the captures that are under way. What is stored stays, and what is not is completed at the next start. */
  stop(): Promise<void>;
}
