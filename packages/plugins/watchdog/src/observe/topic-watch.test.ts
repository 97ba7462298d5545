import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { LocalNode } from '@medkit/ros2';
import { topic } from '../testing/graph-fixtures.ts';
import { VANISHED_AFTER_MS } from '../vanished-process.ts';
import { TopicWatch } from './topic-watch.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function stage({ refuses = false } = {}) {
  const clock = new SimulatedClock();
  const open = new Set<string>();
  const scene = { refuses, open, clock };
  const node = {
    subscribe: async ({ topic: name }: { readonly topic: string }) => {
      if (scene.refuses) throw new Error('no room');
      open.add(name);
      return { close: async () => void open.delete(name) };
    },
  } as unknown as LocalNode;
  const watch = new TopicWatch({
    node,
    clock,
    log: () => undefined,
    topics: new Set(['/scan']),
    learn: ['/odom'],
    limit: 8,
  });
  const published = async (name: string, publishers: number) => {
    watch.update(topic(name, { offers: Array.from({ length: publishers }, () => ({})) }));
    await settle();
  };
  return { scene, watch, published };
}

describe('watching rates', () => {
  it('a learned topic whose publishers do not return is released; a configured one is not', async () => {
    const { scene, watch, published } = stage();
    for (const count of [1, 0]) for (const name of ['/scan', '/odom']) await published(name, count);
    scene.clock.advance(VANISHED_AFTER_MS);
    assert.deepEqual(watch.tick(), []);
    scene.clock.advance(1);
    assert.deepEqual(watch.tick(), ['/odom']);
    await settle();
    assert.deepEqual([...scene.open], ['/scan']);
  });

  it('a topic with a returned publisher is waited for again for the whole time', async () => {
    const { scene, watch, published } = stage();
    for (const count of [1, 0, 1, 0]) {
      await published('/odom', count);
      scene.clock.advance(VANISHED_AFTER_MS / 2 + 1);
    }
    assert.deepEqual(watch.tick(), []);
  });

  it('a topic with a failed subscription is named, so that it can be tried again', async () => {
    const { scene, watch, published } = stage({ refuses: true });
    await published('/scan', 1);
    assert.deepEqual([...watch.takeFailed()], ['/scan']);
    scene.refuses = false;
    await published('/scan', 1);
    assert.deepEqual([[...watch.takeFailed()], [...scene.open]], [[], ['/scan']]);
  });
});
