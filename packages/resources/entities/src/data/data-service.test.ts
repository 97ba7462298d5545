import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type App, type CallContext, callContext, openModel } from '@medkit/core';
import {
  app,
  area,
  component,
  errorOf,
  functionEntity,
  MEMORY_TIMESTAMP_NS,
  type MemoryItem,
  type MemoryRuntime,
  memoryRuntime,
} from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { twentyRobots } from '../members/testing/twenty-robots.ts';
import { createDataService } from './data-service.ts';

const TWIST = 'geometry_msgs/msg/Twist';

function topic(name: string, direction: 'publish' | 'subscribe', type?: string, item: MemoryItem = {}): MemoryItem {
  const used = { direction, ...(type && { type }) };
  return { channel: { name, ...used }, terms: { ros2: { topic: name, ...used } }, ...item };
}

function hosted(id: string, runtime = 'ros2'): App {
  return app(id, { componentId: 'host', address: { runtime, nativeId: `/${id}` } });
}

/**
 * A host with a driver and a planner that subscribes to it, and two pumps of another runtime that both have a pressure.
 */
async function setUp({
  waitMs = 0,
  foreignItems = false,
  ...options
}: {
  onCall?: (nativeId: string) => Promise<void> | void;
  waitMs?: number;
  foreignItems?: boolean;
} = {}) {
  const clock = new SimulatedClock();
  const ros2: MemoryRuntime = memoryRuntime({
    name: 'ros2',
    ...options,
    areas: [area('vehicle')],
    components: [component('host', { areaId: 'vehicle' })],
    apps: [hosted('driver'), hosted('planner'), app('loose', { address: { runtime: 'ros2', nativeId: '/loose' } })],
    functions: [functionEntity('drive', ['driver', 'planner']), functionEntity('nothing', [])],
    data: {
      '/driver': {
        '/scan': topic('/scan', 'publish', 'sensor_msgs/msg/LaserScan', {
          value: { ranges: [1, 2] },
          group: 'sensor_msgs',
        }),
        '/cmd_vel': topic('/cmd_vel', 'subscribe', TWIST, { group: 'geometry_msgs' }),
      },
      '/planner': { '/scan': topic('/scan', 'subscribe', undefined, { value: 'not to be read from here' }) },
      '/loose': { '/silent': topic('/silent', 'publish', 'std_msgs/msg/Empty') },
    },
  });
  const plc = memoryRuntime({
    name: 'plc',
    apps: [hosted('pump_a', 'plc'), hosted('pump_b', 'plc')],
    data: { '/pump_a': { pressure: { value: 1 } }, '/pump_b': { pressure: { value: 2 }, level: { value: 3 } } },
  });
  const model = await openModel({ runtimes: [ros2, plc], clock, log: () => undefined });
  const data = createDataService({ model, clock, waitMs, foreignItems });
  return { clock, data, ros2, model, call: () => callContext({ clock, timeoutMs: 1000 }) };
}

