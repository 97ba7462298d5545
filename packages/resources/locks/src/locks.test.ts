import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Permission } from '@medkit/contract';
import { ALL_PERMISSIONS, callContext, openModel, type Principal } from '@medkit/core';
import { app, component, memoryRuntime } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { lockClient } from './lock-request.ts';
import { openLocks } from './open-locks.ts';
import { codeOf, idle, lockScene, memoryStorage } from './testing/lock-scene.ts';

describe('what a lock closes (services 1.3)', () => {
  it('[edge] a lock of a component blocks its app and those of its subcomponents, and none of a sibling', async () => {
    const { acquire, may } = await lockScene();
    await acquire('component', 'amr', 'alice');
    assert.deepEqual(
      [await may('app', 'driver', 'bob'), await may('app', 'gripper', 'bob'), await may('component', 'arm', 'bob')],
      [false, false, false],
    );
    assert.deepEqual([await may('app', 'planner', 'bob'), await may('component', 'agv', 'bob')], [true, true]);
    assert.equal(await may('app', 'gripper', 'alice'), true);
  });

  it('[edge] a lock of an area blocks areas, components and apps below it; one of a function what it hosts', async () => {
    const area = await lockScene();
    await area.acquire('area', 'hall', 'alice');
    for (const [kind, id] of [
      ['area', 'cell'],
      ['component', 'agv'],
      ['app', 'gripper'],
      ['function', 'transport'],
    ] as const) {
      assert.equal(await area.may(kind, id, 'bob'), false, id);
    }
    assert.equal(await area.may('app', 'lonely', 'bob'), true);
    const hosted = await lockScene();
    await hosted.acquire('function', 'transport', 'alice');
    assert.deepEqual(
      [await hosted.may('app', 'driver', 'bob'), await hosted.may('app', 'gripper', 'bob')],
      [false, true],
    );
  });

  it('[edge] a partial scope reaches down with that scope alone', async () => {
    const { acquire, may } = await lockScene();
    await acquire('component', 'amr', 'alice', { scopes: ['data', 'operations'] });
    assert.deepEqual(
      [await may('app', 'driver', 'bob', 'operations'), await may('app', 'driver', 'bob', 'configurations')],
      [false, true],
    );
  });

  it('a change of an ancestor of a locked app is rejected only if it changes the app', async () => {
    const { acquire, may } = await lockScene();
    await acquire('app', 'driver', 'alice');
    assert.equal(await may('component', 'amr', 'bob', 'configurations'), false);
    assert.equal(await may('component', 'amr', 'bob', 'configurations', idle, 'driver:rate'), false);
    assert.equal(await may('component', 'amr', 'bob', 'configurations', idle, 'gripper:rate'), true);
    assert.equal(await may('component', 'amr', 'bob', 'logs'), true);
  });

  it('[edge] locks of several entities are independent', async () => {
    const { acquire, may, held } = await lockScene();
    await acquire('component', 'amr', 'alice');
    await acquire('component', 'agv', 'bob');
    assert.deepEqual([await may('app', 'driver', 'bob'), await may('app', 'planner', 'bob')], [false, true]);
    assert.equal((await held('component', 'amr'))[0]?.id, 'lock_1');
  });

  it('entities that overlap with the lock of another client cannot be locked, in either direction; others can', async () => {
    const { acquire } = await lockScene();
    await acquire('app', 'driver', 'alice', { scopes: ['data'] });
    assert.equal(await codeOf(acquire('area', 'hall', 'bob')), '409 lock-broken');
    assert.equal(await codeOf(acquire('function', 'transport', 'bob', { break_lock: true })), '409 lock-broken');
    await acquire('component', 'amr', 'bob', { scopes: ['logs'] });
    assert.equal(await codeOf(acquire('component', 'arm', 'alice')), '409 lock-broken');
    await acquire('component', 'arm', 'bob');
  });
});

