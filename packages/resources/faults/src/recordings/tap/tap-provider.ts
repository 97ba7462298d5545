import type { Runtimes } from '../../topic-sampler.ts';

/** QoS offered by one publisher. A duration of `null` is infinite. */
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
  /** The runtime that has the topic, if several are connected: the same name may be another topic there. */
  readonly runtime?: string;
}

/** A topic with its `topicKey`. */
export interface KeyedTopic extends Pick<TopicName, 'name' | 'runtime'> {
  readonly key: string;
}

/** Returns a unique key of a topic; its name if there is a single runtime. */
export function topicKey({ name, runtime }: Pick<TopicName, 'name' | 'runtime'>): string {
  return runtime === undefined ? name : `${runtime} ${name}`;
}

/** Everything that a recording stores about a topic, so that it can be read without the robot's packages. */
export interface TopicDescription extends TopicName {
  /** One for each publisher. */
  readonly offeredQos: readonly OfferedQos[];
  /**
   * The `.msg` text of the type and of all nested types, joined as in `ros2msg`; `undefined` if unknown. The text of a
   * type without members, such as `std_msgs/msg/Empty`, is empty.
   */
  readonly definition: string | undefined;
  /** `RIHS01_` and 64 hex digits; empty if unknown. */
  readonly typeHash: string;
}

export interface TapSample {
  /**
   * Serialized data with its 4-byte encapsulation header. It is stored without a copy: the provider must not change it
   * later, and it must not be a small view into a large buffer, which would stay alive.
   */
  readonly octets: Uint8Array;
  /** Time of arrival, nanoseconds since the epoch. */
  readonly receivedNs: bigint;
  /** Time of publication; `undefined` if unknown. */
  readonly publishedNs: bigint | undefined;
  /** A unique text for the publisher. */
  readonly publisher: string;
}

export interface TapOptions {
  /** True to request the QoS that all publishers offer, false for the QoS of sensor data. */
  readonly matchQos: boolean;
  readonly onSample: (sample: TapSample) => void;
}

/** A subscription of the black box. */
export interface Tap {
  /**
   * Returns how many samples each publisher retains for late subscriptions (`transient_local`), now or when it was last
   * seen; 0 if the topic is not latched.
   */
  latchedDepth(): number;
  /** Returns the topic as last seen: a recording is often made because the publisher has exited. */
  describe(): Promise<TopicDescription>;
  close(): void;
}

/** A source of samples. */
export interface TapProvider {
  topics(): readonly TopicName[];
  /** Calls `listener` when `topics()` has changed. Returns a function that stops it. */
  onTopicsChange(listener: () => void): () => void;
  /** Throws, or never calls `onSample`, if the topic cannot be subscribed to; it is not retried until topics change. */
  tap(topic: TopicName, options: TapOptions): Tap;
  /**
   * Returns the topics that a source publishes or subscribes to, by `topicKey`; `undefined` if the source is unknown.
   * `runtimes` are the runtimes of the source, if known.
   */
  topicsOf(source: string, runtimes?: Runtimes): readonly string[] | undefined;
}
