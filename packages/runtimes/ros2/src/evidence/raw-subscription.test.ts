import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { LocalNode, SubscribeOptions, TopicSample } from '@medkit/ros2';
import { openRaw } from './raw-subscription.ts';

it('messages have increasing times in the order of delivery, and the times follow a clock that was set back', () => {
  let deliver: SubscribeOptions['onSample'] = () => undefined;
  const node = {
    subscribe: (options: SubscribeOptions) => {
      deliver = options.onSample;
      return new Promise<never>(() => undefined);
    },
  } satisfies Pick<LocalNode, 'subscribe'>;
  const timesNs: bigint[] = [];
  openRaw({
    node,
    log: () => undefined,
    topic: '/a',
    type: 'std_msgs/msg/String',
    qos: {},
    onSample: ({ receivedNs }) => timesNs.push(receivedNs),
  });
  for (const [index, receivedMs] of [5000, 4998, 4998, 6000, 1000].entries()) {
    const sample = { topic: '/a', type: '', message: undefined, gid: 'g', sourceSeconds: -1, sourceNanoseconds: 0 };
    deliver({ ...sample, cdr: new Uint8Array(4), sequenceNumber: index + 1, receivedMs } satisfies TopicSample);
  }
  assert.deepEqual(timesNs, [5_000_000_000n, 5_000_000_001n, 5_000_000_002n, 6_000_000_000n, 1_000_000_000n]);
});