describe('the end of a lock (services 1.4)', () => {
  it('[edge] after it other clients may write and lock, before any sweep; the sweep reports it', async () => {
    const { acquire, may, held, clock, events, rows, logged } = await lockScene();
    await acquire('app', 'driver', 'alice', { lock_expiration: 10 });
    await clock.advanceAsync(9999, 1111);
    assert.equal(await may('app', 'driver', 'bob'), false);
    await clock.advanceAsync(1);
    assert.deepEqual([await may('app', 'driver', 'bob'), await held('app', 'driver')], [true, []]);
    assert.deepEqual([events.map(({ change }) => change), rows.size], [['acquired'], 1]);
    await clock.advanceAsync(20_000, 10_000);
    assert.deepEqual([events.map(({ change }) => change), rows.size], [['acquired', 'expired'], 0]);
    assert.deepEqual(logged, ['info: lock_1 of app driver has expired']);
    assert.equal((await acquire('app', 'driver', 'bob')).id, 'lock_2');
  });

  it('does not move with the wall clock, and the stored time is adjusted', async () => {
    const { acquire, may, held, clock, rows } = await lockScene({ sweepMs: 5000 });
    await acquire('app', 'driver', 'alice', { lock_expiration: 60 });
    clock.stepWall(3_600_000);
    assert.equal(await may('app', 'driver', 'bob'), false);
    await clock.advanceAsync(5000, 1000);
    assert.equal(rows.get(1)?.expiresMs, clock.wallMs() + 55_000);
    assert.equal((await held('app', 'driver'))[0]?.lock_expiration, '2026-01-01T01:01:00Z');
    await clock.advanceAsync(55_000, 5000);
    assert.equal(await may('app', 'driver', 'bob'), true);
  });

  it('a restart ends no lock early or late, and reuses no number', async () => {
    const memory = memoryStorage();
    const first = await lockScene({ memory });
    await first.acquire('app', 'driver', 'alice', { lock_expiration: 60, scopes: ['data'] });
    await first.acquire('app', 'lonely', 'alice', { lock_expiration: 5 });
    const epochMs = first.clock.wallMs() + 20_000;
    const second = await lockScene({ memory, clock: new SimulatedClock({ epochMs }) });
    assert.deepEqual(
      [await second.may('app', 'driver', 'bob'), await second.may('app', 'lonely', 'bob')],
      [false, true],
    );
    assert.equal(await second.may('app', 'driver', 'bob', 'operations'), true);
    await second.clock.advanceAsync(40_000, 10_000);
    assert.equal(await second.may('app', 'driver', 'bob'), true);
    assert.equal((await second.acquire('app', 'driver', 'bob')).id, 'lock_3');
    // A machine without a real-time clock starts in 1970.
    const third = await lockScene({ memory, clock: new SimulatedClock({ epochMs: 0 }) });
    assert.equal(await third.may('app', 'driver', 'alice'), false);
    await third.clock.advanceAsync(60_000, 10_000);
    assert.equal(await third.may('app', 'driver', 'alice'), true);
  });
});

