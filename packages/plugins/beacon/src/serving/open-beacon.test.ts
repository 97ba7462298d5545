import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { callContext, type EntitiesChanged, type EntityLists } from '@medkit/core';
import { app, component, entityLists, functionEntity } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { ApiReply } from '@medkit/plugin';
import { type BeaconHint, emptyHint } from '../hint/beacon-hint.ts';
import type { BeaconDocument } from './beacon-document.ts';
import type { BeaconName } from './beacon-names.ts';
import { type Beacon, type BeaconSettings, openBeacon } from './open-beacon.ts';

const SETTINGS: BeaconSettings = { ttlMs: 10_000, expiryMs: 300_000, maxHints: 3, allowNewEntities: false };
const NOT_FOUND: ApiReply = { status: 404, headers: {}, body: undefined };

/** Runs a beacon on a tree with the app `lidar`, and records its calls to the host. */
function scene({
  settings = SETTINGS,
  beacon = 'x-medkit-param-beacon' as BeaconName,
  clock = new SimulatedClock(),
} = {}) {
  let tree: EntityLists = entityLists({
    apps: [app('lidar')],
    components: [component('base')],
    functions: [functionEntity('navigation', [])],
  });
  let listener: ((change: EntitiesChanged) => void) | undefined;
  const logged: string[] = [];
  const house = { requests: [] as string[], changes: 0, answer: async (_: string): Promise<ApiReply> => NOT_FOUND };
  const opened = openBeacon({
    beacon,
    settings,
    figures: () => ({ heard_total: 4 }),
    context: {
      name: 'beacon',
      clock,
      log: (level, message) => logged.push(`${level}: ${message}`),
      changed: () => house.changes++,
      entities: async () => tree,
      onEntitiesChange: (callback) => {
        listener = callback;
        return () => {
          listener = undefined;
        };
      },
      request: ({ path }) => {
        house.requests.push(path);
        return house.answer(path);
      },
    },
  });
  return {
    clock,
    logged,
    house,
    opened,
    say: (entityId: string, fields: Partial<BeaconHint> = {}) =>
      opened.take({ ...emptyHint(entityId, clock.monotonicMs()), ...fields }),
    contribution: () => opened.parts.contribution!(),
    grow: (lists: Partial<EntityLists>, change: Partial<EntitiesChanged>) => {
      tree = { ...tree, ...lists };
      listener?.({ generation: 2, added: [], removed: [], changed: [], ...change });
    },
    listening: () => listener !== undefined,
  };
}

/** Requests a route of the beacon as the host would. */
async function get({ parts }: Beacon, path: string): Promise<BeaconDocument> {
  const found = parts.routes?.find(({ route }) => new RegExp(`^${route.path.replace(/\{\w+\}/, '[^/]+')}$`).test(path));
  assert.ok(found, path);
  const [, collection, id] = path.split('/');
  const request = {
    path: { [collection === 'apps' ? 'app_id' : 'component_id']: id as string },
    query: {},
    body: undefined,
  };
  const { body } = await found.handle(request, callContext({ clock: new SimulatedClock(), timeoutMs: 1000 }));
  return body as unknown as BeaconDocument;
}

