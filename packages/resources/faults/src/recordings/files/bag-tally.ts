import type { TopicDescription } from '../tap/tap-provider.ts';
import { type BlockSample, type SampleBlock, samplesOf } from './sample-block.ts';

/** Time range and number of the messages of one or all files. */
export interface Span {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly messages: number;
}

const EMPTY: Span = { startNs: 0n, endNs: 0n, messages: 0 };

/** Metadata of a recording, counted while it is written. */
export class BagTally {
  readonly topics: TopicDescription[] = [];
  /** Number of messages of each of `topics`. */
  readonly messages: number[] = [];
  readonly files: { readonly name: string; span: Span }[] = [];

  beginFile(name: string): void {
    this.files.push({ name, span: EMPTY });
  }

  /** Counts samples of the newest file. */
  count(block: SampleBlock): void {
    for (const topic of block.newTopics) {
      this.topics.push(topic);
      this.messages.push(0);
    }
    for (const sample of samplesOf(block)) this.#countOne(sample);
  }

  get whole(): Span {
    return this.files.reduce((sum, { span }) => join(sum, span), EMPTY);
  }

  #countOne({ topic, loggedNs }: BlockSample): void {
    this.messages[topic] += 1;
    const file = this.files[this.files.length - 1];
    file.span = join(file.span, { startNs: loggedNs, endNs: loggedNs, messages: 1 });
  }
}

function join(a: Span, b: Span): Span {
  if (a.messages === 0) return b;
  if (b.messages === 0) return a;
  return {
    startNs: a.startNs < b.startNs ? a.startNs : b.startNs,
    endNs: a.endNs > b.endNs ? a.endNs : b.endNs,
    messages: a.messages + b.messages,
  };
}
