import type { Publisher } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';

/** Waits until the publisher knows of `count` subscriptions: only then is a volatile sample sent to them. */
export async function untilMatched(publisher: Publisher, count = 1): Promise<void> {
  await eventually(`${count} subscriptions of ${publisher.topic}`, async () => (await publisher.matched()) >= count);
}
