import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { callContext } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { DeferredHost, hostPlugin } from '@medkit/plugin';
import { Check } from 'typebox/value';
import { GraphResult } from './document/graph-document.ts';
import { plugin } from './plugin.ts';
import { app } from './testing/small-graph.ts';
import { watchedRobot } from './testing/watched-robot.ts';

type Robot = Awaited<ReturnType<typeof watchedRobot>>;

/** Runs a lidar that publishes at 10 Hz and a planner that subscribes, both in the function. */
async function scanning(options: Readonly<Record<string, unknown>> = {}) {
  const robot = await watchedRobot(options);
  const lidar = await robot.node('lidar');
  const planner = await robot.node('planner');
  const scans = await robot.publishEvery(lidar, 100, '/scan');
  await robot.during(
    planner.subscribe({ topic: '/scan', type: 'sensor_msgs/msg/LaserScan', onSample: () => undefined }),
  );
  robot.show(['lidar', 'planner']);
  await robot.clock.advanceAsync(300);
  return { robot, lidar, planner, scans };
}

const edgeOf = async (robot: Robot, query?: Readonly<Record<string, string>>) => (await robot.graph(query)).edges[0];

describe('The graph of a function', () => {
  it('3.5 document: is pending before the first request, and measured from then on', async () => {
    const { robot } = await scanning();
    const first = await robot.graph();
    assert.ok(Check(GraphResult, { 'x-medkit-graph': first }));
    assert.deepEqual(
      [first.schema_version, first.graph_id, first.pipeline_status, first.bottleneck_edge],
      ['2.0.0', 'drive-graph', 'healthy', null],
    );
    assert.match(first.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(first.scope, { type: 'function', entity_id: 'drive' });
    assert.deepEqual(first.topics, [{ topic_id: 'topic:/scan', name: '/scan' }]);
    assert.deepEqual(first.nodes, [
      { entity_id: 'lidar', node_status: 'reachable' },
      { entity_id: 'planner', node_status: 'reachable' },
    ]);
    assert.equal(first.edges[0].metrics.metrics_status, 'pending');
    assert.equal(first.edges[0].metrics.frequency_hz, null);

    await robot.clock.advanceAsync(2000);
    const { edge_id, source, target, topic_id, transport_type, qos, metrics } = await edgeOf(robot);
    assert.deepEqual(
      [edge_id, source, target, topic_id, transport_type],
      ['edge:lidar:/scan:planner', 'lidar', 'planner', 'topic:/scan', 'unknown'],
    );
    assert.deepEqual(qos, { compatible: true, incompatible: [] });
    assert.ok(Math.abs((metrics.frequency_hz ?? 0) - 10) < 0.5, `${metrics.frequency_hz} Hz`);
    assert.ok(Math.abs((metrics.latency_ms ?? 0) - 0.2) < 1, `${metrics.latency_ms} ms`);
    assert.ok(Math.abs((metrics.data_age_ms ?? 0) - 5.2) < 1, `${metrics.data_age_ms} ms`);
    assert.deepEqual(
      [metrics.metrics_status, metrics.source, metrics.publisher_count, metrics.drop_rate_percent],
      ['active', '/medkit_pipeline_graph', 1, 0],
    );
    await robot.close();
  });

  it('is sampled by cyclic subscriptions on a function, and does not exist for apps', async () => {
    const { robot } = await scanning();
    const call = callContext({ clock: robot.clock, timeoutMs: 1000 });
    const sampler = robot.hosted.samplers.get('x-medkit-graph');
    const sampled = await robot.during(sampler!.sample({ kind: 'function', id: 'drive' }, '', call));
    assert.ok(Check(GraphResult, sampled));
    assert.equal(sampled['x-medkit-graph'].graph_id, 'drive-graph');
    await assert.rejects(robot.during(sampler!.sample({ kind: 'app', id: 'lidar' }, '', call)), {
      code: 'resource-not-found',
    });
    await robot.close();
  });

  it('waits for the first rates if the client requests it, and not the whole time that the client allows', async () => {
    const { robot } = await scanning();
    const before = robot.clock.monotonicMs();
    assert.equal((await edgeOf(robot, { wait_ms: '8000' })).metrics.metrics_status, 'active');
    assert.ok(robot.clock.monotonicMs() - before < 2000);
    for (const wait_ms of ['-1', '10001', 'long', '1.5', '']) {
      await assert.rejects(
        robot.graph({ wait_ms }),
        (error) => error instanceof SovdError && error.code === 'invalid-parameter',
      );
    }
    await robot.close();
  });

  it('has the figures of a monitor rather than measured ones, and becomes stale with it', async () => {
    const { robot, lidar, scans } = await scanning();
    const monitor = await robot.during(lidar.publisher('/diagnostics', 'diagnostic_msgs/msg/DiagnosticArray'));
    await robot.clock.advanceAsync(300);
    const values = [
      { key: 'frame_rate_msg', value: '9.5' },
      { key: 'expected_frequency', value: '20' },
    ];
    await robot.during(monitor.publish({ status: [{ name: '/scan', values }] }));
    await robot.clock.advanceAsync(100);
    const graph = await robot.graph();
    const { frequency_hz, source, expected_frequency_hz } = graph.edges[0].metrics;
    assert.deepEqual([frequency_hz, source, expected_frequency_hz], [9.5, '/lidar', 20]);
    assert.deepEqual([graph.pipeline_status, graph.bottleneck_edge], ['degraded', 'edge:lidar:/scan:planner']);
    scans.cancel();
    await robot.clock.advanceAsync(8000, 20);
    const stale = await robot.graph();
    assert.deepEqual([stale.pipeline_status, stale.edges[0].metrics.error_reason], ['broken', 'metrics_stale']);
    await robot.close();
  });

  it('remembers the connections of a node that disconnected, and when it was last seen', async () => {
    const { robot, lidar, scans } = await scanning();
    await robot.graph();
    scans.cancel();
    await robot.during(lidar.close());
    await robot.clock.advanceAsync(1000);
    robot.show([app('lidar', { online: false }), 'planner']);
    await robot.clock.advanceAsync(100);
    const { nodes, edges, pipeline_status } = await robot.graph();
    assert.deepEqual(
      nodes.map(({ entity_id, node_status }) => [entity_id, node_status]),
      [
        ['lidar', 'unreachable'],
        ['planner', 'reachable'],
      ],
    );
    assert.match(nodes[0].last_seen ?? '', /^2026-01-01T00:00:0\d/);
    assert.deepEqual(
      [edges[0].remembered, edges[0].metrics.metrics_status, pipeline_status],
      [true, 'pending', 'degraded'],
    );
    assert.equal('publisher_count' in edges[0].metrics, false);
    await robot.close();
  });

  it('names the QoS policies that keep two nodes from matching', async () => {
    const { robot, lidar, planner } = await scanning();
    await robot.publishEvery(lidar, 100, '/points', { reliability: 'best_effort' });
    await robot.during(
      planner.subscribe({
        topic: '/points',
        type: 'sensor_msgs/msg/LaserScan',
        qos: { reliability: 'reliable' },
        onSample: () => undefined,
      }),
    );
    await robot.clock.advanceAsync(300);
    const { edges, pipeline_status } = await robot.graph();
    const points = edges.find(({ topic_id }) => topic_id === 'topic:/points');
    assert.deepEqual(points?.qos, { compatible: false, incompatible: ['reliability'] });
    assert.deepEqual([points?.metrics.error_reason, pipeline_status], ['qos_incompatible', 'broken']);
    await robot.close();
  });

  it('3.5 scope: of a function without apps is empty and healthy', async () => {
    const robot = await watchedRobot();
    robot.show([]);
    const { topics, nodes, edges, pipeline_status, bottleneck_edge } = await robot.graph();
    assert.deepEqual([topics, nodes, edges, pipeline_status, bottleneck_edge], [[], [], [], 'healthy', null]);
    await robot.close();
  });

  it('of a missing entity is none', async () => {
    const robot = await watchedRobot();
    await assert.rejects(robot.graph(), (error) => error instanceof SovdError && error.code === 'entity-not-found');
    await robot.close();
  });

  it('is measured permanently for functions that are configured so, and not at all if that is switched off', async () => {
    const always = await scanning({ function_overrides: { drive: { measure: 'always' } } });
    await always.robot.clock.advanceAsync(12_000, 20);
    assert.equal((await edgeOf(always.robot)).metrics.metrics_status, 'active');
    await always.robot.close();
    const never = await scanning({ measure: 'off' });
    await never.robot.graph();
    await never.robot.clock.advanceAsync(2000);
    assert.equal((await edgeOf(never.robot)).metrics.metrics_status, 'pending');
    await never.robot.close();
  });

  it('is drawn as text', async () => {
    const { robot } = await scanning();
    const dot = await robot.ask('/functions/{function_id}/x-medkit-graph/dot', 'drive');
    assert.match(dot.text ?? '', /"lidar" -> "planner" \[label="\/scan"\];/);
    const mermaid = await robot.ask('/functions/{function_id}/x-medkit-graph/mermaid', 'drive');
    assert.match(mermaid.text ?? '', /n0 -->\|"\/scan"\| n1/);
    await robot.close();
  });
});

describe('The plugin', () => {
  it('reports invalid options in health and in its log, and uses the defaults', async () => {
    const robot = await watchedRobot({ stale_grace_sec: -1 });
    const { warnings } = await robot.during(robot.hosted.runtime.health());
    assert.deepEqual(warnings, [
      {
        code: 'pipeline_graph_option',
        message: 'stale_grace_sec must be a number of 0 or more; 2 is used',
      },
    ]);
    assert.match(robot.logged.join('\n'), /graph-provider: stale_grace_sec must be/);
    await robot.close();
  });

  it('names the reason if a gateway outside every ROS graph is asked for a graph', async () => {
    const clock = new SimulatedClock();
    const log = () => undefined;
    const { routes } = await hostPlugin({
      plugin,
      name: 'graph-provider',
      options: {},
      clock,
      log,
      deferredHost: new DeferredHost(),
    });
    const request = { path: { function_id: 'drive' }, query: {}, body: undefined };
    await assert.rejects(
      routes[0].handle(request, callContext({ clock, timeoutMs: 9000 })),
      (error) => error instanceof SovdError && error.code === 'service-unavailable',
    );
  });
});
