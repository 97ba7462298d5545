import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { app, area, errorOf, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { memoryRecords } from './testing/memory-records.ts';
import { BELOW_22, settled, triggerScene } from './testing/trigger-scene.ts';
import { ORPHANED_MS } from './trigger-registry.ts';

const CHANGE = { condition_type: 'OnChange' };
const HOUR_MS = 3_600_000;

/** A scene with one trigger on the voltage, and the events that a client received. */
async function voltageScene(more: object = {}, scene?: Parameters<typeof triggerScene>[0]) {
  const made = await triggerScene(scene);
  const trigger = await made.create('app', 'battery_monitor', 'data/voltage', BELOW_22, more);
  const { received } = await made.listen('app', 'battery_monitor', trigger.id);
  return {
    ...made,
    received,
    volts: (...values: readonly number[]) =>
      made.publish('/battery_monitor', '/voltage', ...values.map((data) => ({ data }))),
    get: () => made.service.get('app', 'battery_monitor', trigger.id),
    again: (lastId?: number) => made.listen('app', 'battery_monitor', trigger.id, lastId),
    expire: () => errorOf(made.service.get('app', 'battery_monitor', trigger.id)),
  };
}

describe('a trigger that fires once', () => {
  it('sends its event before its stream ends, and is shown as terminated for an hour', async () => {
    const { received, volts, get, again, clock, expire, runtime, close } = await voltageScene({ multishot: false });
    await volts(23, 21, 23, 21);
    assert.deepEqual(received, { payloads: [{ data: 21 }], ids: [1], ended: true });
    const { status, 'x-medkit': more } = await get();
    assert.deepEqual([status, more?.fired_total, runtime.watched], ['terminated', 1, []]);
    assert.deepEqual((await again()).received, received, 'who comes late gets it too');
    assert.equal((await errorOf(again(1))).code, 'resource-not-found', 'who has seen it need not come again');
    await clock.advanceAsync(HOUR_MS - 10_000, 60_000);
    assert.equal((await get()).status, 'terminated');
    await clock.advanceAsync(20_000, 1000);
    assert.equal((await expire()).code, 'resource-not-found');
    await close();
  });

  it('cannot get another lifetime once it has fired, but can be deleted', async () => {
    const { service, call, volts, memory, close } = await voltageScene({ multishot: false, persistent: true });
    await volts(23, 21);
    const error = await errorOf(service.update('app', 'battery_monitor', 'trig_1', { lifetime: 5 }, call()));
    assert.deepEqual([error.code, error.parameters], ['resource-not-found', { trigger_id: 'trig_1' }]);
    await service.remove('app', 'battery_monitor', 'trig_1', call());
    assert.equal(memory.rows.size, 0);
    await close();
  });
});

describe('a trigger that fires more than once', () => {
  it('sends every event to every client, and missed events to late ones', async () => {
    const { received, volts, again, close } = await voltageScene();
    const second = await again();
    await volts(23, 21, 23, 20, 23, 19);
    const expected = { payloads: [{ data: 21 }, { data: 20 }, { data: 19 }], ids: [1, 2, 3], ended: false };
    assert.deepEqual([received, second.received, (await again()).received], [expected, expected, expected]);
    assert.deepEqual((await again(2)).received, { payloads: [{ data: 19 }], ids: [3], ended: false });
    await close();
  });

  it('stores its last hundred events', async () => {
    const { volts, again, close } = await voltageScene();
    for (let n = 0; n < 120; n++) await volts(23, n / 10);
    const { ids } = (await again()).received;
    assert.deepEqual([ids.length, ids[0], ids.at(-1)], [100, 21, 120]);
    await close();
  });

  it('reports that a payload is too large instead of sending it', async () => {
    const { create, listen, service, publish, close } = await triggerScene();
    const { id } = await create('app', 'driver', 'data/scan', CHANGE);
    const { received } = await listen('app', 'driver', id);
    await publish('/driver', '/scan', 'x'.repeat(600_000));
    const [event] = (await service.events('app', 'driver', id, undefined)).after(0, 1).events;
    assert.deepEqual(received.payloads, [null]);
    assert.match(event?.data ?? '', /"payload_omitted":"The payload has 600002 characters/);
    await close();
  });
});

describe('a lifetime', () => {
  it('ends a trigger and its streams, and the trigger is removed', async () => {
    const { received, volts, clock, expire, service, close } = await voltageScene({ lifetime: 1 });
    await volts(23);
    clock.advance(1000);
    await volts(21);
    assert.deepEqual(received, { payloads: [], ids: [], ended: true });
    assert.equal((await expire()).code, 'resource-not-found');
    assert.equal(
      (await errorOf(service.events('app', 'battery_monitor', 'trig_1', undefined))).code,
      'resource-not-found',
    );
    assert.deepEqual((await service.list('app', 'battery_monitor')).items, []);
    await close();
  });

  it('is checked before a value is evaluated', async () => {
    const { received, volts, clock, close } = await voltageScene({ lifetime: 1 });
    await volts(23);
    clock.advance(999);
    clock.stepWall(-5000);
    await volts(21);
    assert.equal(received.payloads.length, 1, 'a wall clock that is set changes nothing');
    await close();
  });

  it('starts again with PUT', async () => {
    const { received, volts, clock, service, call, close } = await voltageScene({ lifetime: 10 });
    await volts(23);
    await clock.advanceAsync(9000, 1000);
    await service.update('app', 'battery_monitor', 'trig_1', { lifetime: 10 }, call());
    await clock.advanceAsync(9000, 1000);
    await volts(21);
    assert.deepEqual([received.payloads.length, received.ended], [1, false]);
    await clock.advanceAsync(1000, 1000);
    assert.equal(received.ended, true);
    await close();
  });
});

describe('another lifetime', () => {
  it('is rejected for a trigger that ends while the disk works', async () => {
    const { service, call, memory, clock, close } = await voltageScene({ persistent: true, lifetime: 1 });
    const held = Promise.withResolvers<void>();
    memory.disk.held = held.promise;
    const update = errorOf(service.update('app', 'battery_monitor', 'trig_1', { lifetime: 60 }, call()));
    await clock.advanceAsync(2000, 1000);
    held.resolve();
    assert.equal((await update).code, 'resource-not-found');
    await close();
  });
});

describe('the end of a lifetime', () => {
  it('is a whole millisecond, as stored on disk', async () => {
    const clock = new SimulatedClock();
    clock.advance(0.6);
    const { service, call, memory, close } = await voltageScene({ persistent: true, lifetime: 60 }, { clock });
    const endsMs = () => memory.rows.get(1)?.record.expiresMs;
    assert.ok(Number.isInteger(endsMs()), `${endsMs()}`);
    await service.update('app', 'battery_monitor', 'trig_1', { lifetime: 90 }, call());
    assert.ok(Number.isInteger(endsMs()), `${endsMs()}`);
    await close();
  });
});

describe('a wall clock that is set', () => {
  it('does not change the lifetime of a trigger, also over a restart', async () => {
    const first = await voltageScene({ persistent: true, lifetime: 60 });
    first.clock.stepWall(6 * 365 * 86_400_000);
    await first.clock.advanceAsync(2000, 1000);
    const second = await triggerScene({ memory: first.memory, clock: first.clock });
    assert.equal((await second.service.get('app', 'battery_monitor', 'trig_1')).status, 'active');
    await second.clock.advanceAsync(59_000, 1000);
    assert.deepEqual((await second.service.list('app', 'battery_monitor')).items, []);
    await second.close();
  });

  it('does not hide the event of a trigger that fired once', async () => {
    const { volts, get, clock, close } = await voltageScene({ multishot: false });
    await volts(23, 21);
    clock.stepWall(86_400_000);
    await clock.advanceAsync(5000, 1000);
    assert.equal((await get()).status, 'terminated');
    await close();
  });
});

describe('a persistent trigger', () => {
  /** Opens the same storage again, as after the process was killed. */
  const afterKill = async (
    memory: ReturnType<typeof memoryRecords>,
    clock = new SimulatedClock(),
    more: object = {},
  ) => {
    const scene = await triggerScene({ memory, clock, ...more });
    const { received } = await scene.listen('app', 'battery_monitor', 'trig_1');
    const volts = (...values: readonly number[]) =>
      scene.publish('/battery_monitor', '/voltage', ...values.map((data) => ({ data })));
    return { ...scene, received, volts };
  };

  it('is the same after a restart, and continues with the state of its condition', async () => {
    const log_settings = { severity: 'error', marker: 'Low' };
    const first = await voltageScene({ persistent: true, lifetime: 100, path: '/data', log_settings });
    await first.volts(23);
    const before = await first.get();
    const second = await afterKill(first.memory, first.clock);
    const after = await second.service.get('app', 'battery_monitor', 'trig_1');
    assert.deepEqual(
      { ...after, 'x-medkit': { ...after['x-medkit'], problem: undefined } },
      { ...before, 'x-medkit': { ...before['x-medkit'], problem: undefined } },
    );
    await second.volts(21);
    assert.equal(second.received.payloads.length, 1, 'the value before was above 22 V');
    assert.ok(second.logged.includes('info: 1 triggers continue'));
    await second.close();
  });

  it('fires once for one crossing, and can fire again', async () => {
    const first = await voltageScene({ persistent: true });
    await first.volts(23, 21);
    const second = await afterKill(first.memory, first.clock);
    assert.deepEqual(second.received.ids, [1], 'its events are kept');
    await second.volts(20);
    assert.deepEqual(second.received.ids, [1]);
    await second.volts(24, 20);
    assert.deepEqual(second.received.ids, [1, 2], 'their numbers go on');
    await second.close();
  });

  it('that fired once still has its event for absent clients', async () => {
    const first = await voltageScene({ persistent: true, multishot: false });
    await first.volts(23, 21);
    const second = await afterKill(first.memory, first.clock);
    assert.deepEqual(second.received, { payloads: [{ data: 21 }], ids: [1], ended: true });
    assert.equal((await second.service.get('app', 'battery_monitor', 'trig_1')).status, 'terminated');
    assert.deepEqual(second.runtime.watched, []);
    await second.close();
  });

  it('sends an event only once it is on disk, together with its new state', async () => {
    const { received, volts, memory, close } = await voltageScene({ persistent: true });
    await volts(23);
    const held = Promise.withResolvers<void>();
    memory.disk.held = held.promise;
    memory.disk.notes.length = 0;
    await volts(21);
    assert.deepEqual(received.ids, []);
    await volts(23, 20);
    held.resolve();
    await settled();
    assert.deepEqual(received.ids, [1, 2]);
    const [first, second] = memory.disk.notes.map((news) =>
      news.map(({ event, progress }) => [event?.id, progress?.lastEventId, progress?.gists['voltage']]),
    );
    assert.deepEqual(first, [
      [1, undefined, undefined],
      [undefined, 1, true],
    ]);
    assert.deepEqual(second, [
      [2, undefined, undefined],
      [undefined, 2, true],
    ]);
    await close();
  });

  it('sends events also while the disk fails, and writes them when it works again', async () => {
    const { received, volts, memory, triggers, clock, logged, close } = await voltageScene({ persistent: true });
    memory.disk.failing = true;
    await volts(23, 21, 23, 20);
    assert.deepEqual(received.ids, [1, 2]);
    assert.equal(triggers.health().warnings[0]?.code, 'triggers_not_written');
    await clock.advanceAsync(5000, 500);
    assert.equal(logged.filter((line) => line.includes('cannot be stored')).length, 1, 'it is said once');
    memory.disk.failing = false;
    await clock.advanceAsync(1000, 500);
    assert.deepEqual(
      memory.rows.get(1)?.events.map(({ id }) => id),
      [1, 2],
    );
    assert.deepEqual(triggers.health().warnings, []);
    await close();
  });

  it('drops the oldest events if they are too large to wait for a failing disk', async () => {
    const large = 'x'.repeat(500_000);
    const scene = await triggerScene();
    await scene.create('app', 'driver', 'data/force', { condition_type: 'OnChange' }, { persistent: true });
    scene.memory.disk.failing = true;
    for (let n = 0; n < 100; n++) await scene.publish('/driver', '/force', `${n}${large}`);
    const { not_on_disk_total: abandoned } = scene.triggers.health().blocks['x-medkit-triggers'] as Record<
      string,
      number
    >;
    assert.equal(abandoned, 100 - Math.floor(33_554_432 / 500_060));
    await scene.close();
  });

  it('on every change writes its last value once a second, and at the end', async () => {
    const condition = { condition_type: 'x-seldom' };
    const evaluators = { 'x-seldom': { check: async () => undefined, evaluate: async () => false } };
    const { create, publish, memory, clock, close } = await triggerScene({ evaluators });
    await create('app', 'battery_monitor', 'data/voltage', condition, { persistent: true });
    for (let n = 0; n < 50; n++) await publish('/battery_monitor', '/voltage', n);
    assert.equal(memory.disk.notes.length, 0);
    await clock.advanceAsync(1000, 500);
    assert.deepEqual([memory.disk.notes.length, memory.rows.get(1)?.progress.gists], [1, { voltage: 49 }]);
    await publish('/battery_monitor', '/voltage', 99);
    await close();
    assert.deepEqual(memory.rows.get(1)?.progress.gists, { voltage: 99 });
  });

  it('on a range is written when it leaves the range, not with every value', async () => {
    const { volts, memory, close } = await voltageScene({ persistent: true });
    for (let n = 0; n < 100; n++) await volts(23 + n / 100);
    assert.equal(memory.disk.notes.length, 1);
    await volts(21, 20, 19);
    await volts(23, 24, 25);
    assert.deepEqual([memory.disk.notes.length, memory.rows.get(1)?.progress.gists], [3, { voltage: false }]);
    await close();
  });

  it('that expired meanwhile is removed and logged; a trigger without persistence is lost', async () => {
    const first = await voltageScene({ persistent: true, lifetime: 60 });
    await first.create('app', 'driver', 'faults', CHANGE);
    first.clock.advance(61_000);
    const second = await triggerScene({ memory: first.memory, clock: first.clock });
    assert.deepEqual((await second.service.list('app', 'battery_monitor')).items, []);
    assert.deepEqual((await second.service.list('app', 'driver')).items, []);
    assert.equal(first.memory.rows.size, 0);
    assert.equal((await second.create('app', 'driver', 'faults', CHANGE)).id, 'trig_3', 'no number is given twice');
    await second.close();
  });

  it('lasts no longer than its lifetime if the wall clock was set back', async () => {
    const first = await voltageScene({ persistent: true, lifetime: 60 });
    const clock = new SimulatedClock({ epochMs: Date.UTC(2020, 0, 1) });
    const second = await afterKill(first.memory, clock);
    await clock.advanceAsync(61_000, 1000);
    assert.equal(second.received.ended, true);
    await second.close();
  });

  it('that is damaged on disk is logged and skipped', async () => {
    const first = await voltageScene({ persistent: true });
    const row = first.memory.rows.get(1)!;
    row.record = { ...row.record, condition: { type: 'EnterRange', parameters: {} } };
    const second = await triggerScene({ memory: first.memory });
    assert.ok(second.logged.some((line) => line.startsWith('error: trig_1 on disk is damaged')));
    await second.close();
  });
});

describe('the triggers of a removed entity', () => {
  it('stay for a week, also earlier ones whose entity was never seen', async () => {
    const { memory, runtime, clock, service, logged, close } = await voltageScene({ persistent: true });
    await clock.advanceAsync(2000, 1000);
    runtime.tell({ apps: [] });
    await clock.advanceAsync(2000, 1000);
    clock.advance(ORPHANED_MS - 10_000);
    assert.equal((await service.get('app', 'battery_monitor', 'trig_1')).status, 'active');
    const unseen = await triggerScene({ memory, clock, runtime: { apps: [] } });
    clock.advance(20_000);
    await settled();
    assert.equal((await errorOf(service.get('app', 'battery_monitor', 'trig_1'))).code, 'entity-not-found');
    assert.ok(logged.some((line) => line.includes('trig_1 is removed: app battery_monitor has not been available')));
    assert.equal(memory.rows.size, 0);
    clock.advance(ORPHANED_MS);
    assert.equal((await unseen.service.get('app', 'battery_monitor', 'trig_1')).status, 'active');
    await unseen.close();
    await close();
  });
});

describe('a condition of a plugin', () => {
  it('is called with the previous value, one value after the other', async () => {
    const evaluations: unknown[] = [];
    const turns: PromiseWithResolvers<boolean>[] = [];
    const evaluate = (...args: readonly unknown[]) => {
      evaluations.push(args);
      const turn = Promise.withResolvers<boolean>();
      turns.push(turn);
      return turn.promise;
    };
    const evaluators = { 'x-slope': { check: async () => undefined, evaluate } };
    const { create, listen, publish, close } = await triggerScene({ evaluators });
    const { id } = await create('app', 'driver', 'data/force', { condition_type: 'x-slope', slope: 2 });
    const { received } = await listen('app', 'driver', id);
    await publish('/driver', '/force', 1, 5, 6);
    assert.deepEqual(evaluations, [[undefined, 1, { slope: 2 }]]);
    for (const result of [true, false, true]) {
      turns.at(-1)?.resolve(result);
      await settled();
    }
    assert.deepEqual(evaluations.slice(1), [
      [1, 5, { slope: 2 }],
      [5, 6, { slope: 2 }],
    ]);
    assert.deepEqual(received.payloads, [1, 6]);
    await close();
  });

  it('that fails or is missing is logged, and does not affect the next value', async () => {
    let failing = true;
    const evaluate = async (previous: unknown) => {
      if (failing) throw new Error('no idea');
      return previous === 1;
    };
    const evaluators: Record<string, { check: () => Promise<void>; evaluate: typeof evaluate }> = {
      'x-slope': { check: async () => undefined, evaluate },
    };
    const { create, listen, publish, service, close } = await triggerScene({ evaluators });
    const { id } = await create('app', 'driver', 'data/force', { condition_type: 'x-slope' });
    const { received } = await listen('app', 'driver', id);
    const problem = async () => (await service.get('app', 'driver', id))['x-medkit']?.problem;
    failing = false;
    await publish('/driver', '/force', 1);
    failing = true;
    await publish('/driver', '/force', 2);
    assert.equal(await problem(), 'Its condition failed: no idea');
    delete evaluators['x-slope'];
    await publish('/driver', '/force', 3);
    assert.match((await problem()) ?? '', /No plugin provides the condition x-slope/);
    evaluators['x-slope'] = { check: async () => undefined, evaluate: async (previous) => previous === 1 };
    await publish('/driver', '/force', 4);
    assert.deepEqual([received.payloads, await problem()], [[4], undefined]);
    await close();
  });

  it('that is slow drops the oldest of more than a hundred values', async () => {
    const turn = Promise.withResolvers<boolean>();
    const seen: unknown[] = [];
    const evaluators = {
      'x-slow': {
        check: async () => undefined,
        evaluate: (_previous: unknown, value: unknown) => {
          seen.push(value);
          return turn.promise;
        },
      },
    };
    const { create, publish, triggers, close } = await triggerScene({ evaluators });
    await create('app', 'driver', 'data/force', { condition_type: 'x-slow' });
    await publish('/driver', '/force', ...Array.from({ length: 111 }, (_, n) => n));
    turn.resolve(false);
    await settled();
    await settled();
    assert.deepEqual([seen.length, seen[1], seen.at(-1)], [101, 11, 110]);
    assert.equal(triggers.health().blocks['x-medkit-triggers']?.['left_out_total'], 10);
    await close();
  });
});

describe('a trigger whose entity was removed, and whose id an entity of another gateway has', () => {
  const arm = () =>
    memoryRuntime({
      name: 'arm',
      origin: 'arm',
      apps: [app('battery_monitor', { address: { runtime: 'arm', nativeId: '/battery_monitor' } })],
      data: { '/battery_monitor': { '/voltage': {} } },
    });

  it('pauses with a reason, and continues in its state when its entity is back', async () => {
    const { received, volts, get, service, runtime, model, clock, triggers, close } = await voltageScene({
      persistent: true,
    });
    await volts(23);
    const apps = model.tree.all('app');
    runtime.tell({ apps: apps.filter(({ id }) => id !== 'battery_monitor') });
    const other = arm();
    await model.add(other);
    await clock.advanceAsync(6000, 100);
    assert.equal(model.tree.get('app', 'battery_monitor')?.origin, 'arm');
    other.publish('/battery_monitor', '/voltage', { data: 1 });
    await volts(20);
    assert.deepEqual([received.payloads, other.watched], [[], []], 'neither of them is observed');
    const problem =
      'It is dormant: the app battery_monitor now belongs to the gateway arm, and the app of this gateway is not available';
    assert.equal((await get())['x-medkit']?.problem, problem);
    assert.deepEqual((await service.listAll()).items[0]?.['x-medkit']?.problem, problem);
    const { warnings } = triggers.health();
    assert.deepEqual(warnings, [
      {
        code: 'entity_id_taken',
        message:
          'trig_1 of app battery_monitor are dormant: an entity of the gateway arm now has the id. They resume when the entity of this gateway is available again; X-Medkit-No-Fan-Out: 1 reaches them.',
        entityIds: ['battery_monitor'],
        peerNames: ['arm'],
      },
    ]);
    await clock.advanceAsync(ORPHANED_MS + HOUR_MS, HOUR_MS);
    assert.equal((await get()).status, 'active', 'it is kept, however long that takes');
    runtime.tell({ apps });
    await clock.advanceAsync(6000, 100);
    assert.equal(model.tree.get('app', 'arm__battery_monitor')?.origin, 'arm');
    await volts(21);
    assert.deepEqual([received.payloads, triggers.health().warnings], [[{ data: 21 }], []]);
    assert.notEqual((await get())['x-medkit']?.problem, problem);
    await close();
  });

  it('cannot be made for an entity that several other gateways have', async () => {
    const { model, clock, create, close } = await triggerScene();
    for (const name of ['arm', 'belt']) await model.add(memoryRuntime({ name, origin: name, areas: [area('yard')] }));
    await clock.advanceAsync(10);
    assert.equal((await errorOf(create('area', 'yard', 'faults', CHANGE))).code, 'not-implemented');
    await close();
  });
});

describe('a trigger of an entity whose id changes', () => {
  it('follows it to the new id, on disk too, and fires there', async () => {
    const { memory, received, volts, service, runtime, model, clock, close } = await voltageScene({ persistent: true });
    const apps = model.tree.all('app').map((each) => (each.id === 'battery_monitor' ? { ...each, id: 'bms' } : each));
    runtime.tell({ apps });
    await clock.advanceAsync(1000, 100);
    await volts(23, 20);
    assert.deepEqual(received.payloads, [{ data: 20 }]);
    const { items } = await service.list('app', 'bms');
    assert.deepEqual(
      items.map(({ observed_resource }) => observed_resource),
      ['/api/v1/apps/bms/data/voltage'],
    );
    const [row] = [...memory.rows.values()];
    assert.equal(row?.record.entity.id, 'bms');
    await close();
  });

  it('follows it after a restart, also if the entity appears later, and fires there', async () => {
    const { memory, clock, model, close } = await voltageScene({ persistent: true });
    const renamed = model.tree
      .all('app')
      .map((each) =>
        each.id === 'battery_monitor' ? { ...each, id: 'bms', aliases: ['battery_monitor', '/battery_monitor'] } : each,
      );
    await close();
    for (const isLate of [false, true]) {
      const after = await triggerScene({ memory, clock, runtime: { apps: isLate ? [] : renamed } });
      if (isLate) after.runtime.tell({ apps: renamed });
      await clock.advanceAsync(1000, 100);
      const { received } = await after.listen('app', 'bms', 'trig_1');
      await after.publish('/battery_monitor', '/voltage', { data: 23 }, { data: 20 });
      assert.deepEqual(received.payloads.at(-1), { data: 20 });
      const [row] = [...memory.rows.values()];
      assert.deepEqual([row?.record.entity.id, row?.record.resource], ['bms', '/api/v1/apps/bms/data/voltage']);
      await after.close();
      if (row) row.record = { ...row.record, entity: { kind: 'app', id: 'battery_monitor' } };
    }
  });
});
