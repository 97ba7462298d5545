import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { app, component, errorOf } from '@medkit/core/testing';
import { codeOf, idle, lockScene } from './testing/lock-scene.ts';

const OPEN = { lockable: true, alwaysOpen: [], requiredScopes: [], breakable: true, maxExpirationSec: 0 } as const;
const REQUIRED = { ...OPEN, requiredScopes: ['configurations', 'logs'] };

describe('what requires a lock', () => {
  it('requires it on every path to the same resource, for the entity that requires it or its ancestors', async () => {
    const entities = {
      components: [
        component('amr', { areaId: 'cell' }),
        component('arm', { parentComponentId: 'amr', lock: REQUIRED }),
      ],
    };
    const { acquire, may, locks, call } = await lockScene({ entities });
    const roads = [
      ['app', 'gripper', 'force'],
      ['component', 'arm', 'gripper:force'],
      ['component', 'amr', 'gripper:force'],
      ['area', 'hall', 'gripper:force'],
    ] as const;
    const open = async () => {
      const answers = [];
      for (const [kind, id, item] of roads) answers.push(await may(kind, id, 'alice', 'configurations', idle, item));
      return answers;
    };
    assert.deepEqual(await open(), [false, false, false, false]);
    assert.equal(await may('app', 'gripper', 'alice', 'logs'), false);
    assert.equal(await may('app', 'gripper', 'alice', 'data'), true);
    assert.equal(await may('app', 'driver', 'alice', 'configurations'), true, 'it is not on the arm');
    const ofApp = await acquire('app', 'gripper', 'alice');
    assert.deepEqual(await open(), [false, false, false, false], 'the arm is not closed by it');
    await locks.service.release('app', 'gripper', ofApp.id, call('alice'));
    for (const [kind, id] of [
      ['component', 'arm'],
      ['area', 'hall'],
    ] as const) {
      const lock = await acquire(kind, id, 'alice');
      assert.deepEqual(await open(), [true, true, true, true], id);
      assert.equal(await may('app', 'gripper', 'alice', 'logs'), true);
      await locks.service.release(kind, id, lock.id, call('alice'));
    }
  });

  it('does not for resources that are always open or cannot be locked, on any path', async () => {
    for (const lock of [
      { ...OPEN, alwaysOpen: ['configurations'] },
      { ...OPEN, lockable: false },
    ]) {
      const entities = {
        components: [component('arm', { lock: REQUIRED })],
        apps: [app('gripper', { componentId: 'arm', lock })],
      };
      const { may } = await lockScene({ entities });
      assert.equal(await may('app', 'gripper', 'alice', 'configurations'), true);
      assert.equal(await may('component', 'arm', 'alice', 'configurations', idle, 'gripper:force'), true);
    }
  });
});

describe('a change of a shared resource', () => {
  it('is rejected if another client has locked any of its owners', async () => {
    const { acquire, model, locks } = await lockScene();
    await acquire('component', 'agv', 'alice', { scopes: ['data'] });
    const of = (id: string) => model.tree.get('app', id)!;
    const write = (...ids: readonly string[]) => {
      const change = { entity: of('driver'), collection: 'data', item: 'cmd_vel', client: { clientId: 'bob' } };
      return locks.access.change({ ...change, holders: async () => ids.map(of) }, () => 'written');
    };
    assert.equal(await write('driver', 'gripper'), 'written');
    const error = await errorOf(write('driver', 'planner'));
    assert.deepEqual([error.status, error.code, error.parameters?.['lock_id']], [409, 'lock-broken', 'lock_1']);
  });

  it('reveals nothing of them to a client that may not change the entity itself', async () => {
    const { acquire, model, locks } = await lockScene();
    await acquire('app', 'driver', 'alice');
    const entity = model.tree.get('app', 'driver')!;
    const change = { entity, collection: 'data', item: 'ghost', client: { clientId: 'bob' } };
    const attempt = locks.access.change({ ...change, holders: () => assert.fail('not asked') }, idle);
    assert.equal(await codeOf(attempt), '409 lock-broken');
  });
});

describe('the listed locks', () => {
  it('are those of all entities, with owner, start and end', async () => {
    const { acquire, locks, call, clock } = await lockScene();
    await acquire('component', 'amr', 'alice');
    await clock.advanceAsync(5000, 1000);
    await acquire('app', 'planner', 'bob', { scopes: ['data'] });
    const startMs = clock.wallMs() - 5000;
    const at = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
    assert.deepEqual((await locks.service.listAll(call('bob'))).items, [
      {
        id: 'lock_1',
        owned: false,
        lock_expiration: at(startMs + 60_000),
        holder: 'alice',
        entity: { type: 'component', id: 'amr' },
        acquired_at: at(startMs),
        breakable: true,
      },
      {
        id: 'lock_2',
        owned: true,
        scopes: ['data'],
        lock_expiration: at(startMs + 65_000),
        holder: 'bob',
        entity: { type: 'app', id: 'planner' },
        acquired_at: at(startMs + 5000),
        breakable: true,
      },
    ]);
  });

  it('include those of ancestors on request, the nearest first', async () => {
    const { acquire, locks, call } = await lockScene();
    await acquire('area', 'hall', 'alice');
    await acquire('component', 'arm', 'alice');
    await acquire('app', 'gripper', 'alice');
    const ids = async (id: string, effective: boolean) =>
      (await locks.service.list('app', id, { effective }, call('bob'))).items.map((lock) => lock.entity?.id);
    assert.deepEqual(await ids('gripper', true), ['gripper', 'arm', 'hall']);
    assert.deepEqual(await ids('planner', true), ['hall']);
    assert.deepEqual([await ids('planner', false), await ids('lonely', true)], [[], []]);
  });

  it('are named with owner and end in every rejection', async () => {
    const { acquire, change } = await lockScene();
    const { lock_expiration } = await acquire('component', 'amr', 'alice');
    for (const refused of [
      change('app', 'driver', 'bob'),
      acquire('app', 'driver', 'bob'),
      acquire('component', 'amr', 'bob'),
    ]) {
      const { status, code, message, parameters } = await errorOf(refused);
      assert.deepEqual([status, code], [409, 'lock-broken']);
      assert.match(message, new RegExp(`, held by alice until ${lock_expiration}$`));
      assert.deepEqual([parameters?.['holder'], parameters?.['lock_expiration']], ['alice', lock_expiration]);
    }
  });
});
