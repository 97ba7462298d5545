import type { ChannelMeaning } from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import type { StoredFrame } from '../storage/stored-frame.ts';

/** State of the captures, for `/health`. */
export interface SnapshotFacts {
  readonly running: number;
  readonly waiting: number;
  /** Counts of waiting captures and their bytes, by reporter. */
  readonly quotas: Readonly<Record<string, QuotaFigures>>;
  /** Captures refused by a full queue or dropped from it. */
  readonly dropped: number;
  /** Captures found at the start that an earlier process left unfinished. */
  readonly lost: number;
}

/** The freeze frames of faults. Calls reject with the `StoreError` of the store. */
export interface FaultSnapshots {
  /**
   * Returns the frames of one fault: those of topics, newest capture first. If there are none, or if frames are
   * retained at a clear, the frame that survives a clear follows last.
   */
  of(faultCode: string): Promise<readonly StoredFrame[]>;
  /** Returns the configured meaning of a topic. */
  meaningOf(topic: string): ChannelMeaning | undefined;
  facts(): SnapshotFacts;
  /** Ends running captures. The next start completes what is not stored yet. */
  stop(): Promise<void>;
}