describe('a lock and pending changes', () => {
  it('is granted once changes of other clients have ended, and blocks new ones before', async () => {
    const { acquire, may, change, held } = await lockScene();
    const { promise, resolve } = Promise.withResolvers<void>();
    const order: string[] = [];
    const writing = change('app', 'driver', 'bob', 'data', async () => {
      await promise;
      order.push('written');
    });
    const locking = acquire('component', 'amr', 'alice').then(() => order.push('locked'));
    await new Promise((done) => setImmediate(done));
    assert.deepEqual([await may('app', 'gripper', 'bob'), await held('component', 'amr'), order], [false, [], []]);
    resolve();
    await Promise.all([writing, locking]);
    assert.deepEqual(order, ['written', 'locked']);
  });

  it('is not granted if they take too long, nor to a disconnected client; the lock that it would break remains', async () => {
    const { acquire, change, may, held, clock, rows, locks, call } = await lockScene();
    await acquire('app', 'driver', 'bob');
    const { promise, resolve } = Promise.withResolvers<void>();
    const writing = change('app', 'driver', 'bob', 'data', () => promise);
    const late = codeOf(acquire('app', 'driver', 'alice', { break_lock: true }));
    await clock.advanceAsync(9000, 1000);
    assert.equal(await late, '409 precondition-not-fulfilled');
    const gone = new AbortController();
    const request = { lock_expiration: 60, break_lock: true };
    const aborted = codeOf(locks.service.acquire('app', 'driver', request, call('alice', { signal: gone.signal })));
    await new Promise((done) => setImmediate(done));
    gone.abort();
    resolve();
    assert.equal(await aborted, '503 service-unavailable');
    await writing;
    assert.deepEqual([(await held('app', 'driver'))[0]?.id, [...rows.keys()]], ['lock_1', [1]]);
    assert.deepEqual([await may('app', 'driver', 'bob'), await may('app', 'driver', 'alice')], [true, false]);
  });

  it('is not granted while all faults are being cleared', async () => {
    const { acquire, locks } = await lockScene();
    const { promise, resolve } = Promise.withResolvers<void>();
    const clearing = locks.access.changeAll('faults', { clientId: 'bob' }, () => promise);
    let granted = false;
    const locking = acquire('app', 'driver', 'alice', { scopes: ['faults'] }).then(() => {
      granted = true;
    });
    await acquire('app', 'planner', 'alice', { scopes: ['data'] });
    assert.equal(granted, false);
    resolve();
    await Promise.all([clearing, locking]);
  });
});

describe('concurrent requests', () => {
  it('a lock that is broken while it is extended or released stays broken, in memory and on disk', async () => {
    for (const act of ['extend', 'release'] as const) {
      const { acquire, locks, call, held, rows } = await lockScene();
      await acquire('app', 'driver', 'alice');
      const crossing =
        act === 'extend'
          ? locks.service.extend('app', 'driver', 'lock_1', { lock_expiration: 600 }, call('alice'))
          : locks.service.release('app', 'driver', 'lock_1', call('alice'));
      await Promise.allSettled([crossing, acquire('app', 'driver', 'bob', { break_lock: true })]);
      const [lock] = await held('app', 'driver');
      assert.deepEqual([lock?.id, [...rows.keys()]], ['lock_2', [2]], act);
    }
  });

  it('a lock that is released while the sweep corrects its end does not return', async () => {
    const { acquire, locks, call, clock, rows } = await lockScene({ sweepMs: 1000 });
    await acquire('app', 'driver', 'alice');
    clock.stepWall(60_000);
    const released = locks.service.release('app', 'driver', 'lock_1', call('alice'));
    clock.advance(1000);
    await released;
    await clock.advanceAsync(1000);
    assert.equal(rows.size, 0);
  });
});

