import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LocalNode } from '@medkit/ros2';
import { RETRY_TICKS } from './retry-ticks.ts';
import { StateReader } from './state-reader.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Simulates a node whose clients can be opened or not, and whose state is active. */
function stage() {
  const scene = { broken: false, open: 0, logged: [] as string[] };
  const opened = () => {
    scene.open++;
    return { close: async () => void scene.open-- };
  };
  const node = {
    client: async () => {
      if (scene.broken) throw new Error('no room');
      return { ...opened(), call: async () => ({ current_state: { id: 3, label: 'active' } }) };
    },
    subscribe: async () => opened(),
  } as unknown as LocalNode;
  const reader = new StateReader(node, (_, message) => void scene.logged.push(message));
  const ask = async (tick: number) => {
    reader.ask('/slam', tick);
    await settle();
    return reader.reading('/slam');
  };
  return { scene, reader, ask };
}

describe('the states of managed nodes', () => {
  it('are requested with one client for each node, which is closed when it is no longer needed', async () => {
    const { scene, reader, ask } = stage();
    assert.deepEqual(await ask(1), { kind: 'state', label: 'active' });
    await ask(2);
    assert.equal(scene.open, 3);
    reader.tidy(100);
    await settle();
    assert.deepEqual([scene.open, reader.reading('/slam')], [0, { kind: 'unread' }]);
  });

  it('are known once a failed client can be opened, which is tried periodically and logged once', async () => {
    const { scene, reader, ask } = stage();
    scene.broken = true;
    assert.deepEqual(await ask(1), { kind: 'unreadable' });
    assert.deepEqual(await ask(1 + RETRY_TICKS), { kind: 'unreadable' });
    scene.broken = false;
    assert.deepEqual(await ask(2 * RETRY_TICKS), { kind: 'unreadable' });
    assert.deepEqual(await ask(1 + 2 * RETRY_TICKS), { kind: 'state', label: 'active' });
    assert.deepEqual(scene.logged, ['Cannot request the state of /slam: no room']);
    await reader.stop();
    assert.equal(scene.open, 0);
  });
});