describe('list of data', () => {
  it('of an app has its topics and nothing about members', async () => {
    const { data, call } = await setUp();
    assert.deepEqual(await data.list('app', 'driver', call()), {
      items: [
        {
          id: '/cmd_vel',
          name: '/cmd_vel',
          category: 'currentData',
          'x-medkit': { ros2: { topic: '/cmd_vel', direction: 'subscribe', type: TWIST } },
        },
        {
          id: '/scan',
          name: '/scan',
          category: 'currentData',
          'x-medkit': { ros2: { topic: '/scan', direction: 'publish', type: 'sensor_msgs/msg/LaserScan' } },
        },
      ],
      'x-medkit': { entity_id: 'driver', total_count: 2 },
    });
  });

  it('of a function lists a topic once, with all its users and both directions', async () => {
    const { data, call } = await setUp();
    const list = await data.list('function', 'drive', call());
    assert.deepEqual(list['x-medkit'], {
      entity_id: 'drive',
      aggregated: true,
      aggregation_sources: ['drive', 'driver', 'planner'],
      aggregation_level: 'function',
      total_count: 2,
    });
    const scan = list.items.find(({ id }) => id === '/scan')?.['x-medkit'];
    assert.deepEqual(scan?.member_ids, ['driver', 'planner']);
    assert.deepEqual(scan?.ros2, { topic: '/scan', direction: 'both', type: 'sensor_msgs/msg/LaserScan' });
  });

  it('qualifies an id by its member only if another item has the same id', async () => {
    const { data, call } = await setUp();
    for (const [kind, id] of [
      ['component', 'host'],
      ['area', 'vehicle'],
    ] as const) {
      const { items } = await data.list(kind, id, call());
      assert.deepEqual(
        items.map((item) => item.id),
        ['/cmd_vel', '/scan', 'level', 'pump_a:pressure', 'pump_b:pressure'],
      );
    }
  });

  it('names the members that did not answer', async () => {
    const { data, call, clock } = await setUp({
      onCall: (nativeId) => (nativeId === '/driver' ? new Promise(() => undefined) : undefined),
    });
    const listing = data.list('function', 'drive', call());
    await clock.advanceAsync(1000, 500);
    const { items, 'x-medkit': xMedkit } = await listing;
    assert.deepEqual(
      items.map(({ id }) => id),
      ['/scan'],
    );
    assert.equal(xMedkit?.partial, true);
    assert.deepEqual(
      xMedkit?.failed_members?.map(({ entity_id, runtime }) => [entity_id, runtime]),
      [['driver', 'ros2']],
    );
  });

  it('is an error if no member answered, and empty without members', async () => {
    const { data, call } = await setUp({
      onCall: () => {
        throw new Error('broken');
      },
    });
    const error = await errorOf(data.list('app', 'driver', call()));
    assert.equal(error.code, 'internal-error');
    assert.equal(error.parameters?.['entity_id'], 'driver');
    const { items } = await data.list('function', 'nothing', call());
    assert.deepEqual(items, []);
  });

  it('of an unknown entity does not exist', async () => {
    const { data, call } = await setUp();
    assert.equal((await errorOf(data.list('app', 'nobody', call()))).code, 'entity-not-found');
  });
});