describe('locks and a disk that fails', () => {
  it('no lock is granted, extended or released without being stored; held locks stay', async () => {
    const { acquire, may, disk, locks, call, held } = await lockScene();
    await acquire('app', 'driver', 'alice');
    disk.failing = true;
    for (const fail of [
      () => acquire('app', 'lonely', 'alice'),
      () => acquire('app', 'driver', 'bob', { break_lock: true }),
      () => locks.service.extend('app', 'driver', 'lock_1', { lock_expiration: 600 }, call('alice')),
      () => locks.service.release('app', 'driver', 'lock_1', call('alice')),
    ]) {
      assert.equal(await codeOf(fail()), '503 service-unavailable');
    }
    assert.deepEqual([await may('app', 'lonely', 'bob'), await may('app', 'driver', 'bob')], [true, false]);
    assert.equal((await held('app', 'driver'))[0]?.lock_expiration, '2026-01-01T00:01:00Z');
  });

  it('locks that cannot be read cause a warning, and apply once they can', async () => {
    const memory = memoryStorage();
    await (await lockScene({ memory })).acquire('app', 'driver', 'alice');
    memory.disk.failing = true;
    const { locks, may, acquire, clock } = await lockScene({ memory });
    assert.deepEqual(
      locks.health().warnings.map(({ code }) => code),
      ['locks_unavailable'],
    );
    assert.deepEqual(
      [await may('app', 'driver', 'bob'), await codeOf(acquire('app', 'lonely', 'bob'))],
      [true, '503 service-unavailable'],
    );
    memory.disk.failing = false;
    await clock.advanceAsync(30_000, 10_000);
    assert.deepEqual([locks.health().warnings, await may('app', 'driver', 'bob')], [[], false]);
  });

  it('are held by a client of one principal: the same name with another principal is another client', async () => {
    const memory = memoryStorage();
    const permissions = new Set([...ALL_PERMISSIONS].filter((permission) => permission !== 'locks.break'));
    const as = (id: string) =>
      ({ principal: { id, kind: 'token', role: 'operator', permissions, scopes: [] } }) as const;
    const before = await lockScene({ memory });
    const { service } = before.locks;
    const [alice, mallory] = [before.call('alice', as('key-1')), before.call('alice', as('key-2'))];
    await service.acquire('app', 'driver', { lock_expiration: 60 }, alice);
    // The same holds for locks loaded from disk.
    for (const { locks, model } of [before, await lockScene({ memory })]) {
      const owned = async (call: typeof alice) =>
        (await locks.service.list('app', 'driver', { effective: false }, call)).items.map((item) => item.owned);
      assert.deepEqual([await owned(alice), await owned(mallory)], [[true], [false]]);
      const entity = model.tree.get('app', 'driver');
      assert.ok(entity);
      const change = (call: typeof alice) =>
        locks.access.change({ entity, collection: 'data', item: '', client: lockClient(call) }, () => 'changed');
      assert.equal(await change(alice), 'changed');
      assert.equal(await codeOf(change(mallory)), '409 lock-broken');
      assert.equal(await codeOf(locks.service.release('app', 'driver', 'lock_1', mallory)), '403 forbidden');
      assert.equal(
        await codeOf(locks.service.acquire('component', 'amr', { lock_expiration: 60 }, mallory)),
        '409 lock-broken',
      );
    }
  });

  it('of a medkit that did not store principals are held by any client with that name', async () => {
    const memory = memoryStorage();
    await (await lockScene({ memory })).acquire('app', 'driver', 'alice');
    const { locks, call } = await lockScene({ memory });
    const alice = call('alice', {
      principal: { id: 'key-1', kind: 'token', role: 'admin', permissions: ALL_PERMISSIONS, scopes: [] },
    });
    await locks.service.release('app', 'driver', 'lock_1', alice);
  });

  it('a gateway without locks writes nothing', async () => {
    const { clock, disk, may } = await lockScene();
    await may('app', 'driver', 'bob');
    await clock.advanceAsync(120_000, 30_000);
    assert.equal(disk.writes, 0);
  });

  it('there are at most 1000, and an expired one makes room', async () => {
    const clock = new SimulatedClock();
    const apps = Array.from({ length: 1001 }, (_, index) => app(`app_${index}`));
    const log = () => undefined;
    const model = await openModel({ runtimes: [memoryRuntime({ apps })], clock, log });
    const { storage } = memoryStorage();
    const defaults = { maxExpirationSec: 3600, kinds: {} };
    const { service } = await openLocks({ enabled: true, model, clock, log, storage, defaults, sweepMs: 30_000 });
    const call = callContext({ clock, timeoutMs: 9000, clientId: 'alice' });
    const acquire = (index: number) => service.acquire('app', `app_${index}`, { lock_expiration: 60 }, call);
    for (let index = 0; index < 1000; index++) await acquire(index);
    assert.equal(await codeOf(acquire(1000)), '503 service-unavailable');
    await service.release('app', 'app_7', 'lock_8', call);
    assert.equal((await acquire(1000)).lock.id, 'lock_1001');
  });
});

