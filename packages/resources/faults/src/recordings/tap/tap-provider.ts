import type { Runtimes } from '../../snapshots/sampler/topic-sampler.ts';

/** QoS that one publisher offers. Durations of `null` are infinite. */
export interface OfferedQos {
  readonly reliability: 'reliable' | 'best_effort';
  readonly durability: 'volatile' | 'transient_local';
  readonly history: 'keep_last' | 'keep_all' | 'unknown';
  readonly depth: number;
  readonly deadlineMs: number | null;
  readonly lifespanMs: number | null;
  readonly liveliness: 'automatic' | 'manual_by_topic';
  readonly livelinessLeaseMs: number | null;
}

export interface TopicName {
  /** `/scan` */
  readonly name: string;
  /** `sensor_msgs/msg/LaserScan` */
  readonly type: string;
  /** Who has it, where several runtimes are listened to: another one may call something else by the same name. */
  readonly runtime?: string;
}

/** A topic with its `topicKey`. */
export interface KeyedTopic extends Pick<TopicName, 'name' | 'runtime'> {
  readonly key: string;
}

/** By what a topic is told from all others; its name where there is one runtime alone. */
export function topicKey({ name, runtime }: Pick<TopicName, 'name' | 'runtime'>): string {
  return runtime === undefined ? name : `${runtime} ${name}`;
}

/** All that a recording says of a topic, so that it can be read where the robot's packages are not. */
export interface TopicDescription extends TopicName {
  /** One for each publisher. */
  readonly offeredQos: readonly OfferedQos[];
  /**
   * The type's `.msg` text and those of all types within, as `ros2msg` joins them; `undefined` if it is not known. The text of a
   * type without members, such as `std_msgs/msg/Empty`, is empty.
   */
  readonly definition: string | undefined;
  /** `RIHS01_` and 64 hex digits. Empty where it is not known. */
  readonly typeHash: string;
}

export interface TapSample {
  /**
   * Serialised data with its 4-octet encapsulation header. It is kept as it is, not copied: whoever hands it over neither
   * changes it later nor lets it be a small part of a large buffer, which would be kept alive by it.
   */
  readonly octets: Uint8Array;
  /** When it arrived, nanoseconds since the epoch. */
  readonly receivedNs: bigint;
  /** When its publisher published it, `undefined` where that is not known. */
  readonly publishedNs: bigint | undefined;
  /** Which publisher it is from, in any form that tells them apart. */
  readonly publisher: string;
}

export interface TapOptions {
  /** Asks for what all publishers offer (true), or for the QoS of sensor data. */
  readonly matchQos: boolean;
  readonly onSample: (sample: TapSample) => void;
}

/** A subscription of the black box. */
export interface Tap {
  /**
   * Samples that every publisher keeps for subscriptions to come, by `transient_local`; 0 where the topic has none, at
   * present or as it was last seen.
   */
  latchedDepth(): number;
  /** The topic as it was last seen: a recording is often made because its publisher is gone. */
  describe(): Promise<TopicDescription>;
  close(): void;
}

/** Where samples come from. */
export interface TapProvider {
  topics(): readonly TopicName[];
  /** Calls `listener` when `topics()` has changed. Gives a way to stop. */
  onTopicsChange(listener: () => void): () => void;
  /** Throws, or calls nothing, where the topic cannot be subscribed to; it is not asked again until topics change. */
  tap(topic: TopicName, options: TapOptions): Tap;
  /**
   * Topics that a source of faults publishes or subscribes to, by `topicKey`; `undefined` where nobody knows the source.
   * `runtimes` are those where it is, as far as that is known.
   */
  topicsOf(source: string, runtimes?: Runtimes): readonly string[] | undefined;
}
