import type { TopicSample } from '@medkit/ros2';

/** When a sample arrived, nanoseconds since the epoch. Microseconds are what a double has room for. */
export function receivedNsOf({ receivedMs }: Pick<TopicSample, 'receivedMs'>): bigint {
  return BigInt(Math.round(receivedMs * 1000)) * 1000n;
}
