import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';

const PLUGIN = 'plugins.graph-provider';
const ARGS = [
  '--set',
  'plugins=graph-provider',
  '--set',
  `${PLUGIN}.function_overrides.protection.expected_frequency_hz=10`,
  '--set',
  `${PLUGIN}.freshness_floor_sec=1`,
  '--set',
  `${PLUGIN}.stale_grace_sec=0.5`,
];
const GRAPH = '/functions/protection/x-medkit-graph';
const SCAN_TO_MONITOR = 'edge:lidar_driver:/scan:collision_monitor';

const graphOf = async (scene: DemoScene, query = '') => {
  const { status, body } = await scene.get(`${GRAPH}${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body['x-medkit-graph'];
};

test('the pipeline of a function is measured, and broken when its scanner falls silent', async () => {
  await using scene = await DemoScene.open(ARGS);
  await scene.waitForApps(['lidar_driver', 'collision_monitor']);
  // On a busy machine messages may wait for the gateway: they are then stale, not lost.
  const { metrics_status, source, publisher_count } = await eventually('the figures of /scan', async () => {
    const { edges } = await graphOf(scene, '?wait_ms=3000');
    const metrics = edges.find((edge: { edge_id: string }) => edge.edge_id === SCAN_TO_MONITOR)?.metrics;
    const { frequency_hz, latency_ms, data_age_ms, drop_rate_percent } = metrics;
    const inTime = latency_ms >= 0 && latency_ms < 50 && data_age_ms >= latency_ms - 1 && data_age_ms < 100;
    if (frequency_hz > 7 && frequency_hz < 13 && inTime && drop_rate_percent < 5) return metrics;
    throw new Error(JSON.stringify(metrics));
  });
  assert.deepEqual([metrics_status, source, publisher_count], ['active', '/medkit_pipeline_graph', 1]);

  const dot = await fetch(`${scene.url}/api/v1${GRAPH}/dot`);
  assert.match(dot.headers.get('content-type') ?? '', /^text\/plain/);
  assert.match(await dot.text(), /"lidar_driver" -> "collision_monitor" \[label="\/scan\\n[\d.]+ Hz/);

  const { capabilities } = (await scene.get('/functions/protection')).body;
  assert.ok(capabilities.some(({ name }: { name: string }) => name === 'x-medkit-graph'));

  const { status } = await scene.request('POST', '/apps/lidar_driver/operations/set_enabled/executions', {
    parameters: { data: false },
  });
  assert.equal(status, 200);
  await eventually('the pipeline is broken', async () => {
    const { pipeline_status, edges } = await graphOf(scene);
    const scan = edges.find((edge: { edge_id: string }) => edge.edge_id === SCAN_TO_MONITOR);
    return pipeline_status === 'broken' && scan.metrics.error_reason === 'metrics_stale';
  });
});