describe('random requests of clients', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    it(`never give two clients a collection of one entity, nor let another client change it (seed ${seed})`, async () => {
      const random = seededRandom(seed);
      const { locks, call, clock, model, may } = await lockScene();
      const below = (count: number) => (random.bytes(4)[0] ?? 0) % count;
      const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
      const entities = [
        ...(['area', 'component', 'app', 'function'] as const).flatMap((kind) =>
          model.tree.all(kind).map(({ id }) => ({ kind, id })),
        ),
      ];
      const clients = ['alice', 'bob', 'carol'];
      const collections = ['data', 'operations', 'configurations'];
      /** Makes every change for every client, and collects the clients that were admitted, by app and collection. */
      const assertOneHolder = async () => {
        const items = await Promise.all(
          entities.map(({ kind, id }) => locks.service.list(kind, id, { effective: false }, call('alice'))),
        );
        if (items.every(({ items: none }) => none.length === 0)) return;
        for (const { id } of model.tree.all('app')) {
          for (const collection of collections) {
            const passed = [];
            for (const client of [...clients, '']) if (await may('app', id, client, collection)) passed.push(client);
            assert.ok(passed.length === 1 || passed.length === 4, `${id} ${collection}: ${passed}`);
          }
        }
      };
      for (let step = 0; step < 150; step++) {
        const { kind, id } = pick(entities);
        const client = pick(clients);
        const scopes = pick([[], ['data'], ['operations', 'configurations']]);
        const number = 1 + below(40);
        const acts: readonly (() => Promise<unknown>)[] = [
          () => locks.service.acquire(kind, id, { lock_expiration: 1 + below(60), scopes }, call(client)),
          () => locks.service.acquire(kind, id, { lock_expiration: 30, scopes, break_lock: true }, call(client)),
          () => locks.service.release(kind, id, `lock_${number}`, call(client)),
          () => locks.service.extend(kind, id, `lock_${number}`, { lock_expiration: 30 }, call(client)),
          () => clock.advanceAsync(1000 * below(20), 1000),
        ];
        // Two concurrently, as requests arrive.
        await Promise.allSettled([pick(acts)(), pick(acts)()]);
        await assertOneHolder();
      }
    });
  }
});

describe('a lock whose entity was removed, and whose id an entity of another gateway has', () => {
  it('locks nothing, states the reason, and locks again when its entity is back', async () => {
    const { acquire, may, held, locks, model, runtime, clock, call } = await lockScene();
    await acquire('component', 'amr', 'alice', { lock_expiration: 600 });
    const components = model.tree.all('component');
    runtime.tell({ components: components.filter(({ id }) => id !== 'amr') });
    await model.add(memoryRuntime({ name: 'arm', origin: 'arm', components: [component('amr')] }));
    await clock.advanceAsync(10);
    assert.equal(model.tree.get('component', 'amr')?.origin, 'arm');
    // Its node still runs, and names the component that belongs to another gateway now.
    assert.deepEqual([await may('component', 'amr', 'bob'), await may('app', 'driver', 'bob')], [true, true]);
    const [lock] = (await locks.service.listAll(call('alice'))).items;
    assert.deepEqual(lock?.['x-medkit'], {
      problem:
        'It is dormant: the component amr now belongs to the gateway arm, and the component of this gateway is not available',
    });
    const { warnings, blocks } = locks.health();
    assert.deepEqual(
      warnings.map(({ code, entityIds }) => [code, entityIds]),
      [['entity_id_taken', ['amr']]],
    );
    assert.equal(blocks['x-medkit-locks']?.['held'], 0);
    runtime.tell({ components });
    await clock.advanceAsync(10);
    assert.deepEqual([await may('component', 'amr', 'bob'), await may('app', 'driver', 'bob')], [false, false]);
    assert.deepEqual([(await held('component', 'amr'))[0]?.['x-medkit'], locks.health().warnings], [undefined, []]);
  });
});

