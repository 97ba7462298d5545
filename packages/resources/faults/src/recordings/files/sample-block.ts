import type { TapSample, TopicDescription } from '../tap/tap-provider.ts';

/** A sample to be recorded. */
export interface LoggedSample {
  /** Index of its topic in the recording. */
  readonly topic: number;
  readonly sample: TapSample;
  /** Timestamp in the recording. */
  readonly loggedNs: bigint;
}

/** Samples in a form that is transferred to another thread as five buffers, regardless of their number. */
export interface SampleBlock {
  /** Topics that are new in the recording; their indexes continue those of earlier blocks. */
  readonly newTopics: readonly TopicDescription[];
  readonly topic: Uint32Array<ArrayBuffer>;
  readonly size: Uint32Array<ArrayBuffer>;
  readonly loggedNs: BigInt64Array<ArrayBuffer>;
  readonly publishedNs: BigInt64Array<ArrayBuffer>;
  /** Bytes of all samples, concatenated. */
  readonly octets: Uint8Array<ArrayBuffer>;
}

export interface BlockSample {
  readonly topic: number;
  readonly loggedNs: bigint;
  readonly publishedNs: bigint;
  /** A view into the block's memory. */
  readonly octets: Uint8Array;
}

/** Copies samples into one block: posting a view would transfer its whole buffer each time. */
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

/** Returns the buffers of a block, to be transferred to the other thread. */
export const transferList = ({ topic, size, loggedNs, publishedNs, octets }: SampleBlock): ArrayBuffer[] =>
  [topic, size, loggedNs, publishedNs, octets].map(({ buffer }) => buffer);