describe('read of data', () => {
  it('returns the value under both names, with its metadata', async () => {
    const { data, call } = await setUp();
    assert.deepEqual(await data.read('app', 'driver', '/scan', call()), {
      id: '/scan',
      data: { ranges: [1, 2] },
      value: { ranges: [1, 2] },
      'x-medkit': {
        ros2: { topic: '/scan', direction: 'publish', type: 'sensor_msgs/msg/LaserScan' },
        entity_id: 'driver',
        timestamp: Number(MEMORY_TIMESTAMP_NS),
        publisher_count: 1,
        subscriber_count: 0,
        status: 'data',
      },
    });
  });

  it('reports a missing value', async () => {
    const { data, call } = await setUp();
    const body = await data.read('app', 'loose', '/silent', call());
    assert.deepEqual(body.data, {});
    assert.equal('value' in body, false);
    assert.equal(body['x-medkit']?.status, 'metadata_only');
  });

  it('of an aggregate reads from the member that publishes, with or without the leading slash', async () => {
    const { data, call } = await setUp();
    for (const id of ['/scan', 'scan', 'driver:/scan', 'driver:scan']) {
      const body = await data.read('function', 'drive', id, call());
      assert.deepEqual(body.data, { ranges: [1, 2] }, id);
      assert.equal(body.id, id.startsWith('driver:') ? 'driver:/scan' : '/scan');
      assert.equal(body['x-medkit']?.entity_id, 'drive');
    }
  });

  it('of an aggregate splits a qualified id at the first colon', async () => {
    const { data, call } = await setUp();
    assert.equal((await data.read('component', 'host', 'pump_b:pressure', call())).data, 2);
    assert.equal((await data.read('component', 'host', 'level', call())).data, 3);
  });

  it('rejects an unqualified id of several items with the alternatives', async () => {
    const { data, call } = await setUp();
    const error = await errorOf(data.read('component', 'host', 'pressure', call()));
    assert.equal(error.code, 'invalid-request');
    assert.deepEqual(error.parameters?.['candidates'], ['pump_a:pressure', 'pump_b:pressure']);
  });

  it('names the wrong half of a qualified id', async () => {
    const { data, call } = await setUp();
    const unknownMember = await errorOf(data.read('component', 'host', 'ghost:/scan', call()));
    assert.deepEqual(unknownMember.body(), {
      error_code: 'resource-not-found',
      message: 'Member not found in entity',
      parameters: { entity_id: 'host', id: 'ghost:/scan', member_id: 'ghost', topic_name: '/scan' },
    });
    const nothing = await errorOf(data.read('component', 'host', 'driver:/odom', call()));
    assert.equal(nothing.message, 'Data item not provided by member');
    const empty = await errorOf(data.read('component', 'host', 'driver:', call()));
    assert.equal(empty.status, 404);
  });

  it('does not split at a colon on an app', async () => {
    const { data, call } = await setUp();
    const error = await errorOf(data.read('app', 'driver', 'driver:/scan', call()));
    assert.equal(error.parameters?.['topic_name'], 'driver:/scan');
  });

  it('adds entity and item to an error of a provider', async () => {
    const { data, call } = await setUp();
    const error = await errorOf(data.read('app', 'driver', '/odom', call()));
    assert.deepEqual(
      [error.code, error.parameters],
      [
        'resource-not-found',
        { entity_id: 'driver', topic_name: '/odom', id: '/odom', available_count: 2, closest: ['/cmd_vel', '/scan'] },
      ],
    );
  });

  it('of an entity without data is not found', async () => {
    const { data, call } = await setUp();
    const error = await errorOf(data.read('function', 'nothing', '/scan', call()));
    assert.deepEqual([error.status, error.message], [404, 'The entity has no data']);
  });

  it('is not delayed to its deadline by a member that does not answer', async () => {
    const { data, call, clock } = await setUp({
      onCall: (nativeId) => (nativeId === '/planner' ? new Promise(() => undefined) : undefined),
    });
    const reading = data.read('function', 'drive', '/scan', call());
    await clock.advanceAsync(600, 100);
    assert.deepEqual((await reading).data, { ranges: [1, 2] });
  });
});

