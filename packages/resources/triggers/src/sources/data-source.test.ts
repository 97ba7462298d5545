import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { DataProvider } from '@medkit/core';
import { app, component, errorOf } from '@medkit/core/testing';
import { BELOW_22, settled, triggerScene } from '../testing/trigger-scene.ts';

const CHANGE = { condition_type: 'OnChange' };

describe('a trigger on data', () => {
  it('fires when the voltage falls below 22 V, without a path', async () => {
    const { create, listen, publish, close } = await triggerScene();
    const made = await create('app', 'battery_monitor', 'data/voltage', BELOW_22);
    const { received } = await listen('app', 'battery_monitor', made.id);
    await publish(
      '/battery_monitor',
      '/voltage',
      { data: 24 },
      { data: 21.9 },
      { data: 21 },
      { data: 23 },
      { data: 22 },
    );
    assert.deepEqual(received, { payloads: [{ data: 21.9 }, { data: 22 }], ids: [1, 2], ended: false });
    await close();
  });

  it('evaluates the value at its path, and sends the whole value', async () => {
    const { create, listen, publish, close } = await triggerScene();
    const made = await create('app', 'battery_monitor', 'data/voltage', BELOW_22, { path: '/cells/1' });
    const { received } = await listen('app', 'battery_monitor', made.id);
    await publish('/battery_monitor', '/voltage', { cells: [21, 23] }, { cells: [] }, { cells: [23, 21] });
    assert.deepEqual(received.payloads, [{ cells: [23, 21] }], 'a value without it hides nothing');
    await close();
  });

  for (const name of ['voltage', '%2Fvoltage', '/voltage', 'rear/temperature', 'temperature']) {
    it(`receives data/${name}`, async () => {
      const { create, listen, publish, close } = await triggerScene();
      const made = await create('app', 'battery_monitor', `data/${name}`, CHANGE);
      const { received } = await listen('app', 'battery_monitor', made.id);
      await publish('/battery_monitor', '/voltage', { data: 1 });
      await publish('/battery_monitor', '/rear/temperature', { temperature: 1 });
      assert.equal(received.payloads.length, 1);
      await close();
    });
  }

  it('accepts no part of a word as a name', async () => {
    const { create, runtime, close } = await triggerScene();
    const error = await errorOf(create('app', 'battery_monitor', 'data/perature', CHANGE));
    assert.deepEqual([error.code, error.parameters?.['did_you_mean']], ['resource-not-found', '/rear/temperature']);
    assert.deepEqual(runtime.watched, []);
    await close();
  });

  it('of one entity receives nothing of the same item of another, nor of other items', async () => {
    const { create, listen, publish, close } = await triggerScene();
    const made = await create('app', 'driver', 'data/force', CHANGE);
    const other = await create('app', 'gripper', 'data/force', CHANGE);
    const driver = await listen('app', 'driver', made.id);
    const gripper = await listen('app', 'gripper', other.id);
    await publish('/driver', '/force', 1);
    await publish('/driver', '/scan', 2);
    await publish('/gripper', '/force', 3);
    assert.deepEqual([driver.received.payloads, gripper.received.payloads], [[1], [3]]);
    await close();
  });

  it('of an area receives the item of every member below it, each compared with itself', async () => {
    const { create, listen, publish, close } = await triggerScene();
    const made = await create('area', 'hall', 'data/force', { condition_type: 'OnChangeTo', target_value: 9 });
    const { received } = await listen('area', 'hall', made.id);
    await publish('/driver', '/force', 9);
    await publish('/gripper', '/force', 9);
    await publish('/driver', '/force', 9, 1);
    await publish('/gripper', '/force', 9);
    assert.deepEqual(received.payloads, [9, 9]);
    const named = await create('component', 'amr', 'data/gripper:force', CHANGE);
    const one = await listen('component', 'amr', named.id);
    await publish('/driver', '/force', 2);
    await publish('/gripper', '/force', 3);
    assert.deepEqual(one.received.payloads, [3]);
    await close();
  });

  it('shares one watch with all others on the item, until the last of them is removed', async () => {
    const { create, runtime, service, call, publish, close } = await triggerScene();
    await create('app', 'battery_monitor', 'data/voltage', CHANGE, { multishot: false });
    const made = [];
    for (let n = 0; n < 3; n++) made.push(await create('app', 'battery_monitor', 'data/voltage', CHANGE));
    await create('app', 'driver', 'faults', CHANGE);
    assert.deepEqual(runtime.watched, ['/voltage']);
    await publish('/battery_monitor', '/voltage', { data: 1 });
    for (const { id } of made) {
      assert.deepEqual(runtime.watched, ['/voltage']);
      await service.remove('app', 'battery_monitor', id, call());
    }
    await settled();
    assert.deepEqual(runtime.watched, []);
    await close();
  });

  it('receives the latched value for late subscribers, also if others are watching already', async () => {
    const { create, listen, publish, model, close } = await triggerScene();
    const data = model.provider('memory')!.data!;
    const { watch } = data;
    const stored = { value: { data: 23 }, timestampNs: 1n, type: 'std_msgs/msg/Float32' };
    Object.assign(data, {
      watch: async (...args: Parameters<NonNullable<typeof watch>>) => ({
        ...(await watch!(...args)),
        kept: async () => stored,
      }),
    });
    await create('app', 'battery_monitor', 'data/voltage', BELOW_22);
    await publish('/battery_monitor', '/voltage', { data: 23 });
    const late = await create('app', 'battery_monitor', 'data/voltage', BELOW_22);
    const { received } = await listen('app', 'battery_monitor', late.id);
    await publish('/battery_monitor', '/voltage', { data: 21 });
    assert.deepEqual(received.payloads, [{ data: 21 }]);
    await close();
  });

  it('that expires closes its watch', async () => {
    const { create, runtime, clock, close } = await triggerScene();
    await create('app', 'battery_monitor', 'data/voltage', CHANGE, { lifetime: 5 });
    await clock.advanceAsync(5000, 1000);
    assert.deepEqual(runtime.watched, []);
    await close();
  });
});

