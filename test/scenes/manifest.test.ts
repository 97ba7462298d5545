import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';
import { Sandbox } from './medkit-process.ts';

const APPS = ['lidar_driver', 'battery_monitor', 'bt_navigator', 'nav2_planner', 'camera_driver'];

test('a manifest drafted from a robot passes its check, and a hybrid gateway links every app that is a node', async () => {
  await using scene = await DemoScene.open();
  await scene.waitForApps(APPS);
  const { code, output } = await scene.sandbox.run(['manifest', 'draft', '--url', scene.url]);
  assert.equal(code, 0);
  const file = join(scene.sandbox.folder, 'robot.yaml');
  writeFileSync(file, output);

  const check = await scene.sandbox.run(['manifest', 'check', file, '--json']);
  assert.equal(check.code, 0, check.output);
  const { findings, counts } = JSON.parse(check.output);
  assert.deepEqual(findings, []);
  assert.ok(counts.apps >= 14, check.output);
  // The watchdog is part of the gateway: there is no node to link it with.
  assert.deepEqual(output.match(/^ {4}external: true$/gm)?.length, 1, output);

  const settings = ['discovery.mode=hybrid', `discovery.manifest_path=${file}`].flatMap((set) => ['--set', set]);
  const args = ['up', '--port', '0', '--domain', String(scene.domain), ...settings];
  const second = scene.sandbox.start(args, { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' });
  const url = await second.printed(/^ +Page +(\S+)\/$/m);
  const linked = async () => {
    const health = await (await fetch(`${url}/api/v1/health`)).json();
    return (health as { discovery: { linking: { linked_count: number } } }).discovery.linking.linked_count;
  };
  await eventually('every app that is a node is linked', async () => (await linked()) === counts.apps - 1);
});

test('a manifest with faults is refused by its check, with rule, file and line', async () => {
  await using sandbox = new Sandbox();
  const file = join(sandbox.folder, 'robot.yaml');
  writeFileSync(file, 'manifest_version: "1.0"\napps:\n  - id: lidar\n    is_located_on: nowhere\n');
  const { code, output } = await sandbox.run(['manifest', 'check', file]);
  assert.equal(code, 1);
  assert.match(output, /^\[R007\] ERROR: lidar: there is no component "nowhere" \(at .*robot\.yaml:4\)$/m);
});