describe('a name that no member of an entity has', () => {
  it('is rejected immediately, with the nearest name', async () => {
    const { data, ros2, call } = await setUp();
    for (const request of [
      data.read('app', 'driver', 'scam', call()),
      data.read('component', 'host', 'scam', call()),
      data.write('app', 'driver', 'scam', { value: 1 }, call()),
      data.watch('app', 'driver', 'scam', () => undefined, call()),
      data.assertItem({ kind: 'app', id: 'driver' }, 'scam', call()),
      data.holders('app', 'driver', 'scam', call()),
    ]) {
      const error = await errorOf(request);
      assert.deepEqual([error.code, error.parameters?.['did_you_mean']], ['resource-not-found', '/scan']);
      assert.match(error.message, /has no data item 'scam': did you mean '\/scan'\?/);
    }
    assert.deepEqual([ros2.written, ros2.watched], [[], []]);
  });

  it('does not match an item of another app', async () => {
    const { data, ros2, call } = await setUp();
    const writing = data.write('app', 'planner', 'cmd_vel', { type: TWIST, value: {} }, call());
    assert.equal((await errorOf(writing)).code, 'resource-not-found');
    assert.deepEqual(ros2.written, []);
  });

  it('is passed to the first owner if entities accept topics of others', async () => {
    const calls: string[] = [];
    const { data, model, call } = await setUp({ foreignItems: true });
    const provider = model.provider('ros2')!.data!;
    Object.assign(provider, {
      read: async (nativeId: string, id: string) => {
        calls.push(`${nativeId} ${id}`);
        return { id, value: 7, timestampNs: 1n, publisherCount: 1, subscriberCount: 0 };
      },
    });
    assert.equal((await data.read('app', 'planner', 'cmd_vel', call())).data, 7);
    assert.equal((await data.read('app', 'planner', 'scan', call())).data, 7);
    assert.deepEqual(calls, ['/planner cmd_vel', '/planner /scan']);
  });

  it('is waited for during the discovery of its node, up to a limit', async () => {
    const { data, model, clock, call } = await setUp({ waitMs: 500 });
    const { list } = model.provider('ros2')!.data!;
    let isIncomplete = true;
    let entries = [...(await list('/driver', call()))];
    Object.assign(model.provider('ros2')!.data!, {
      list: async () => entries,
      isIncomplete: async () => isIncomplete,
    });
    const late = { ...entries[0]!, id: '/late', name: '/late' };
    const listening = data.assertItem({ kind: 'app', id: 'driver' }, 'late', call());
    await clock.advanceAsync(300, 100);
    entries = [...entries, late];
    model.events.emit('data.changed', { runtime: 'ros2' });
    await listening;

    const inVain = errorOf(data.assertItem({ kind: 'app', id: 'driver' }, 'never', call()));
    await clock.advanceAsync(500, 100);
    assert.equal((await inVain).code, 'resource-not-found');
    isIncomplete = false;
    const atOnce = data.assertItem({ kind: 'app', id: 'driver' }, 'never', call());
    assert.equal((await errorOf(atOnce)).code, 'resource-not-found', 'without a step of the clock');
  });

  it('is waited for one second if another gateway does not report the state of its discovery', async () => {
    const { model, clock, timed } = await twentyRobots(() => ({}), { mute: '' });
    const data = createDataService({ model, clock, waitMs: 500 });
    const late = ({ deadlineMs }: CallContext) =>
      new Promise<boolean>((resolve) => clock.after(deadlineMs - clock.monotonicMs(), () => resolve(false)));
    Object.assign(model.provider('robot_7')!.data!, {
      isIncomplete: (_: string, memberCall: CallContext) => late(memberCall),
    });
    const startMs = clock.monotonicMs();
    await assert.rejects(() => timed((call) => data.read('area', 'hall', 'nothing', call)), {
      code: 'resource-not-found',
    });
    const ms = clock.monotonicMs() - startMs;
    assert.ok(ms >= 1000 && ms <= 1200, `${ms} ms`);
  });

  it('is waited for in the first seconds if an app is known by name only', async () => {
    const { data, ros2, model, clock, call } = await setUp({ waitMs: 500 });
    ros2.tell({ apps: [app('driver', { online: false })] });
    await clock.advanceAsync(10, 5);
    const reading = data.read('app', 'driver', 'scan', call());
    await clock.advanceAsync(200, 50);
    ros2.tell({ apps: [hosted('driver')] });
    await clock.advanceAsync(10, 5);
    assert.deepEqual((await reading).data, { ranges: [1, 2] });
    assert.ok(model.tree.get('app', 'driver'));
    ros2.tell({ apps: [app('driver', { online: false })] });
    await clock.advanceAsync(6000, 1000);
    const error = await errorOf(data.read('app', 'driver', 'scan', call()));
    assert.deepEqual([error.code, error.message], ['resource-not-found', 'App driver is offline: it has no data']);
  });

  it('is waited for also if the list is empty', async () => {
    const { data, model, clock, call } = await setUp({ waitMs: 500 });
    const provider = model.provider('ros2')!.data!;
    const entries = await provider.list('/driver', call());
    let found: typeof entries = [];
    Object.assign(provider, { list: async () => found, isIncomplete: async () => true });
    const listing = data.list('app', 'driver', call());
    await clock.advanceAsync(100, 50);
    found = entries;
    model.events.emit('data.changed', { runtime: 'ros2' });
    assert.equal((await listing).items.length, 2);
  });
});

describe('the owners of an item', () => {
  it('all receive a write of it', async () => {
    const { data, model, call } = await setUp();
    Object.assign(model.provider('ros2')!.data!, { holders: async () => ['/driver', '/planner', '/gone'] });
    const holders = await data.holders('component', 'host', 'scan', call());
    assert.deepEqual(
      holders.map(({ id }) => id),
      ['driver', 'planner'],
    );
    const alone = await data.holders('component', 'host', 'level', call());
    assert.deepEqual(
      alone.map(({ id }) => id),
      ['pump_b'],
      'of a runtime whose items are of one entity',
    );
  });
});

