import type { BagFormat } from '../files/bag.ts';

/** A topic of a recording. */
export interface RecordedTopic {
  readonly name: string;
  /** `sensor_msgs/msg/LaserScan`. */
  readonly type: string;
  readonly count: number;
  /** Whether it was offered as `transient_local`, so that late subscribers receive earlier messages. */
  readonly latched: boolean;
  readonly reliable: boolean;
  /**
   * Definition of its type in the format `ros2msg`. Absent if the recording has none, or if its messages are not
   * serialized as CDR.
   */
  readonly definition?: string;
}

/** A message of a recording, as received from the network. */
export interface RecordedMessage {
  readonly topic: string;
  /** Time of recording, nanoseconds since the Unix epoch. */
  readonly loggedNs: bigint;
  /** CDR with its encapsulation header. */
  readonly octets: Uint8Array;
}

/** A recording opened for reading, written by medkit, rosbag2 or another program in one of the two formats. */
export interface BagReader {
  readonly format: BagFormat;
  /** False if the recorder did not finish the file; what it wrote is still read. */
  readonly isComplete: boolean;
  /** Times of the first and last message; equal if there is none. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Sorted by name. */
  readonly topics: readonly RecordedTopic[];
  /**
   * In the order of recording.
   * @param topics only messages of these topics (default: all)
   */
  messages(topics?: ReadonlySet<string>): AsyncIterable<RecordedMessage>;
  close(): Promise<void>;
}

/** The file is not a readable recording; the message is the reason. */
export class BagUnreadable extends Error {
  override readonly name = 'BagUnreadable';
}

/**
 * Parses the QoS profiles of a topic in the format of rosbag2: names, or numbers of `rmw_qos_profile_t` before version
 * 9.
 */
export function offeredQos(profiles: string): Pick<RecordedTopic, 'latched' | 'reliable'> {
  return {
    latched: /\bdurability: *(?:transient_local|1)\b/.test(profiles),
    reliable: !/\breliability: *(?:best_effort|2)\b/.test(profiles),
  };
}

/** Combines consecutive files into one recording; `bags` has at least one. */
export function joinBags(bags: readonly BagReader[]): BagReader {
  const [first, ...others] = bags;
  if (first === undefined) throw new BagUnreadable('it has no file');
  if (others.length === 0) return first;
  const filled = bags.filter(({ topics }) => topics.some(({ count }) => count > 0));
  const topics = new Map<string, RecordedTopic>();
  for (const topic of bags.flatMap((bag) => bag.topics)) {
    const known = topics.get(topic.name);
    topics.set(topic.name, known ? { ...known, count: known.count + topic.count } : topic);
  }
  return {
    format: first.format,
    isComplete: bags.every(({ isComplete }) => isComplete),
    startNs: filled.map(({ startNs }) => startNs).reduce((a, b) => (a < b ? a : b), filled[0]?.startNs ?? 0n),
    endNs: filled.map(({ endNs }) => endNs).reduce((a, b) => (a > b ? a : b), 0n),
    topics: [...topics.values()].sort(byName),
    async *messages(selected) {
      for (const bag of bags) yield* bag.messages(selected);
    },
    close: async () => void (await Promise.all(bags.map((bag) => bag.close()))),
  };
}

export const byName = (a: RecordedTopic, b: RecordedTopic): number => (a.name < b.name ? -1 : 1);
