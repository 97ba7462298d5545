import type { Publisher } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';

/** Waits until the publisher is matched with `count` subscriptions: only then do they receive volatile samples. */
export async function untilMatched(publisher: Publisher, count = 1): Promise<void> {
  await eventually(`${count} subscriptions of ${publisher.topic}`, async () => (await publisher.matched()) >= count);
}
