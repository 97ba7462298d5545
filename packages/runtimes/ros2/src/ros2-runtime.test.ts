import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openModel } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { ros2Runtime } from './ros2-runtime.ts';
import { FakeRos, QUIET_FACTS, rosNode } from './testing/fake-ros.ts';
import { publisherOf, startRuntime } from './testing/running-runtime.ts';

describe('ROS 2 runtime', () => {
  it('shows a node in the tree as soon as the graph does', async () => {
    const clock = new SimulatedClock();
    const ros = new FakeRos();
    ros.change({ nodes: [rosNode('/lidar_driver')] });
    const host = { hostname: 'amr', osName: 'Debian 12', machine: 'x86_64' };
    const model = await openModel({
      runtimes: [ros2Runtime({ adapter: ros, clock, random: seededRandom(1), host })],
      clock,
      log: () => undefined,
    });
    const apps = () => model.tree.all('app').map(({ id }) => id);
    assert.deepEqual(apps(), ['lidar_driver']);
    ros.change({ nodes: [rosNode('/nav/bt_navigator')] });
    clock.advance(5);
    assert.deepEqual(apps(), ['bt_navigator', 'lidar_driver']);
    ros.change({ gone: ['/lidar_driver'] });
    clock.advance(5);
    assert.deepEqual(apps(), ['bt_navigator']);
    assert.deepEqual(
      model.tree.members(model.tree.get('component', 'amr')!).map(({ id }) => id),
      ['amr', 'bt_navigator'],
    );
    await model.close();
  });

  it('does not request a merge if only endpoints change', async () => {
    const { ros, seen } = await startRuntime();
    ros.change({ endpoints: [publisherOf('/scan')] });
    assert.equal(seen.changes, 0);
    ros.change({ nodes: [rosNode('/new')] });
    assert.equal(seen.changes, 1);
  });

  it('warns of each node name that two programs use, also for the initial graph', async () => {
    const { runtime, ros } = await startRuntime();
    for (const fqn of ['/driver', '/listener']) ros.change({ nodes: [rosNode(fqn, ['p1', 'p2'])] });
    const { warnings } = await runtime.health();
    assert.deepEqual(
      warnings.map(({ code, nodes: nodeFqns }) => [code, nodeFqns]),
      [
        ['duplicate_node_name', ['/driver']],
        ['duplicate_node_name', ['/listener']],
      ],
    );
  });

  it('has every figure that clients of ros2_medkit know', async () => {
    const { runtime, ros } = await startRuntime();
    ros.currentFacts = { ...QUIET_FACTS, unknownTypes: ['a/msg/B'], dropped: { malformed: 2, oversized: 1 } };
    const { blocks, warnings } = await runtime.health();
    assert.deepEqual(blocks['x-medkit-data-provider'], {
      pool_size: 0,
      pool_cap: 256,
      pool_hits: 0,
      pool_misses: 0,
      evictions_total: 0,
      type_change_events: 0,
      graph_events_received: 0,
      concurrent_cold_waits: 0,
      cold_wait_cap: 4,
      unsupported_type_count: 1,
      watched_topics: 0,
      dropped_watch_samples: 0,
    });
    assert.deepEqual(blocks['x-medkit-subscription-executor'], {
      worker_alive: true,
      degraded: false,
      queue_depth: 0,
      queue_max_depth_observed: 0,
      queue_dropped: 3,
      tasks_completed: 0,
      tasks_failed: 0,
      last_task_latency_us: 0,
      max_task_latency_us: 0,
      current_task_age_ms: 0,
      watchdog_trips: 0,
      graph_events_received: 0,
    });
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['unknown_type'],
    );
  });

  it('names the app of a node in a warning', async () => {
    const { runtime, ros } = await startRuntime();
    const incompatible = [{ topic: '/map', policies: ['durability'], remoteNode: '/listener' }];
    ros.currentFacts = { ...QUIET_FACTS, incompatible };
    assert.deepEqual((await runtime.health()).warnings[0]?.entityIds, ['listener']);
  });

  it('leaves no node behind if the graph is unavailable', async () => {
    const ros = new FakeRos();
    ros.graph = () => Promise.reject(new Error('no graph'));
    const host = { hostname: 'amr', osName: 'Debian 12', machine: 'x86_64' };
    const runtime = ros2Runtime({ adapter: ros, clock: new SimulatedClock(), random: seededRandom(1), host });
    await assert.rejects(
      runtime.start({
        changed: () => undefined,
        record: () => undefined,
        recorded: () => [],
        faultChanged: () => undefined,
        operationChanged: () => undefined,
        serviceCalled: () => undefined,
        configurationChanged: () => undefined,
        dataChanged: () => undefined,
        log: () => undefined,
      }),
      /no graph/,
    );
    assert.equal(ros.closedNodes, 1);
    await runtime.stop();
  });
});
