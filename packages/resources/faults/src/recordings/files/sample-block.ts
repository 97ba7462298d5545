import type { TapSample, TopicDescription } from '../tap/tap-provider.ts';

/** A sample on its way into a recording. */
export interface LoggedSample {
  /** Place of its topic among all topics of the recording. */
  readonly topic: number;
  readonly sample: TapSample;
  /** When it happened, as far as the recording is concerned. */
  readonly loggedNs: bigint;
}

/** Samples in a form that crosses to another thread as five moves of memory, however many they are. */
export interface SampleBlock {
  /** Topics that no block before has named; their places follow on those named before. */
  readonly newTopics: readonly TopicDescription[];
  readonly topic: Uint32Array<ArrayBuffer>;
  readonly size: Uint32Array<ArrayBuffer>;
  readonly loggedNs: BigInt64Array<ArrayBuffer>;
  readonly publishedNs: BigInt64Array<ArrayBuffer>;
  /** Octets of all samples, one behind the other. */
  readonly octets: Uint8Array<ArrayBuffer>;
}

export interface BlockSample {
  readonly topic: number;
  readonly loggedNs: bigint;
  readonly publishedNs: bigint;
  /** A part of the block's memory. */
  readonly octets: Uint8Array;
}

/** Copies samples into one block: a view that was posted as it is would take its whole buffer along, each time. */
export function packBlock(newTopics: readonly TopicDescription[], samples: readonly LoggedSample[]): SampleBlock {
  const octets = new Uint8Array(samples.reduce((sum, { sample }) => sum + sample.octets.length, 0));
  let at = 0;
  for (const { sample } of samples) {
    octets.set(sample.octets, at);
    at += sample.octets.length;
  }
  return {
    newTopics,
    topic: Uint32Array.from(samples, ({ topic }) => topic),
    size: Uint32Array.from(samples, ({ sample }) => sample.octets.length),
    loggedNs: BigInt64Array.from(samples, ({ loggedNs }) => loggedNs),
    publishedNs: BigInt64Array.from(samples, ({ sample }) => sample.publishedNs ?? sample.receivedNs),
    octets,
  };
}

export function* samplesOf({ topic, size, loggedNs, publishedNs, octets }: SampleBlock): Generator<BlockSample> {
  let at = 0;
  for (const [index, length] of size.entries()) {
    yield {
      topic: topic[index],
      loggedNs: loggedNs[index],
      publishedNs: publishedNs[index],
      octets: octets.subarray(at, at + length),
    };
    at += length;
  }
}

/** The memory of a block that moves to the other thread with it. */
export const memoryOf = ({ topic, size, loggedNs, publishedNs, octets }: SampleBlock): ArrayBuffer[] =>
  [topic, size, loggedNs, publishedNs, octets].map(({ buffer }) => buffer);
