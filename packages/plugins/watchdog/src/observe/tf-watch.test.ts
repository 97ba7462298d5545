import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { LocalNode, Subscription } from '@medkit/ros2';
import { TfStale } from '../detectors/tf-stale.ts';
import { topic } from '../testing/graph-fixtures.ts';
import { TfWatch } from './tf-watch.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function stage({ closing = async () => undefined }: { readonly closing?: () => Promise<void> } = {}) {
  const ours = { refuses: false };
  const open: string[] = [];
  const logged: string[] = [];
  const node = {
    subscribe: async ({ topic: name }: { readonly topic: string }) => {
      if (ours.refuses) throw new Error('no room');
      open.push(name);
      const close = async (): Promise<void> => {
        open.splice(open.indexOf(name), 1);
        await closing();
      };
      return { close } as Subscription;
    },
  } as Pick<LocalNode, 'subscribe'> as LocalNode;
  const frames = new TfStale({ grace: 0, maxAgeMs: 2000, ignore: [] }, () => undefined);
  const watch = new TfWatch({
    node,
    clock: new SimulatedClock(),
    log: (_, message) => void logged.push(message),
    frames,
  });
  const published = (name: string, publishers: number) =>
    watch.update(
      topic(name, { offers: Array.from({ length: publishers }, () => ({})), type: 'tf2_msgs/msg/TFMessage' }),
    );
  return { open, logged, watch, published, ours };
}

describe('watching transforms', () => {
  it('a robot that has disconnected makes room for another', async () => {
    const { open, watch, published } = stage();
    for (let robot = 0; robot < 9; robot++) published(`/robot_${robot}/tf`, 1);
    await settle();
    assert.equal(open.includes('/robot_8/tf'), false, 'eight are the most');
    published('/robot_0/tf', 0);
    await settle();
    published('/robot_8/tf', 1);
    await settle();
    assert.deepEqual([open.includes('/robot_0/tf'), open.includes('/robot_8/tf'), open.length], [false, true, 8]);
    await watch.stop();
    assert.deepEqual(open, []);
  });

  it('a topic with a failed subscription is named until it succeeds, and is logged once', async () => {
    const { open, logged, watch, published, ours } = stage();
    ours.refuses = true;
    for (let round = 0; round < 2; round++) {
      published('/tf', 1);
      await settle();
      assert.deepEqual([...watch.takeFailed()], ['/tf']);
    }
    ours.refuses = false;
    published('/tf', 1);
    await settle();
    assert.deepEqual([open, [...watch.takeFailed()], logged], [['/tf'], [], ['/tf cannot be watched: no room']]);
  });

  it('a subscription that cannot be closed is logged, and affects nothing else', async () => {
    const { logged, published } = stage({ closing: () => Promise.reject(new Error('gone')) });
    published('/tf', 1);
    published('/tf', 0);
    await settle();
    assert.deepEqual(logged, ['/tf could not be closed: gone']);
  });
});
