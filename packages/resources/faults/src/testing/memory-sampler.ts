import type {
  BufferedTopic,
  RawSample,
  ResolvedTopics,
  SampledJson,
  SampleOptions,
  TopicSampler,
} from '../topic-sampler.ts';

export const FLOAT = 'std_msgs/msg/Float64';
const HEADER_LENGTH = 4;

/** Encodes a value for `MemorySampler.decode`: a header, then the value as JSON text. */
export function encoded(value: unknown): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const octets = new Uint8Array(HEADER_LENGTH + text.length);
  octets.set(text, HEADER_LENGTH);
  return octets;
}

/** Creates a message that arrived at this time. */
export const arrived = (value: unknown, receivedNs = 1n): RawSample => ({ octets: encoded(value), receivedNs });

/** In-memory topics: a test defines what is buffered, and what arrives on request. */
export class MemorySampler implements TopicSampler {
  /** Buffered messages. */
  readonly warm = new Map<string, BufferedTopic>();
  /** Messages that arrive when a topic is sampled; an error is thrown. A topic in neither map never has a message. */
  readonly cold = new Map<string, BufferedTopic | Error | Promise<BufferedTopic | undefined>>();
  /** Topics of each source of faults. */
  readonly sources = new Map<string, readonly string[]>();
  /** Meanings of names; other names are used unchanged. */
  readonly meanings = new Map<string, ResolvedTopics>();
  readonly unknownTypes = new Set<string>();
  /** Topics that were sampled. */
  readonly sampled: string[] = [];
  /** All lists of topics passed to `watch`; `historyMs` is the latest value. */
  readonly watched: (readonly string[])[] = [];
  historyMs = 0;
  samplingAtOnce = 0;
  mostAtOnce = 0;

  /** Buffers these values of a topic, oldest first. */
  hold(topic: string, values: readonly unknown[], type = FLOAT): void {
    this.warm.set(topic, held(topic, values, type));
  }

  /** Defines the value of a topic for callers that wait for it. */
  offer(topic: string, value: unknown, type = FLOAT): void {
    this.cold.set(topic, held(topic, [value], type));
  }

  watch(topics: readonly string[], historyMs: number): void {
    this.historyMs = historyMs;
    this.watched.push(topics);
  }

  held(topic: string): BufferedTopic | undefined {
    return this.warm.get(topic);
  }

  async sample(topic: string, { signal }: SampleOptions): Promise<BufferedTopic | undefined> {
    this.sampled.push(topic);
    this.samplingAtOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.samplingAtOnce);
    const stopped = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    try {
      const answer = this.cold.get(topic);
      if (answer instanceof Error) throw answer;
      return await Promise.race([answer ?? new Promise<undefined>(() => undefined), stopped]);
    } finally {
      this.samplingAtOnce -= 1;
    }
  }

  publishedBy(source: string): readonly string[] | undefined {
    return this.sources.get(source);
  }

  resolveTopics(name: string): ResolvedTopics {
    return this.meanings.get(name) ?? { topics: [name.startsWith('/') ? name : `/${name}`] };
  }

  async decode(type: string, octets: Uint8Array): Promise<SampledJson | undefined> {
    if (this.unknownTypes.has(type)) return undefined;
    return JSON.parse(new TextDecoder().decode(octets.subarray(HEADER_LENGTH)));
  }
}

const held = (topic: string, values: readonly unknown[], type: string): BufferedTopic => ({
  topic,
  type,
  samples: values.map((value, index) => arrived(value, BigInt(index + 1))),
});
