import type { TopicDescription } from '../tap/tap-provider.ts';
import type { SampleBlock } from './sample-block.ts';

/** One file of a recording. */
export interface BagFile {
  /** What it has of disk by now, about. */
  octets(): number;
  /**
   * @param topics all topics that the recording has named so far
   */
  write(block: SampleBlock, topics: readonly TopicDescription[]): Promise<void>;
  /** Puts the recording's metadata into the file too, waits until all is on disk, and gives its size. */
  finish(metadata: string): Promise<number>;
  /** Lets go of a file that is not to be finished. */
  abandon(): Promise<void>;
}
