import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { callContext, openModel } from '@medkit/core';
import {
  app,
  area,
  component,
  errorOf,
  functionEntity,
  memoryConfigurations,
  memoryRuntime,
} from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { MUTE, twentyRobots } from '../members/testing/twenty-robots.ts';
import { createConfigurationService } from './configuration-service.ts';

const hosted = (id: string) =>
  app(id, { componentId: 'host', node: `/${id}`, address: { runtime: 'ros2', nativeId: `/${id}` } });

/** A host with a driver, a planner and an offline app, and a component with one app of the same name. */
async function setUp(onCall?: (nativeId: string) => Promise<void> | void) {
  const clock = new SimulatedClock();
  const runtime = memoryRuntime({
    name: 'ros2',
    areas: [area('vehicle'), area('empty')],
    components: [
      component('host', { areaId: 'vehicle', address: { runtime: 'ros2', nativeId: 'host' } }),
      component('camera'),
    ],
    apps: [
      hosted('driver'),
      hosted('planner'),
      app('absent', { componentId: 'host', online: false }),
      app('camera', { componentId: 'camera', node: '/camera', address: { runtime: 'ros2', nativeId: '/camera' } }),
    ],
    functions: [functionEntity('drive', ['driver', 'planner'])],
    providers: {
      configurations: memoryConfigurations(
        {
          '/driver': {
            rate: { type: 'double', value: 5, description: 'Hz', range: { from: 1, to: 10.5, step: 1 } },
            'planner:rate': { type: 'int', value: 1 },
          },
          '/planner': { rate: { type: 'int', value: 2 }, only_here: { type: 'bool', value: true } },
          '/camera': { 'a:b': { type: 'double_array', value: [1, -0, 1e21, '.nan', 0.5] } },
        },
        onCall,
      ),
    },
  });
  const model = await openModel({ runtimes: [runtime], clock, log: () => undefined });
  const call = () => callContext({ clock, timeoutMs: 1000 });
  return { clock, configurations: createConfigurationService({ model, clock }), call };
}

const broken = (nativeId: string, code: ConstructorParameters<typeof SovdError>[0]['code'], status?: number) => {
  return (requested: string) => {
    if (requested === nativeId) throw new SovdError({ code, ...(status && { status }) });
  };
};

describe('list of configurations', () => {
  it('of an app has unqualified names', async () => {
    const { configurations, call } = await setUp();
    const { items, 'x-medkit': about } = await configurations.list('app', 'driver', call());
    assert.deepEqual(items, [
      { id: 'rate', name: 'rate', type: 'parameter' },
      { id: 'planner:rate', name: 'planner:rate', type: 'parameter' },
    ]);
    const { parameters, ...rest } = about ?? {};
    assert.equal(
      JSON.stringify(parameters?.[0]),
      '{"id":"rate","name":"rate","value":5.0,"type":"double","description":"Hz","read_only":false,' +
        '"range":{"from":1.0,"to":10.5,"step":1.0},"x-medkit":{"source":"driver","node":"/driver"}}',
    );
    assert.deepEqual(rest, {
      entity_id: 'driver',
      source: 'runtime',
      aggregation_level: 'app',
      is_aggregated: false,
      source_ids: ['driver'],
      queried_nodes: ['/driver'],
      ros2: { node: '/driver' },
    });
  });

  it('of several nodes qualifies every name with the app, on every kind of entity', async () => {
    const { configurations, call } = await setUp();
    for (const [kind, id] of [
      ['component', 'host'],
      ['function', 'drive'],
      ['area', 'vehicle'],
    ] as const) {
      const { items, 'x-medkit': about } = await configurations.list(kind, id, call());
      assert.deepEqual(
        items.map((item) => item.id),
        ['driver:rate', 'driver:planner:rate', 'planner:rate', 'planner:only_here'],
      );
      assert.deepEqual(items[0]?.['x-medkit'], { source: 'driver', node: '/driver' });
      assert.equal(about?.is_aggregated, true);
      assert.equal(about?.ros2, undefined);
      assert.deepEqual(about?.source_ids, [id, 'driver', 'planner']);
      assert.deepEqual(about?.queried_nodes, ['/driver', '/planner']);
    }
  });

  it('of a component with one app has unqualified names', async () => {
    const { configurations, call } = await setUp();
    const { items } = await configurations.list('component', 'camera', call());
    assert.deepEqual(items, [{ id: 'a:b', name: 'a:b', type: 'parameter' }]);
  });

  it('of an entity without nodes is empty', async () => {
    const { configurations, call } = await setUp();
    assert.deepEqual((await configurations.list('area', 'empty', call())).items, []);
    assert.deepEqual((await configurations.list('app', 'absent', call())).items, []);
  });

  it('names the nodes that are missing from it', async () => {
    for (const [code, missing] of [
      ['x-medkit-ros2-node-unavailable', 'unavailable_nodes'],
      ['not-responding', 'unavailable_nodes'],
      ['internal-error', 'failed_nodes'],
    ] as const) {
      const { configurations, call } = await setUp(broken('/driver', code));
      const { items, 'x-medkit': about } = await configurations.list('component', 'host', call());
      assert.deepEqual(
        items.map(({ name }) => name),
        ['rate', 'only_here'],
      );
      assert.equal(about?.partial, true);
      assert.deepEqual([about?.[missing], about?.queried_nodes], [['/driver'], ['/planner']]);
    }
  });

  it('is the most severe error if no node answered', async () => {
    const { configurations, call } = await setUp((nativeId) => {
      throw new SovdError({
        code: nativeId === '/driver' ? 'internal-error' : 'x-medkit-ros2-node-unavailable',
        message: `${nativeId} is silent`,
      });
    });
    const { code, status, message, parameters } = await errorOf(configurations.list('component', 'host', call()));
    assert.deepEqual([code, status], ['x-medkit-ros2-node-unavailable', 503]);
    assert.equal(message, 'Failed to list parameters from any node');
    assert.deepEqual(parameters, { entity_id: 'host', details: '/planner is silent' });
  });
});

