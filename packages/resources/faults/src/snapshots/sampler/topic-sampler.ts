/** A message as it came. */
export interface RawSample {
  /** Serialised data with its 4-octet encapsulation header; whoever takes it does not change it. */
  readonly octets: Uint8Array;
  /** When it arrived, nanoseconds since the epoch. */
  readonly receivedNs: bigint;
}

/** What is at hand of a topic. */
export interface HeldTopic {
  readonly topic: string;
  /** Whose it is, where another runtime that reported the fault has a topic of that name too. */
  readonly runtime?: string;
  readonly type: string;
  /** At least one, oldest first; those before the last are its recent history. */
  readonly samples: readonly RawSample[];
  /** Only the last one, which is kept for readers of data, and as long as there are some. */
  readonly isForReaders?: true;
}

/** JSON, `bigint` where an integer is no safe number. */
export type SampledJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly SampledJson[]
  | { readonly [member: string]: SampledJson };

/**
 * Names of the runtimes of those who reported a fault: what they call a topic or a node is something else in another one. Absent
 * where somebody is known by name alone.
 */
export type Runtimes = readonly string[] | undefined;

export interface SampleOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Those whose topic of that name is meant, where they have one. */
  readonly runtimes?: Runtimes;
}

/** What a name means that somebody wrote down for a topic. */
export interface TopicsMeant {
  /** Several where they only end with the name. */
  readonly topics: readonly string[];
  /** Where there are none: the topic that was most likely meant, if any is like it. */
  readonly nearest?: string;
}

/** Where snapshots get the values of topics from. */
export interface TopicSampler {
  /**
   * Keeps the last sample of these topics at hand from now on, and of no others, and with it small ones of the time before,
   * `historyMs` at most. Topics that nobody publishes are waited for.
   */
  watch(topics: readonly string[], historyMs: number): void;
  /** What is in memory of a topic at this moment; never waits. */
  held(topic: string, runtimes?: Runtimes): HeldTopic | undefined;
  /**
   * Subscribes, latched data included, and waits for a message. `undefined` after the time-out, and where nobody publishes
   * the topic. Rejects where the topic cannot be subscribed to.
   */
  sample(topic: string, options: SampleOptions): Promise<HeldTopic | undefined>;
  /** Those of several runtimes that have a topic of this name, two at least; absent where there is one runtime alone. */
  ownersOf?(topic: string, runtimes: Runtimes): readonly string[];
  /** Topics that a source of faults publishes; `undefined` where nobody knows the source. */
  publishedBy(source: string, runtimes?: Runtimes): readonly string[] | undefined;
  /** The topics that a name means to these sources of faults, as names of data do. `undefined` while no topic is known. */
  topicsMeant(name: string, sources: readonly string[], runtimes?: Runtimes): TopicsMeant | undefined;
  /** A message as JSON; `undefined` where its type is not known. Rejects where it is not of that type. */
  decode(type: string, octets: Uint8Array): Promise<SampledJson | undefined>;
}
