import type { SampleBlock } from './sample-block.ts';

/** Formats of rosbag2, under the names of its storage plugins. */
export type BagFormat = 'sqlite3' | 'mcap';

export interface BagOptions {
  /** Name of the recording and its folder. */
  readonly id: string;
  /** Folder of all recordings. */
  readonly folder: string;
  readonly format: BagFormat;
  /** Maximum size of a file before the next one begins; exceeded by at most one block. */
  readonly maxFileOctets: number;
}

/** A complete recording on disk. */
export interface StoredBag {
  /** Its folder, with `metadata.yaml` and one file or more. */
  readonly path: string;
  /** Size of the downloadable files, without `metadata.yaml`. */
  readonly octets: number;
  readonly messageCount: number;
}

/**
 * A recording being written, in the layout of rosbag2. Until it is finished, it is in a separate folder. Call the
 * methods one at a time, except `discard`, which is allowed at any time. After a failed call only `discard` is allowed.
 */
export interface Bag {
  write(block: SampleBlock): Promise<void>;
  /**
   * Waits until all is on disk, and moves the recording to its final name.
   * @param faultCodes the faults of the recording, written to its metadata
   */
  finish(faultCodes: readonly string[]): Promise<StoredBag>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Creates and removes recordings. */
export interface BagShelf {
  /** Begins a recording. Throws if its files cannot be created. */
  open(options: BagOptions): Promise<Bag>;
  /** Removes unfinished recordings of an earlier process. */
  sweep(folder: string): Promise<void>;
  /** Removes a finished recording. */
  remove(path: string): Promise<void>;
}

/** Name of the metadata file in the folder of a recording. */
export const METADATA_FILE = 'metadata.yaml';

/** Folder of unfinished recordings, next to the finished ones. */
export const UNFINISHED = '.unfinished';
