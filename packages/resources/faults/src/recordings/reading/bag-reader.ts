import type { BagFormat } from '../files/bag.ts';

/** A topic of a recording. */
export interface RecordedTopic {
  readonly name: string;
  /** `sensor_msgs/msg/LaserScan`. */
  readonly type: string;
  readonly count: number;
  /** Whether it was offered so that who comes later gets what was said before. */
  readonly latched: boolean;
  readonly reliable: boolean;
}

/** A message of a recording, as it came over the wire. */
export interface RecordedMessage {
  readonly topic: string;
  /** When it was recorded, nanoseconds since the Unix epoch. */
  readonly loggedNs: bigint;
  /** CDR with its encapsulation header. */
  readonly octets: Uint8Array;
}

/** A recording that is read: of medkit, of rosbag2, of whoever writes one of its two formats. */
export interface BagReader {
  readonly format: BagFormat;
  /** Of the first and of the last message; equal where there is none. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** By name. */
  readonly topics: readonly RecordedTopic[];
  /** In the order in which they were recorded. */
  messages(): AsyncIterable<RecordedMessage>;
  close(): Promise<void>;
}

/** A file is no recording that can be read; the message says why. */
export class BagUnreadable extends Error {
  override readonly name = 'BagUnreadable';
}

/** What the QoS profiles of a topic, as rosbag2 writes them, say: names, or figures of `rmw_qos_profile_t` before version 9. */
export function offeredQos(profiles: string): Pick<RecordedTopic, 'latched' | 'reliable'> {
  return {
    latched: /\bdurability: *(?:transient_local|1)\b/.test(profiles),
    reliable: !/\breliability: *(?:best_effort|2)\b/.test(profiles),
  };
}

export const byName = (a: RecordedTopic, b: RecordedTopic): number => (a.name < b.name ? -1 : 1);
