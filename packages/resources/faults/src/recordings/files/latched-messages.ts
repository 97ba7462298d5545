import type { OfferedQos, TapSample, TopicDescription } from '../tap/tap-provider.ts';
import { type LoggedSample, packBlock, type SampleBlock, samplesOf } from './sample-block.ts';

/** Maximum repeated messages of one topic: each publisher of `/tf_static` offers one, and a robot has some dozens. */
const MAX_OF_TOPIC = 64;
/** Maximum bytes repeated in each file. Larger messages are in one file only. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The latched messages of a recording so far, repeated at the beginning of each further file. A reader that opens a
 * single file of a split recording then finds the map and static transforms.
 */
export class LatchedMessages {
  /** By topic index in the recording, oldest message first. */
  readonly #samples = new Map<number, TapSample[]>();
  #bytes = 0;

  /** Stores the latched messages of a block; `topics` are all topics of the recording, including those of the block. */
  take(block: SampleBlock, topics: readonly TopicDescription[]): void {
    const depths = topics.map(({ offeredQos }) => latchedDepth(offeredQos));
    if (depths.every((depth) => depth === 0)) return;
    for (const { topic, octets, loggedNs, publishedNs } of samplesOf(block)) {
      const depth = depths[topic] ?? 0;
      if (depth === 0 || octets.length > MAX_BYTES) continue;
      // Copied, because the bytes are a view into the memory of the whole block.
      this.#keep(topic, depth, { octets: octets.slice(), receivedNs: loggedNs, publishedNs, publisher: '' });
    }
  }

  /** Returns all of them as messages of this time, in a block without new topics. */
  blockAt(loggedNs: bigint): SampleBlock {
    const samples = [...this.#samples].flatMap(([topic, buffered]) =>
      buffered.map((sample): LoggedSample => ({ topic, sample, loggedNs })),
    );
    return packBlock([], samples);
  }

  #keep(topic: number, depth: number, sample: TapSample): void {
    const buffered = this.#samples.get(topic) ?? [];
    this.#samples.set(topic, buffered);
    buffered.push(sample);
    this.#bytes += sample.octets.length;
    if (buffered.length > depth) this.#dropFirst(buffered);
    while (this.#bytes > MAX_BYTES) this.#dropFirst(this.#largest());
  }

  #dropFirst(buffered: TapSample[]): void {
    this.#bytes -= buffered.shift()?.octets.length ?? 0;
  }

  /** Returns the messages of the topic with the most bytes. */
  #largest(): TapSample[] {
    const bytesOf = (samples: readonly TapSample[]) => samples.reduce((sum, { octets }) => sum + octets.length, 0);
    return [...this.#samples.values()].reduce((a, b) => (bytesOf(a) >= bytesOf(b) ? a : b));
  }
}

/**
 * Returns how many messages a late subscription receives from all publishers together; 0 if the topic is not latched.
 */
function latchedDepth(offered: readonly OfferedQos[]): number {
  const depths = offered
    .filter(({ durability }) => durability === 'transient_local')
    .map(({ history, depth }) => (history === 'keep_last' ? Math.max(1, depth) : MAX_OF_TOPIC));
  return Math.min(
    MAX_OF_TOPIC,
    depths.reduce((sum, depth) => sum + depth, 0),
  );
}