describe('a lock of an entity whose id changes', () => {
  const at = (id: string, nativeId: string) => app(id, { address: { runtime: 'memory', nativeId } });

  it('locks it under the new id, also after a restart, and the next entity with the old id is open', async () => {
    const memory = memoryStorage();
    const entities = { apps: [at('controller', '/robot1/controller')] };
    const { acquire, may, held, runtime, clock, locks } = await lockScene({ memory, entities });
    const { id } = await acquire('app', 'controller', 'alice');
    const apps = [at('controller', '/robot2/controller'), at('front_controller', '/robot1/controller')];
    runtime.tell({ apps });
    await clock.advanceAsync(10);
    assert.deepEqual(
      [await may('app', 'front_controller', 'bob'), await may('app', 'controller', 'bob')],
      [false, true],
    );
    assert.deepEqual(
      (await held('app', 'front_controller')).map((lock) => [lock.id, lock.entity]),
      [[id, { type: 'app', id: 'front_controller' }]],
    );
    await locks.close();
    const after = await lockScene({ memory, clock, entities: { apps } });
    assert.deepEqual(
      [await after.may('app', 'front_controller', 'bob'), await after.may('app', 'controller', 'bob')],
      [false, true],
    );
  });

  it('is found after a restart if its id is now an alias of the entity', async () => {
    const memory = memoryStorage();
    const { acquire, clock, locks } = await lockScene({ memory, entities: { apps: [app('lidar_driver')] } });
    await acquire('app', 'lidar_driver', 'alice');
    await locks.close();
    const apps = [app('front_lidar', { aliases: ['lidar_driver'] })];
    const after = await lockScene({ memory, clock, entities: { apps } });
    assert.equal(await after.may('app', 'front_lidar', 'bob'), false);
  });

  it('is found if the entity appears after the restart, and is not moved to another spelling of its id', async () => {
    const memory = memoryStorage();
    const before = { apps: [app('lidar_driver'), app('rear-cam')] };
    const { acquire, clock, locks } = await lockScene({ memory, entities: before });
    await acquire('app', 'lidar_driver', 'alice');
    await acquire('app', 'rear-cam', 'alice');
    await locks.close();
    const after = await lockScene({ memory, clock, entities: { apps: [] } });
    after.runtime.tell({ apps: [app('front_lidar', { aliases: ['lidar_driver'] }), app('rear_cam')] });
    await clock.advanceAsync(10);
    assert.deepEqual(
      [await after.may('app', 'front_lidar', 'bob'), await after.may('app', 'rear_cam', 'bob')],
      [false, true],
    );
  });
});

describe('a lock of a user who was deleted', () => {
  const user = (id: string, ...permissions: readonly Permission[]): Principal => ({
    id,
    kind: 'user',
    role: 'operator',
    permissions: new Set(permissions),
    scopes: [],
  });

  it('can be ended by a principal that may end locks of others, and by no other', async () => {
    const { locks, call, acquire, may } = await lockScene();
    const wanted = { lock_expiration: 60 };
    const { lock } = await locks.service.acquire(
      'app',
      'driver',
      wanted,
      call('pad', { principal: user('u1', 'locks') }),
    );
    const release = (principal: Principal) =>
      locks.service.release('app', 'driver', lock.id, call('pad', { principal }));
    assert.equal(await codeOf(release(user('u2', 'locks'))), '403 forbidden');
    assert.equal(await may('app', 'driver', 'pad'), false);
    await release(user('admin', 'locks', 'locks.break'));
    assert.equal(await may('app', 'driver', 'pad'), true);
    await acquire('app', 'driver', 'alice');
  });

  it('is not ended by another client of the same principal', async () => {
    const { locks, call } = await lockScene();
    const token = { ...user('server.token', 'locks', 'locks.break'), kind: 'token' } as const;
    const wanted = { lock_expiration: 60 };
    const { lock } = await locks.service.acquire('app', 'driver', wanted, call('one', { principal: token }));
    const released = locks.service.release('app', 'driver', lock.id, call('two', { principal: token }));
    assert.equal(await codeOf(released), '403 forbidden');
  });
});
