import type { TopicSample } from '@medkit/ros2';

/**
 * Returns when a sample arrived, in nanoseconds since the epoch. The precision is microseconds, because the input is a
 * double.
 */
export function receivedNsOf({ receivedMs }: Pick<TopicSample, 'receivedMs'>): bigint {
  return BigInt(Math.round(receivedMs * 1000)) * 1000n;
}
