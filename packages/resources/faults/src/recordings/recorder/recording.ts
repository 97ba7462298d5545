import type { BagFormat } from '../files/bag.ts';
import type { TopicSelection } from '../selection/select-topics.ts';

/** The recording settings of `snapshots.rosbag`. */
export interface RecordingSettings {
  readonly selection: TopicSelection;
  /** Recorded time before the fault. */
  readonly windowMs: number;
  /** Recorded time after the fault. */
  readonly postRollMs: number;
  readonly matchQos: boolean;
  /** Subscribes only after the first fault. */
  readonly lazyStart: boolean;
  readonly format: BagFormat;
  /** Folder of all recordings. */
  readonly folder: string;
  /** Memory for the buffer before a fault. */
  readonly maxBufferOctets: number;
  /** Maximum bytes of one file; a longer recording has several files. */
  readonly maxFileOctets: number;
  /** Maximum bytes of one recording before compression; later samples are left out. */
  readonly maxRecordingOctets: number;
}

/** A complete recording on disk. */
export interface Recording {
  readonly id: string;
  /** The faults of the recording; the first one started it. */
  readonly faultCodes: readonly string[];
  /** Its folder. */
  readonly path: string;
  readonly format: BagFormat;
  readonly octets: number;
  readonly messageCount: number;
  /** From the first sample of the window, or from the fault if there was none, to the end of the post-roll. */
  readonly durationMs: number;
  readonly createdAtNs: bigint;
  /** Samples dropped for lack of room. */
  readonly leftOut: number;
}