describe('a configuration', () => {
  it('is read with its constraints', async () => {
    const { configurations, call } = await setUp();
    const read = await configurations.read('app', 'driver', 'rate', call());
    assert.equal(
      JSON.stringify(read),
      '{"id":"rate","data":5.0,"x-medkit":{"entity_id":"driver","source":"runtime","ros2":{"node":"/driver"},' +
        '"parameter":{"name":"rate","value":5.0,"type":"double","description":"Hz","read_only":false,' +
        '"range":{"from":1.0,"to":10.5,"step":1.0}}}}',
    );
  });

  it('with a double is written with a fraction', async () => {
    const { configurations, call } = await setUp();
    const { data } = await configurations.read('app', 'camera', 'a:b', call());
    assert.equal(JSON.stringify(data), '[1.0,-0.0,1e+21,".nan",0.5]');
  });

  it('of a member is addressed by the member', async () => {
    const { configurations, call } = await setUp();
    const read = await configurations.read('component', 'host', 'planner:rate', call());
    assert.deepEqual([read.id, read.data, read['x-medkit']?.source_app], ['planner:rate', 2, 'planner']);
    assert.equal((await configurations.read('component', 'host', 'driver:planner:rate', call())).data, 1);
  });

  it('may have a colon in its name if that names no member', async () => {
    const { configurations, call } = await setUp();
    assert.equal((await configurations.read('app', 'driver', 'planner:rate', call())).data, 1);
    for (const id of ['a:b', 'camera:a:b']) {
      const read = await configurations.read('component', 'camera', id, call());
      assert.deepEqual([read.id, read['x-medkit']?.source_app], [id, undefined]);
    }
  });

  it('of several members comes from the first to answer, under its unqualified name', async () => {
    const waits = Promise.withResolvers<void>();
    const { configurations, call } = await setUp((nativeId) => (nativeId === '/driver' ? waits.promise : undefined));
    const read = await configurations.read('component', 'host', 'rate', call());
    assert.deepEqual([read.id, read.data, read['x-medkit']?.source_app], ['rate', 2, 'planner']);
    waits.resolve();
  });

  it('that no member has is not found, unless an unresponsive member may have it', async () => {
    const well = await setUp();
    const { code, message, parameters } = await errorOf(
      well.configurations.read('component', 'host', 'nobody', well.call()),
    );
    assert.deepEqual([code, message], ['resource-not-found', 'Parameter not found']);
    assert.deepEqual(parameters, { entity_id: 'host', id: 'nobody' });

    const ill = await setUp(broken('/driver', 'x-medkit-ros2-node-unavailable'));
    const error = await errorOf(ill.configurations.read('component', 'host', 'nobody', ill.call()));
    assert.equal(error.code, 'x-medkit-ros2-node-unavailable');
  });

  it('is set and reset on the node that has it', async () => {
    const { configurations, call } = await setUp();
    const written = await configurations.write('component', 'host', 'driver:rate', { value: 7 }, call());
    assert.equal(
      JSON.stringify(written),
      '{"id":"driver:rate","data":7.0,"parameter":{"name":"rate","value":7.0,"type":"double"},"x-medkit":{"entity_id":"host","source":"runtime","ros2":{"node":"/driver"},' +
        '"source_app":"driver","parameter":{"name":"rate","value":7.0,"type":"double"}}}',
    );
    await configurations.reset('app', 'driver', 'rate', call());
    const { data } = await configurations.read('app', 'driver', 'rate', call());
    assert.equal(JSON.stringify(data), '5.0');
  });

  it('of several members is not changed without naming a member', async () => {
    const { configurations, call } = await setUp();
    for (const change of [
      configurations.write('component', 'host', 'rate', { data: 1 }, call()),
      configurations.reset('component', 'host', 'rate', call()),
    ]) {
      const { code, message, parameters } = await errorOf(change);
      assert.deepEqual([code, message], ['invalid-request', 'Aggregated configuration requires app_id prefix']);
      assert.match(String(parameters?.['details']), /"<app_id>:rate"/);
    }
  });

  it('is set to `data`, or otherwise to `value`', async () => {
    const { configurations, call } = await setUp();
    const write = (body: { data?: unknown; value?: unknown }) =>
      configurations.write('app', 'planner', 'only_here', body, call());
    assert.equal((await write({ data: false, value: true })).data, false);
    assert.equal((await write({ data: null, value: true })).data, true);
    for (const body of [{}, { data: null }]) {
      const { code, parameters } = await errorOf(write(body));
      assert.deepEqual([code, parameters], ['invalid-request', undefined]);
    }
  });
});

