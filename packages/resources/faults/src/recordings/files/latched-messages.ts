import type { OfferedQos, TapSample, TopicDescription } from '../tap/tap-provider.ts';
import { type LoggedSample, packBlock, type SampleBlock, samplesOf } from './sample-block.ts';

/** Messages of one topic that are repeated: the publishers of `/tf_static` offer one each, and a robot has some dozens. */
const MAX_OF_TOPIC = 64;
/** Bytes that are repeated in each file. Larger messages are in one file alone. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The messages of latched topics that a recording has so far, for the beginning of each further file: a reader that opens one
 * file of a split recording alone finds the map and the static transforms in it.
 */
export class LatchedMessages {
  /** By the place of the topic in the recording, the oldest message first. */
  readonly #samples = new Map<number, TapSample[]>();
  #bytes = 0;

  /** Takes the messages of latched topics out of a block; `topics` are all that the recording has named, those of the block too. */
  take(block: SampleBlock, topics: readonly TopicDescription[]): void {
    const depths = topics.map(({ offeredQos }) => latchedDepth(offeredQos));
    if (depths.every((depth) => depth === 0)) return;
    for (const { topic, octets, loggedNs, publishedNs } of samplesOf(block)) {
      const depth = depths[topic] ?? 0;
      if (depth === 0 || octets.length > MAX_BYTES) continue;
      // Copied: the octets are a part of the memory of the whole block.
      this.#keep(topic, depth, { octets: octets.slice(), receivedNs: loggedNs, publishedNs, publisher: '' });
    }
  }

  /** All of them as messages of this moment, in a block that names no topic. */
  blockAt(loggedNs: bigint): SampleBlock {
    const samples = [...this.#samples].flatMap(([topic, kept]) =>
      kept.map((sample): LoggedSample => ({ topic, sample, loggedNs })),
    );
    return packBlock([], samples);
  }

  #keep(topic: number, depth: number, sample: TapSample): void {
    const kept = this.#samples.get(topic) ?? [];
    this.#samples.set(topic, kept);
    kept.push(sample);
    this.#bytes += sample.octets.length;
    if (kept.length > depth) this.#dropFirst(kept);
    while (this.#bytes > MAX_BYTES) this.#dropFirst(this.#largest());
  }

  #dropFirst(kept: TapSample[]): void {
    this.#bytes -= kept.shift()?.octets.length ?? 0;
  }

  /** The messages of the topic that has most bytes. */
  #largest(): TapSample[] {
    const bytesOf = (kept: readonly TapSample[]) => kept.reduce((sum, { octets }) => sum + octets.length, 0);
    return [...this.#samples.values()].reduce((a, b) => (bytesOf(a) >= bytesOf(b) ? a : b));
  }
}

/** How many messages a subscription that comes late is given: those of all publishers together; 0 if none is latched. */
function latchedDepth(offered: readonly OfferedQos[]): number {
  const depths = offered
    .filter(({ durability }) => durability === 'transient_local')
    .map(({ history, depth }) => (history === 'keep_last' ? Math.max(1, depth) : MAX_OF_TOPIC));
  return Math.min(
    MAX_OF_TOPIC,
    depths.reduce((sum, depth) => sum + depth, 0),
  );
}