describe('data that is not available yet', () => {
  it('is waited for, and logged once when it takes long', async () => {
    const { create, listen, publish, clock, logged, close } = await triggerScene();
    const made = await create('app', 'battery_monitor', 'data/voltage', BELOW_22);
    const { received } = await listen('app', 'battery_monitor', made.id);
    await clock.advanceAsync(130_000, 5000);
    const waits = logged.filter((line) => line.includes('no value of'));
    assert.deepEqual(waits, [
      'warn: trig_1 is waiting: no value of /api/v1/apps/battery_monitor/data/voltage was received yet',
    ]);
    await publish('/battery_monitor', '/voltage', { data: 23 }, { data: 21 });
    assert.equal(received.payloads.length, 1);
    await close();
  });

  it('is found for an earlier trigger as soon as its node has it, also under a longer name', async () => {
    const first = await triggerScene();
    await first.create('app', 'battery_monitor', 'data/temperature', CHANGE, { persistent: true });
    const data: Record<string, Record<string, object>> = { '/battery_monitor': {} };
    const again = await triggerScene({ memory: first.memory, runtime: { data } });
    const { listen, publish, clock, runtime, model, close } = again;
    const { received } = await listen('app', 'battery_monitor', 'trig_1');
    assert.deepEqual(runtime.watched, [], 'nothing is watched on a guess');
    data['/battery_monitor'] = { '/tyres/temperature': {} };
    model.events.emit('data.changed', { runtime: 'memory' });
    await clock.advanceAsync(100, 10);
    assert.deepEqual(runtime.watched, ['/tyres/temperature']);
    await publish('/battery_monitor', '/tyres/temperature', 2.4);
    assert.deepEqual(received.payloads, [2.4]);
    await close();
    await first.close();
  });

  it('opens no watch for a trigger that was deleted meanwhile', async () => {
    const listing = Promise.withResolvers<void>();
    let calls = 0;
    const { create, service, call, runtime, close, clock } = await triggerScene({
      // The first call checks that the item exists, before the trigger is created.
      runtime: { onCall: () => (++calls === 1 ? undefined : listing.promise) },
    });
    const making = create('app', 'battery_monitor', 'data/voltage', CHANGE);
    await settled();
    await service.remove('app', 'battery_monitor', 'trig_1', call());
    listing.resolve();
    await making;
    await clock.advanceAsync(20_000, 5000);
    assert.deepEqual(runtime.watched, []);
    await close();
  });

  it('appears with its app, also at another address', async () => {
    const { create, listen, publish, runtime, clock, close } = await triggerScene();
    const made = await create('app', 'driver', 'data/force', CHANGE);
    const { received } = await listen('app', 'driver', made.id);
    runtime.tell({ apps: [] });
    await clock.advanceAsync(1000, 100);
    assert.deepEqual(runtime.watched, ['/force'], 'it may come back as it was');
    runtime.tell({ apps: [app('driver', { address: { runtime: 'memory', nativeId: '/gripper' } })] });
    await clock.advanceAsync(1000, 100);
    await publish('/gripper', '/force', 4);
    await publish('/driver', '/force', 5);
    assert.deepEqual(received.payloads, [4]);
    await close();
  });

  it('appears with a new component below the entity', async () => {
    const { create, listen, publish, runtime, clock, close } = await triggerScene({ runtime: { apps: [] } });
    const made = await create('component', 'amr', 'data/force', CHANGE);
    const { received } = await listen('component', 'amr', made.id);
    const address = { runtime: 'memory', nativeId: '/driver' };
    runtime.tell({ components: [component('amr'), component('crane', { parentComponentId: 'amr', address })] });
    await clock.advanceAsync(1000, 100);
    await publish('/driver', '/force', 1);
    assert.deepEqual(received.payloads, [1]);
    await close();
  });
});