describe('3.1 a beacon', () => {
  it('3.1: reports a change when a hint has new content, and not when it repeats the same', () => {
    const { say, house, clock } = scene();
    say('lidar', { displayName: 'LiDAR' });
    assert.equal(house.changes, 1);
    clock.advance(5000);
    say('lidar', { displayName: 'LiDAR' });
    assert.equal(house.changes, 1);
    say('lidar', { hostname: 'amr' });
    assert.equal(house.changes, 2);
  });

  it('3.1: reports a change when a hint gets stale, and when it expires, with one timer at any time', async () => {
    const { say, house, clock, contribution } = scene();
    const statusNow = async () => (await contribution()).additions?.apps?.[0]?.metadata?.['x-medkit-beacon-status'];
    say('lidar');
    assert.equal(await statusNow(), 'active');
    assert.equal(await statusNow(), 'active');
    assert.equal(clock.timers, 1);
    clock.advance(10_000);
    assert.equal(house.changes, 2);
    assert.equal(await statusNow(), 'stale');
    clock.advance(290_000);
    assert.equal(house.changes, 3);
    assert.equal(await statusNow(), undefined);
    assert.equal(clock.timers, 0);
  });

  it('3.1: maps a hint again when its entity or function appears, and not when others appear', async () => {
    const { say, house, clock, grow, contribution } = scene();
    say('camera', { functionIds: ['mapping'] });
    await contribution();
    clock.advance(1000);
    grow({}, { added: [{ kind: 'app', id: 'radar' }] });
    assert.equal(house.changes, 1);
    grow({ apps: [app('camera')] }, { added: [{ kind: 'app', id: 'camera' }] });
    assert.equal(house.changes, 2);
    assert.deepEqual(
      (await contribution()).additions?.apps?.map(({ id }) => id),
      ['camera'],
    );
    clock.advance(1000);
    grow({ functions: [functionEntity('mapping', [])] }, { added: [{ kind: 'function', id: 'mapping' }] });
    assert.equal(house.changes, 3);
    assert.deepEqual(
      (await contribution()).additions?.functions?.map(({ id }) => id),
      ['mapping'],
    );
  });

  it('3.1 [edge]: an unknown entity is logged once, an invalid hint once, a full store once', async () => {
    const { say, logged, contribution } = scene();
    say('camera');
    await contribution();
    await contribution();
    for (let round = 0; round < 2; round++) {
      say('no id');
      for (const id of ['lidar', 'base', 'one_too_many', 'two_too_many']) say(id);
    }
    assert.deepEqual(logged, [
      'info: A hint about camera is not used yet: no app or component has this id',
      "warn: A hint is invalid: Entity ID contains 0x20; allowed are letters, digits, '_' and '-'",
      'warn: Hints about more than 3 entities are ignored: raise max_hints if the robot has more',
    ]);
  });

  it('3.1: its health counts every kind of hint, and warns while the store is full', async () => {
    const { say, opened, clock, contribution } = scene();
    for (const id of ['lidar', 'base', 'camera', 'one_too_many', 'no id']) say(id);
    const health = await opened.parts.health!();
    assert.deepEqual(health.blocks['x-medkit-param-beacon'], {
      hints: 3,
      hints_added_total: 3,
      hints_changed_total: 0,
      hints_refreshed_total: 0,
      hints_late_total: 0,
      hints_full_total: 1,
      hints_invalid_total: 1,
      heard_total: 4,
    });
    assert.deepEqual(
      health.warnings.map(({ code }) => code),
      ['beacon_hints_full'],
    );
    clock.advance(300_000);
    await contribution();
    assert.deepEqual((await opened.parts.health!()).warnings, []);
  });

  it('3.1: accepts no hint and has no listener and no timer once it is stopped, and can be stopped twice', async () => {
    const { say, house, clock, opened, contribution, listening } = scene();
    say('lidar');
    await contribution();
    await opened.parts.stop!();
    await opened.parts.stop!();
    say('base');
    await contribution();
    assert.deepEqual([house.changes, clock.timers, listening()], [1, 0, false]);
  });
});

describe('3.1 documents of a beacon', () => {
  it('3.1: have every member, also for fields that were not given', async () => {
    const { say, opened, clock } = scene();
    say('lidar', { metadata: { firmware: '2' } });
    say('base', { displayName: 'Base', processId: 7 });
    clock.advance(12_500);
    assert.deepEqual(await get(opened, '/apps/lidar/x-medkit-param-beacon'), {
      entity_id: 'lidar',
      status: 'stale',
      age_sec: 12.5,
      stable_id: '',
      display_name: '',
      transport_type: '',
      negotiated_format: '',
      process_id: 0,
      process_name: '',
      hostname: '',
      component_id: '',
      function_ids: [],
      depends_on: [],
      metadata: { firmware: '2' },
    });
    const base = await get(opened, '/components/base/x-medkit-beacon');
    assert.deepEqual([base.display_name, base.process_id], ['Base', 7]);
  });

  it('3.1: an entity without any hint has none', async () => {
    const { opened, say, clock } = scene();
    say('lidar');
    clock.advance(300_000);
    for (const path of [
      '/apps/lidar/x-medkit-param-beacon',
      '/apps/lidar/x-medkit-beacon',
      '/components/base/x-medkit-beacon',
    ]) {
      await assert.rejects(
        get(opened, path),
        (error: unknown) =>
          error instanceof SovdError && error.code === 'x-medkit-beacon-not-found' && error.status === 404,
        path,
      );
    }
  });

  it('seed 003: x-medkit-beacon is the latest hint, whichever beacon received it', async () => {
    const clock = new SimulatedClock();
    const param = scene({ clock });
    const topic = scene({ clock, beacon: 'x-medkit-topic-beacon' });
    param.house.answer = async (path) =>
      get(topic.opened, path).then(
        (body) => ({ status: 200, headers: {}, body: body as unknown as NonNullable<ApiReply['body']> }),
        () => NOT_FOUND,
      );
    const said = async () => (await get(param.opened, '/apps/lidar/x-medkit-beacon')).display_name;
    topic.say('lidar', { displayName: 'by topic' });
    assert.equal(await said(), 'by topic');
    clock.advance(1000);
    param.say('lidar', { displayName: 'by parameters' });
    assert.equal(await said(), 'by parameters');
    clock.advance(1000);
    topic.say('lidar');
    assert.equal(await said(), 'by topic');
    assert.deepEqual([...new Set(param.house.requests)], ['/apps/lidar/x-medkit-topic-beacon']);
    assert.deepEqual(topic.house.requests, []);
  });

  it('seed 003: an invalid answer of the other beacon counts as none', async () => {
    const { opened, say, house } = scene();
    house.answer = async () => ({ status: 200, headers: {}, body: { entity_id: 'lidar', age_sec: -1 } });
    say('lidar', { displayName: 'LiDAR' });
    assert.equal((await get(opened, '/apps/lidar/x-medkit-beacon')).display_name, 'LiDAR');
  });
});
