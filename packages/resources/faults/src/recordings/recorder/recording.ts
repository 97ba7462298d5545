import type { BagFormat } from '../files/bag.ts';
import type { TopicSelection } from '../selection/select-topics.ts';

/** What `snapshots.rosbag` says of how to record. */
export interface RecordingSettings {
  readonly selection: TopicSelection;
  /** Before the fault. */
  readonly windowMs: number;
  /** After the fault. */
  readonly postRollMs: number;
  readonly matchQos: boolean;
  /** Subscribes with the first fault, not before. */
  readonly lazyStart: boolean;
  readonly format: BagFormat;
  /** Folder of all recordings. */
  readonly folder: string;
  /** Memory for what was received before the fault. */
  readonly maxBufferOctets: number;
  /** Of one file of a recording; a longer recording has more. */
  readonly maxFileOctets: number;
  /** Of one recording, before compression: what comes after that is left out. */
  readonly maxRecordingOctets: number;
}

/** A recording that is whole and on disk. */
export interface Recording {
  readonly id: string;
  /** The faults that it is of, the one that began it first. */
  readonly faultCodes: readonly string[];
  /** Its folder. */
  readonly path: string;
  readonly format: BagFormat;
  readonly octets: number;
  readonly messageCount: number;
  /** From the first sample of the window, or from the fault where there was none, to the end of the post-roll. */
  readonly durationMs: number;
  readonly createdAtNs: bigint;
  /** Samples for which there was no room. */
  readonly leftOut: number;
}
