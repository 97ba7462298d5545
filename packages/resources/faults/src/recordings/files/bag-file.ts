import type { TopicDescription } from '../tap/tap-provider.ts';
import type { SampleBlock } from './sample-block.ts';

/** One file of a recording. */
export interface BagFile {
  /** Returns the approximate size on disk, bytes. */
  octets(): number;
  /** @param topics all topics named in the recording so far */
  write(block: SampleBlock, topics: readonly TopicDescription[]): Promise<void>;
  /** Writes the recording's metadata into the file, waits until all is on disk, and returns its size. */
  finish(metadata: string): Promise<number>;
  /** Closes a file that will not be finished. */
  abandon(): Promise<void>;
}