describe('data that cannot be subscribed to', () => {
  it('does not affect triggers on other items of the same members', async () => {
    const { create, listen, publish, model, runtime, close } = await triggerScene();
    const data = model.provider('memory')!.data!;
    const watch = data.watch!;
    const refused = new SovdError({ code: 'x-medkit-subscribe-failed' });
    Object.assign(data, {
      watch: (...args: Parameters<typeof watch>) => (args[0] === '/gripper' ? Promise.reject(refused) : watch(...args)),
    });
    const made = await create('app', 'driver', 'data/force', CHANGE);
    const { received } = await listen('app', 'driver', made.id);
    assert.equal((await errorOf(create('area', 'hall', 'data/force', CHANGE))).code, 'x-medkit-subscribe-failed');
    await publish('/driver', '/force', 1);
    assert.deepEqual([received.payloads, runtime.watched], [[1], ['/force']]);
    Object.assign(data, { watch });
    const other = await create('area', 'hall', 'data/force', CHANGE);
    const all = await listen('area', 'hall', other.id);
    await publish('/gripper', '/force', 2);
    assert.deepEqual(all.received.payloads, [2]);
    await close();
  });

  it('is retried for an earlier trigger', async () => {
    const first = await triggerScene();
    await first.create('app', 'driver', 'data/force', CHANGE, { persistent: true });
    let broken = true;
    const onCall = () => {
      if (broken) throw new SovdError({ code: 'x-medkit-subscribe-failed', message: 'no room' });
    };
    const { service, runtime, clock, close } = await triggerScene({ memory: first.memory, runtime: { onCall } });
    assert.equal((await service.get('app', 'driver', 'trig_1'))['x-medkit']?.problem, 'no room');
    broken = false;
    await clock.advanceAsync(6000, 1000);
    assert.deepEqual(runtime.watched, ['/force']);
    assert.match((await service.get('app', 'driver', 'trig_1'))['x-medkit']?.problem ?? '', /No value/);
    await close();
    await first.close();
  });
});

it('an earlier trigger whose item was found and could not be watched is retried', async () => {
  const first = await triggerScene();
  await first.create('app', 'driver', 'data/force', CHANGE, { persistent: true });
  let calls = 0;
  const onCall = () => {
    calls++;
    // Its items are listed first.
    if (calls === 2) throw new SovdError({ code: 'x-medkit-subscribe-failed', message: 'no room' });
  };
  const { service, runtime, clock, close } = await triggerScene({ memory: first.memory, runtime: { onCall } });
  assert.equal((await service.get('app', 'driver', 'trig_1'))['x-medkit']?.problem, 'no room');
  await clock.advanceAsync(6000, 1000);
  assert.deepEqual(runtime.watched, ['/force']);
  await close();
  await first.close();
});

it('a request that is pending at the end leaves no watch', async () => {
  const { create, memory, runtime, triggers, close } = await triggerScene();
  const held = Promise.withResolvers<void>();
  memory.disk.held = held.promise;
  const making = create('app', 'battery_monitor', 'data/voltage', CHANGE, { persistent: true });
  await settled();
  const closing = triggers.close();
  held.resolve();
  assert.equal((await making).status, 'active', 'it is on disk');
  await closing;
  assert.deepEqual(runtime.watched, []);
  await close();
});

it('data that cannot be watched is polled in rounds, and one failed read does not affect others', async () => {
  const values: Record<string, number | undefined> = { level: 30 };
  let reads = 0;
  const provider: DataProvider = {
    list: async () => ['level', 'broken'].map((id) => ({ id, name: id, category: 'currentData' })),
    read: async (_nativeId, id) => {
      reads++;
      if (id === 'broken') throw new Error('not connected');
      return { id, value: values[id], timestampNs: 1n, publisherCount: 1, subscriberCount: 0 };
    },
    write: () => assert.fail('not written'),
  };
  const scene = await triggerScene({
    runtime: { apps: [app('plc', { address: { runtime: 'memory', nativeId: 'plc' } })] },
  });
  // A test runtime always has a watch; removes it.
  Object.assign(scene.model.provider('memory')?.data ?? {}, { ...provider, watch: undefined });
  const made = await scene.create('app', 'plc', 'data/level', BELOW_22);
  await scene.create('app', 'plc', 'data/broken', BELOW_22);
  const { received } = await scene.listen('app', 'plc', made.id);
  await scene.clock.advanceAsync(2000, 500);
  values['level'] = undefined;
  await scene.clock.advanceAsync(2000, 500);
  values['level'] = 20;
  await scene.clock.advanceAsync(2000, 500);
  assert.deepEqual(received.payloads, [20]);
  await scene.service.remove('app', 'plc', made.id, scene.call());
  await scene.service.remove('app', 'plc', 'trig_2', scene.call());
  const before = reads;
  await scene.clock.advanceAsync(5000, 500);
  assert.equal(reads, before);
  await scene.close();
});
