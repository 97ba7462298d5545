import type { SampleBlock } from './sample-block.ts';

/** Formats of rosbag2, under the names of its storage plugins. */
export type BagFormat = 'sqlite3' | 'mcap';

export interface BagOptions {
  /** Name of the recording and of its folder. */
  readonly id: string;
  /** Folder of all recordings. */
  readonly folder: string;
  readonly format: BagFormat;
  /** A file that is larger is followed by the next; one block more may be in it. */
  readonly maxFileOctets: number;
}

/** A recording that is whole and on disk. */
export interface StoredBag {
  /** Its folder, with `metadata.yaml` and one file or more. */
  readonly path: string;
  /** Of all that can be downloaded of it: without `metadata.yaml`. */
  readonly octets: number;
  readonly messageCount: number;
}

/**
 * A recording that is being written, in the layout of rosbag2. Until it is finished it lies where nobody looks for
 * recordings. Calls are made one after the other, but for `discard`, which may come at any time; after a call that
 * failed it alone is of use.
 */
export interface Bag {
  write(block: SampleBlock): Promise<void>;
  /**
   * Waits until all is on disk, and gives the recording its name.
   *
   * @param faultCodes the faults that it is of; they are told in its metadata
   */
  finish(faultCodes: readonly string[]): Promise<StoredBag>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Where recordings are written. */
export interface BagShelf {
  /** Begins a recording. Throws where its files cannot be made. */
  open(options: BagOptions): Promise<Bag>;
  /** Removes the recordings that were being written when the process was ended. */
  sweep(folder: string): Promise<void>;
  /** Removes a finished recording. */
  remove(path: string): Promise<void>;
}

/** Name of the file, in the folder of a recording, that says what is in it. */
export const METADATA_FILE = 'metadata.yaml';

/** Folder, beside the recordings, of those that are not whole. */
export const UNFINISHED = '.unfinished';