describe('write of data', () => {
  it('accepts the value as data or value, with or without type, and returns it', async () => {
    const { data, ros2, call } = await setUp();
    const value = { linear: { x: 1 } };
    for (const body of [{ type: TWIST, data: value }, { data: value }, { value }, { type: null, value, extra: 1 }]) {
      assert.deepEqual(await data.write('app', 'driver', '/cmd_vel', body, call()), {
        id: '/cmd_vel',
        data: value,
        value,
        'x-medkit': {
          ros2: { topic: '/cmd_vel', direction: 'subscribe', type: TWIST },
          entity_id: 'driver',
          status: 'published',
        },
      });
    }
    assert.deepEqual(
      ros2.written.map(({ type }) => type),
      [TWIST, undefined, undefined, undefined],
    );
  });

  it('forwards the request for an acknowledgement', async () => {
    const { data, ros2, call } = await setUp();
    for (const acknowledge of [true, false]) {
      await data.write('app', 'driver', '/cmd_vel', { data: 1, acknowledge }, call());
    }
    assert.deepEqual(
      ros2.written.map(({ acknowledge }) => acknowledge),
      [true, undefined],
    );
    const { message } = await errorOf(data.write('app', 'driver', '/cmd_vel', { data: 1, acknowledge: 1 }, call()));
    assert.equal(message, 'acknowledge: expected true or false');
  });

  it('accepts null as a value', async () => {
    const { data, ros2, call } = await setUp();
    await data.write('app', 'driver', '/cmd_vel', { data: null, value: 7 }, call());
    assert.equal(ros2.written[0]?.value, null);
  });

  it('rejects an invalid body', async () => {
    const { data, call } = await setUp();
    const refused = async (body: unknown) => {
      const { code, message, parameters } = await errorOf(data.write('app', 'driver', '/cmd_vel', body, call()));
      return { code, message, ...(parameters && { parameters }) };
    };
    assert.deepEqual(await refused(undefined), { code: 'invalid-request', message: 'Request body is not valid JSON' });
    assert.deepEqual(await refused([1]), { code: 'invalid-request', message: 'body: expected a JSON object' });
    assert.deepEqual(await refused({}), { code: 'invalid-request', message: 'data: missing required field' });
    assert.deepEqual(await refused({ type: 7 }), {
      code: 'invalid-request',
      message: 'type: expected a string; data: missing required field',
    });
    for (const type of ['Twist', 'geometry_msgs/Twist', 'a/srv/B', '/msg/B', 'a/msg/', 'a/msg/B/c']) {
      const { code, message, parameters } = await refused({ type, data: {} });
      assert.deepEqual([code, message], ['invalid-parameter', 'Invalid message type format'], type);
      assert.equal(parameters?.['type'], type);
    }
  });

  it('reaches the right member of an aggregate', async () => {
    const { data, ros2, call } = await setUp();
    const body = await data.write('component', 'host', 'driver:cmd_vel', { value: {} }, call());
    assert.equal(body.id, 'driver:/cmd_vel');
    assert.equal(ros2.written[0]?.nativeId, '/driver');
  });
});

describe('categories and groups of data', () => {
  it('are those in use', async () => {
    const { data, call } = await setUp();
    assert.deepEqual(await data.categories('app', 'driver', call()), {
      items: [{ item: 'currentData', id: 'currentData', category: 'currentData', 'x-medkit': { total_count: 2 } }],
      'x-medkit': { entity_id: 'driver', total_count: 1 },
    });
    assert.deepEqual((await data.groups('component', 'host', call())).items, [
      {
        id: 'geometry_msgs',
        category: 'currentData',
        group: 'geometry_msgs',
        'x-medkit': { total_count: 1, data_ids: ['/cmd_vel'] },
      },
      {
        id: 'sensor_msgs',
        category: 'currentData',
        group: 'sensor_msgs',
        'x-medkit': { total_count: 1, data_ids: ['/scan'] },
      },
    ]);
  });
});
