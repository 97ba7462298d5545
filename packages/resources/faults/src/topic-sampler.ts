/** A message as received. */
export interface RawSample {
  /** Serialized data with its 4-byte encapsulation header; receivers must not change it. */
  readonly octets: Uint8Array;
  /** Time of arrival, nanoseconds since the epoch. */
  readonly receivedNs: bigint;
}

/** The buffered messages of a topic. */
export interface BufferedTopic {
  readonly topic: string;
  /** The runtime of the topic, if another reporter's runtime also has a topic with this name. */
  readonly runtime?: string;
  readonly type: string;
  /** At least one, oldest first; those before the last are its recent history. */
  readonly samples: readonly RawSample[];
  /** Present if there is only the last message, buffered for readers of data and only while there are any. */
  readonly isForReaders?: true;
}

/** JSON; `bigint` for integers that are not safe numbers. */
export type SampledJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly SampledJson[]
  | { readonly [member: string]: SampledJson };

/**
 * Names of the runtimes of a fault's reporters. Their topic and node names may have another meaning in other runtimes.
 * Absent if any reporter is known by name only.
 */
export type Runtimes = readonly string[] | undefined;

export interface SampleOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Runtimes whose topic is used, if they have it. */
  readonly runtimes?: Runtimes;
}

/** The topics that a configured name resolves to. */
export interface ResolvedTopics {
  /** Several if they only end with the name. */
  readonly topics: readonly string[];
  /** If there are none: the most similar topic name, if there is one. */
  readonly nearest?: string;
}

/** Provides the values of topics for snapshots. */
export interface TopicSampler {
  /**
   * Buffers the last message of these topics and of no others, with earlier small messages of at most `historyMs`.
   * Waits for topics without a publisher.
   */
  watch(topics: readonly string[], historyMs: number): void;
  /** Returns the buffered messages of a topic. Synchronous. */
  held(topic: string, runtimes?: Runtimes): BufferedTopic | undefined;
  /**
   * Subscribes, including latched data, and waits for a message. Resolves with `undefined` after the timeout or if the
   * topic has no publisher. Rejects if the subscription fails.
   */
  sample(topic: string, options: SampleOptions): Promise<BufferedTopic | undefined>;
  /** Returns the runtimes that have a topic with this name, if at least two do; absent if there is a single runtime. */
  ownersOf?(topic: string, runtimes: Runtimes): readonly string[];
  /** Returns the topics that a source publishes; `undefined` if the source is unknown. */
  publishedBy(source: string, runtimes?: Runtimes): readonly string[] | undefined;
  /**
   * Resolves a name to topics for these sources, by the rules for data names. Returns `undefined` while no topic is
   * known.
   */
  resolveTopics(name: string, sources: readonly string[], runtimes?: Runtimes): ResolvedTopics | undefined;
  /** Converts a message to JSON; `undefined` if its type is unknown. Rejects if it is not of that type. */
  decode(type: string, octets: Uint8Array): Promise<SampledJson | undefined>;
}

/** Error of a call to a runtime that left during the call. */
export class RuntimeLeft extends Error {
  constructor(runtime: string) {
    super(`the runtime ${runtime} was removed`);
    this.name = 'RuntimeLeft';
  }
}
