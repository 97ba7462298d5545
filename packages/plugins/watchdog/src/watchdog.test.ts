import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { app } from '@medkit/core/testing';
import {
  type LifecycleServer,
  type LocalNode,
  openLifecycleServer,
  openParameterServer,
  type ParameterServer,
} from '@medkit/ros2';
import { type WatchedRobot, watchedRobot } from './testing/watched-robot.ts';

const STRING = 'std_msgs/msg/String';
const BEST_EFFORT = { reliability: 'best_effort' } as const;
const IGNORE = () => undefined;

/** Warm-up of one tick and no grace period: these tests cover the path from the network to the report. */
const QUICK = {
  warmup_cycles: 1,
  detectors: {
    qos_mismatch: { grace: 0 },
    orphan: { grace: 0 },
    node_disappeared: { grace: 0 },
    tf_stale: { grace: 0 },
    rate_drop: { grace: 0 },
    latency_budget: { grace: 0 },
    lifecycle_expectation: { grace: 1 },
  },
};

const withOptions = (detector: keyof typeof QUICK.detectors | 'param_drift', options: Record<string, unknown>) => ({
  ...QUICK,
  detectors: { ...QUICK.detectors, [detector]: { grace: 0, ...options } },
});

describe('the watchdog on a robot', () => {
  let scene: WatchedRobot;
  beforeEach(async () => {
    scene = await watchedRobot();
  });
  afterEach(() => scene.close());

  /** Returns the last report of a code after some seconds: `FAILED: <description>`, `PASSED`, or nothing. */
  const after = async (seconds: number, code: string): Promise<string | undefined> => {
    const report = await scene.reportAfter(seconds, code);
    return report && (report.event === 'FAILED' ? `FAILED: ${report.description}` : 'PASSED');
  };

  const serveRate = (node: LocalNode): Promise<ParameterServer> =>
    openParameterServer(node, {
      declarations: [{ name: 'rate', value: { type: 'double', value: 10 } }],
      clock: scene.clock,
    });
  const manage = (node: LocalNode): Promise<LifecycleServer> =>
    openLifecycleServer(node, {
      callbacks: {},
      clock: scene.clock,
      onCallbackError: (_, error) => assert.fail(`${error}`),
    });

  it('raises incompatible QoS of two nodes, and heals when it is corrected', async () => {
    const lidar = await scene.robot.node({ name: 'lidar' });
    const slam = await scene.robot.node({ name: 'slam' });
    const bad = await lidar.publisher('/scan', STRING, BEST_EFFORT);
    await slam.subscribe({ topic: '/scan', type: STRING, qos: { reliability: 'reliable' }, onSample: IGNORE });
    await scene.startWatchdog(QUICK);
    assert.equal(
      await after(4, 'GRAPH_QOS_MISMATCH'),
      'FAILED: /scan: /slam receives nothing (incompatible with /lidar: reliability)',
    );
    const { severity, source } = scene.reports.findLast(({ code }) => code === 'GRAPH_QOS_MISMATCH') ?? {};
    assert.deepEqual([severity, source], [2, 'graph_watchdog']);
    await bad.close();
    await lidar.publisher('/scan', STRING);
    assert.equal(await after(3, 'GRAPH_QOS_MISMATCH'), 'PASSED');
  });

  it('W03: raises nothing while the graph starts up, and reports no clean state either', async () => {
    const node = await scene.robot.node({ name: 'slam' });
    await node.subscribe({ topic: '/scan', type: STRING, onSample: IGNORE });
    await node.publisher('/scam', STRING);
    await scene.startWatchdog({ ...QUICK, warmup_cycles: 5 });
    assert.equal(await after(5, 'GRAPH_ORPHAN'), undefined);
    assert.deepEqual(scene.reports, []);
    assert.equal((await scene.status()).global_state, 'warming_up');
    assert.match((await after(3, 'GRAPH_ORPHAN')) ?? '', /FAILED: no node subscribes to \/scam/);
    assert.equal((await scene.status()).global_state, 'armed');
  });

  it('logs once that it cannot read the apps, and continues', async () => {
    await scene.startWatchdog(QUICK);
    scene.loseTree();
    await after(5, 'GRAPH_ORPHAN');
    const warnings = scene.logged.filter((line) => line.startsWith('Cannot read the apps'));
    assert.equal(warnings.length, 1);
  });

  it('W03: shows its findings in its status document', async () => {
    const node = await scene.robot.node({ name: 'slam' });
    await node.subscribe({ topic: '/scan', type: STRING, onSample: IGNORE });
    await node.publisher('/scam', STRING);
    await scene.startWatchdog({ ...QUICK, detectors: { ...QUICK.detectors, orphan: { mode: 'advisory', grace: 0 } } });
    assert.equal(await after(4, 'GRAPH_ORPHAN'), undefined, 'advice is not reported');
    const { entities, detectors, tick, ...rest } = await scene.status();
    assert.deepEqual(rest, { schema_version: '1.0.0', warmup_cycles: 1, global_state: 'armed' });
    assert.equal(tick, 4);
    assert.deepEqual(entities, [{ id: 'slam', first_seen_tick: 1, armed: true, state: 'armed', lifecycle: null }]);
    assert.deepEqual(
      Object.entries(detectors).map(([id, { mode, findings }]) => [id, mode, findings.length]),
      [
        ['qos_mismatch', 'raise', 0],
        ['orphan', 'advisory', 1],
        ['param_drift', 'raise', 0],
        ['lifecycle_expectation', 'raise', 0],
        ['node_disappeared', 'raise', 0],
        ['tf_stale', 'raise', 0],
        ['rate_drop', 'raise', 0],
        ['latency_budget', 'raise', 0],
      ],
    );
    assert.equal(detectors['orphan']?.findings[0]?.raised, false);
  });

  it('W03: raises no fault of a managed node that is not active, even after its warm-up', async () => {
    const slam = await scene.robot.node({ name: 'slam' });
    const lifecycle = await manage(slam);
    await slam.subscribe({ topic: '/scan', type: STRING, qos: { reliability: 'reliable' }, onSample: IGNORE });
    await (await scene.robot.node({ name: 'lidar' })).publisher('/scan', STRING, BEST_EFFORT);
    await scene.startWatchdog(QUICK);
    assert.equal(await after(6, 'GRAPH_QOS_MISMATCH'), undefined);
    const { entities } = await scene.status();
    assert.deepEqual(
      entities.find(({ id }) => id === 'slam'),
      { id: 'slam', first_seen_tick: 1, armed: true, state: 'inactive', lifecycle: 'unconfigured' },
    );
    for (const transition of ['configure', 'activate'] as const) await lifecycle.change(transition);
    assert.match((await after(3, 'GRAPH_QOS_MISMATCH')) ?? '', /^FAILED/);
  });

  it('raises a required node that is not active, until it is', async () => {
    const slam = await scene.robot.node({ name: 'slam' });
    const lifecycle = await manage(slam);
    await scene.startWatchdog(withOptions('lifecycle_expectation', { grace: 2, require_active: ['slam'] }));
    assert.equal(await after(8, 'GRAPH_NODE_INACTIVE'), 'FAILED: /slam is unconfigured');
    for (const transition of ['configure', 'activate'] as const) await lifecycle.change(transition);
    assert.equal(await after(3, 'GRAPH_NODE_INACTIVE'), 'PASSED');
  });

  it('does not take a node for an app of another gateway with the same name', async () => {
    await scene.close();
    scene = await watchedRobot({ others: [app('b__slam', { node: '/slam', origin: 'b' })] });
    await scene.robot.node({ name: 'slam' });
    await scene.startWatchdog(withOptions('lifecycle_expectation', { require_active: ['b__slam'] }));
    await after(8, 'GRAPH_NODE_INACTIVE');
    assert.deepEqual(scene.logged, ['require_active: no node has the name b__slam']);
  });

  it('raises a node that crashed, not one that shut down in order, until it is back', async () => {
    const crashing = await scene.join();
    await crashing.node({ name: 'lidar' });
    const stopping = await scene.join();
    await stopping.node({ name: 'camera' });
    await scene.robot.node({ name: 'slam' });
    await scene.startWatchdog(QUICK);
    await after(5, 'GRAPH_NODE_DISAPPEARED');
    await stopping.close();
    crashing.vanish();
    assert.equal(await after(30, 'GRAPH_NODE_DISAPPEARED'), 'FAILED: /lidar disappeared without unregistering');
    await scene.robot.node({ name: 'lidar' });
    assert.equal(await after(3, 'GRAPH_NODE_DISAPPEARED'), 'PASSED');
  });

  it('no longer reports a crashed node once a client has cleared the fault', async () => {
    const crashing = await scene.join();
    await crashing.node({ name: 'lidar' });
    await scene.robot.node({ name: 'slam' });
    await scene.startWatchdog(QUICK);
    await after(5, 'GRAPH_NODE_DISAPPEARED');
    crashing.vanish();
    assert.match((await after(30, 'GRAPH_NODE_DISAPPEARED')) ?? '', /^FAILED/);
    const fault = { code: 'GRAPH_NODE_DISAPPEARED', status: 'CLEARED' } as const;
    scene.emitFault({ type: 'fault_cleared', fault } as Parameters<typeof scene.emitFault>[0]);
    assert.equal((await after(3, 'GRAPH_NODE_DISAPPEARED'))?.slice(0, 6), undefined, 'it is put away: nothing to heal');
    assert.deepEqual((await scene.status()).detectors['node_disappeared']?.findings, []);
  });

  it('no longer reports frames of a silent process once a client has cleared the fault', async () => {
    const crashing = await scene.join();
    const tf = await (await crashing.node({ name: 'base' })).publisher('/tf', 'tf2_msgs/msg/TFMessage');
    await scene.robot.node({ name: 'slam' });
    await scene.startWatchdog(QUICK);
    const transforms = [{ header: { frame_id: 'odom' }, child_frame_id: 'base_link' }];
    const timer = scene.clock.every(100, () => void tf.publish({ transforms }));
    await after(5, 'GRAPH_TF_STALE');
    timer.cancel();
    crashing.vanish();
    assert.match((await after(30, 'GRAPH_TF_STALE')) ?? '', /^FAILED: .* when its process disappeared/);
    const fault = { code: 'GRAPH_TF_STALE', status: 'CLEARED' } as const;
    scene.emitFault({ type: 'fault_cleared', fault } as Parameters<typeof scene.emitFault>[0]);
    assert.equal(await after(3, 'GRAPH_TF_STALE'), undefined);
  });

  it('raises a parameter that changed since the node came up, until it is restored', async () => {
    const slam = await scene.robot.node({ name: 'slam' });
    const parameters = await serveRate(slam);
    await scene.startWatchdog(QUICK);
    assert.equal(await after(4, 'GRAPH_PARAM_DRIFT'), 'PASSED');
    await parameters.set([{ name: 'rate', value: { type: 'double', value: 20 } }]);
    assert.equal(await after(2, 'GRAPH_PARAM_DRIFT'), 'FAILED: /slam rate is 20, it was 10');
    await parameters.set([{ name: 'rate', value: { type: 'double', value: 10 } }]);
    assert.equal(await after(2, 'GRAPH_PARAM_DRIFT'), 'PASSED');
  });

  it('raises a parameter that differs from its pin', async () => {
    await serveRate(await scene.robot.node({ name: 'slam' }));
    await scene.startWatchdog(withOptions('param_drift', { baseline: false, expect: { slam: { rate: '5' } } }));
    assert.equal(await after(5, 'GRAPH_PARAM_DRIFT'), 'FAILED: /slam rate is 10 but must be 5');
  });

  it('raises a frame that stopped, and a topic that is too slow', async () => {
    const node = await scene.robot.node({ name: 'base' });
    const tf = await node.publisher('/tf', 'tf2_msgs/msg/TFMessage');
    const scan = await node.publisher('/scan', STRING);
    const transforms = [{ header: { frame_id: 'odom' }, child_frame_id: 'base_link' }];
    const timers = [
      scene.clock.every(100, () => void tf.publish({ transforms })),
      scene.clock.every(100, () => void scan.publish({ data: 'x' })),
    ];
    await scene.startWatchdog(withOptions('rate_drop', { topics: { '/scan': '10' } }));
    assert.equal(await after(8, 'GRAPH_TF_STALE'), 'PASSED');
    assert.equal(await after(1, 'GRAPH_RATE_DROP'), 'PASSED');
    for (const timer of timers) timer.cancel();
    assert.equal(
      await after(6, 'GRAPH_TF_STALE'),
      'FAILED: frame base_link, which /base published, stopped (child of odom)',
    );
    assert.match((await after(1, 'GRAPH_RATE_DROP')) ?? '', /FAILED: \/scan of \/base arrives at .* instead of 10 Hz/);
  });

  it('asks for the tree until it is available', async () => {
    await scene.close();
    scene = await watchedRobot({ tellsOfChanges: false });
    await scene.startWatchdog(QUICK);
    await scene.robot.node({ name: 'slam' });
    await scene.clock.advanceAsync(3000, 10);
    assert.deepEqual(
      (await scene.status()).entities.map(({ id }) => id),
      ['slam'],
    );
  });

  it('leaves nothing behind when it is stopped', async () => {
    const slam = await scene.robot.node({ name: 'slam' });
    await serveRate(slam);
    await manage(slam);
    await scene.clock.advanceAsync(500);
    const before = (await scene.robot.graph()).endpoints.length;
    const parts = await scene.startWatchdog(withOptions('lifecycle_expectation', { require_active: ['slam'] }));
    await scene.clock.advanceAsync(8000, 10);
    assert.ok((await scene.robot.graph()).endpoints.length > before);
    await parts.stop?.();
    await scene.clock.advanceAsync(1000, 10);
    assert.equal((await scene.robot.graph()).endpoints.length, before);
    assert.equal(await after(5, 'GRAPH_NODE_INACTIVE'), undefined);
  });

  it('reports invalid options, and starts nevertheless', async () => {
    const parts = await scene.startWatchdog({ warmup_cycles: 'soon' });
    const line = 'warmup_cycles must be a number from 0 to 3600; 5 is used';
    assert.deepEqual(scene.logged, [line]);
    assert.deepEqual((await parts.health?.())?.warnings, [{ code: 'watchdog_option', message: `Option ${line}` }]);
    const contribution = await parts.contribution?.();
    assert.deepEqual(
      contribution?.entities?.apps?.map(({ id, external }) => [id, external]),
      [['graph_watchdog', true]],
    );
  });
});