describe('the reset of all configurations', () => {
  it('has no content if every node was reset, or if the entity has none', async () => {
    const { configurations, call } = await setUp();
    await configurations.write('app', 'planner', 'rate', { data: 9 }, call());
    assert.equal(await configurations.resetAll('component', 'host', call()), undefined);
    assert.equal((await configurations.read('app', 'planner', 'rate', call())).data, 2);
    assert.equal(await configurations.resetAll('area', 'empty', call()), undefined);
  });

  it('reports all nodes if one was not reset', async () => {
    const { configurations, call } = await setUp(broken('/driver', 'x-medkit-ros2-node-unavailable'));
    assert.deepEqual(await configurations.resetAll('component', 'host', call()), {
      entity_id: 'host',
      results: [
        { node: '/driver', app_id: 'driver', success: false, error: 'The node does not answer' },
        {
          node: '/planner',
          app_id: 'planner',
          success: true,
          details: { node_name: '/planner', reset_count: 2, failed_count: 0 },
        },
      ],
    });
  });
});

describe('configurations of twenty robots, of which one at another gateway does not answer', () => {
  const robots = () =>
    twentyRobots((robot, onCall) => ({
      configurations: memoryConfigurations({ '/app': { rate: { type: 'string', value: robot } } }, onCall),
    }));

  it('are listed after a second without that robot, which is named', async () => {
    const { model, clock, timed } = await robots();
    const configurations = createConfigurationService({ model, clock });
    const { value, ms } = await timed((call) => configurations.list('area', 'hall', call));
    assert.ok(ms >= 1000 && ms <= 1200, `${ms} ms`);
    const { partial, failed_members, parameters } = value['x-medkit'] ?? {};
    assert.deepEqual([value.items.length, parameters?.length, partial], [19, 19, true]);
    assert.deepEqual(
      failed_members?.map(({ entity_id, runtime, message }) => ({ entity_id, runtime, message })),
      [{ entity_id: 'app_7', runtime: MUTE, message: '/app did not answer before the deadline' }],
    );
  });

  it('are reset immediately if the node answers, and the unresponsive one is waited for at most three seconds', async () => {
    const { model, clock, timed } = await robots();
    const configurations = createConfigurationService({ model, clock });
    const { value, ms } = await timed((call) => configurations.resetAll('area', 'hall', call));
    assert.ok(ms >= 3000 && ms <= 3200, `${ms} ms`);
    const failed = value?.results.filter(({ success }) => !success).map(({ app_id, error }) => [app_id, error]);
    const unknown = 'A change was sent to /app, and its outcome is unknown: /app did not answer before the deadline';
    assert.deepEqual([value?.results.length, failed], [20, [['app_7', unknown]]]);
  });

  it('are read immediately if a node has it, and not found after a second', async () => {
    const { model, clock, timed } = await robots();
    const configurations = createConfigurationService({ model, clock });
    for (const id of ['rate', 'app_3:rate']) {
      assert.equal((await timed((call) => configurations.read('area', 'hall', id, call))).ms, 0);
    }
    const startedMs = clock.monotonicMs();
    await assert.rejects(() => timed((call) => configurations.read('area', 'hall', 'no_such', call)), {
      code: 'not-responding',
    });
    assert.ok(clock.monotonicMs() - startedMs <= 1200);
  });
});
