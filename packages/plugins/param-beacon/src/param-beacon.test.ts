import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { checkedOptions, DeferredHost, hostPlugin } from '@medkit/plugin';
import { openParameterServer, type ParameterDeclaration } from '@medkit/ros2';
import { simulatedGraph } from '@medkit/ros2/testing';
import { Options } from './options.ts';
import { type HintClientFactory, paramBeacon } from './param-beacon.ts';

const PREFIX = 'ros2_medkit.discovery';
const LIDAR = { entity_id: 'lidar', display_name: 'Front LiDAR', 'metadata.firmware': '2.4' };

const declarations = (values: Readonly<Record<string, string>>): readonly ParameterDeclaration[] =>
  Object.entries(values).map(([name, value]) => ({ name: `${PREFIX}.${name}`, value: { type: 'string', value } }));

/** Runs a gateway with the plugin and a robot, connected over RTPS on a simulated network. */
async function scene(factory?: HintClientFactory) {
  const graph = simulatedGraph({ seed: 7, conditions: { latencyMs: 0.2 } });
  const { clock } = graph;
  const robot = await graph.join();
  const gateway = await graph.join();
  const deferredHost = new DeferredHost();
  const checked = checkedOptions(Options, { poll_interval_sec: 1 });
  assert.ok('options' in checked);
  const log = () => undefined;
  const plugin = paramBeacon(factory);
  const position = 0;
  const hosting = hostPlugin({
    plugin,
    name: 'beacon',
    options: checked.options,
    clock,
    log,
    ros: gateway,
    deferredHost,
    position,
  });
  await clock.advanceAsync(100);
  const { runtime } = await hosting;
  const nodes = memoryRuntime({ apps: [app('lidar', { node: '/lidar', name: '' })], priority: 10 });
  const opening = openModel({ runtimes: [nodes, runtime], clock, log });
  await clock.advanceAsync(20);
  const model = await opening;
  deferredHost.open({
    entities: () => ({ areas: [], components: [], apps: model.tree.all('app'), functions: [] }),
    events: model.events,
    clearFault: async () => false,
    reportFault: async () => false,
    request: async () => ({ status: 404, headers: {}, body: undefined }),
  });
  return {
    clock,
    robot,
    model,
    lidar: () => model.tree.get('app', 'lidar'),
    close: async () => {
      const closing = model.close();
      await clock.advanceAsync(200);
      await closing;
      await graph.close();
    },
  };
}

describe('3.3 the plugin', () => {
  it('seed 003: the parameters of a node become part of its app, until the node answers nothing any more', async () => {
    const { clock, robot, lidar, model, close } = await scene();
    const opening = robot
      .node({ name: 'lidar' })
      .then((node) => openParameterServer(node, { declarations: declarations(LIDAR), clock }));
    await clock.advanceAsync(3000, 5);
    const server = await opening;
    assert.deepEqual(
      [lidar()?.name, lidar()?.capabilities, lidar()?.metadata],
      [
        'Front LiDAR',
        ['x-medkit-beacon', 'x-medkit-param-beacon'],
        { 'x-medkit-beacon-status': 'active', 'x-medkit-beacon-firmware': '2.4' },
      ],
    );
    const name = `${PREFIX}.display_name`;
    await server.set([{ name, value: { type: 'string', value: 'LiDAR of the front' } }]);
    await clock.advanceAsync(2000, 5);
    assert.equal(lidar()?.name, 'LiDAR of the front');
    const { blocks } = await model.health();
    const figures = blocks['x-medkit-param-beacon'];
    assert.deepEqual([figures?.['hints'], figures?.['clients'], figures?.['nodes_backed_off']], [1, 1, 0]);
    const closing = server.close();
    await clock.advanceAsync(17_000, 20);
    await closing;
    assert.equal(lidar()?.metadata?.['x-medkit-beacon-status'], 'stale');
    await close();
  });

  it('seed 003: takes its clients from a factory, which needs no graph at all', async () => {
    const calls: string[] = [];
    const { clock, lidar, close } = await scene(async () => (fqn) => ({
      list: async () => ({ names: [`${PREFIX}.entity_id`], prefixes: [] }),
      get: async () => [{ type: 'string', value: 'lidar' }],
      read: async () => [],
      close: async () => void calls.push(`closed ${fqn}`),
    }));
    await clock.advanceAsync(1500, 5);
    assert.deepEqual(lidar()?.metadata, { 'x-medkit-beacon-status': 'active' });
    await close();
    assert.deepEqual(calls, ['closed /lidar']);
  });
});
