import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RosMessage } from '@medkit/ros2';
import { last, logLines, openRobot } from '../testing/open-robot.ts';
import { IMAGE_HEIGHT, IMAGE_WIDTH } from './camera-view.ts';

const nearest = (scan: RosMessage) => Math.min(...(scan.ranges as Float32Array));

test('every node in the documents exists, with its topics', async () => {
  const { adapter } = await openRobot();
  for (const name of ['lidar_driver', 'battery_monitor', 'bt_navigator', 'nav2_planner', 'controller_server']) {
    assert.ok(
      adapter.nodes.some((fqn) => fqn.endsWith(`/${name}`)),
      name,
    );
  }
  assert.equal(new Set(adapter.nodes.map((fqn) => fqn.split('/').at(-1))).size, adapter.nodes.length);
  const topics = new Set(adapter.publishers.map(({ topic }) => topic));
  for (const { topic, node } of adapter.subscriptions) {
    assert.ok(topics.has(topic) || topic === '/speed_limit', `${node} listens to ${topic}, which nobody publishes`);
  }
});

test('every periodic topic publishes within five seconds', async () => {
  const { adapter, run } = await openRobot();
  run(5);
  const silent = adapter.publishers
    .filter(({ messages }) => messages.length === 0)
    .map(({ node, topic }) => `${node} ${topic}`);
  assert.deepEqual(
    silent.filter((entry) => !entry.endsWith('/rosout')),
    ['/bt_navigator /navigate_to_pose/_action/feedback', '/bt_navigator /navigate_to_pose/_action/status'],
  );
});

test('the same seed gives the same scans, another seed others', async () => {
  const scansOf = async (seed: number) => {
    const { adapter, run } = await openRobot({ seed });
    run(5);
    return adapter.on('/scan').map(({ ranges }) => ranges);
  };
  assert.deepEqual(await scansOf(3), await scansOf(3));
  assert.notDeepEqual(await scansOf(3), await scansOf(4));
});

test('the planner warns when the robot leaves the dock, as in the article, and the robot continues', async () => {
  const { adapter, run, robot } = await openRobot();
  run(6);
  assert.ok(logLines(adapter).includes('nav2_planner: Planning failed: start pose outside global costmap bounds'));
  assert.ok(adapter.on('/rosout').some(({ name, level }) => name === 'nav2_planner' && level === 30));
  assert.equal(robot.state.phase, 'driving');
  assert.ok(last(adapter.on('/cmd_vel')).linear['x'] > 0 || last(adapter.on('/cmd_vel')).angular['z'] !== 0);
});

test('a person in the path appears in the scan, stops the robot and is an error in the diagnostics', async () => {
  const { adapter, run } = await openRobot();
  run(10);
  assert.ok(nearest(last(adapter.on('/scan'))) > 0.3);
  run(8, { obstacle: true });
  assert.ok(Math.abs(nearest(last(adapter.on('/scan'))) - 0.11) < 0.02);
  assert.deepEqual(last(adapter.on('/cmd_vel')).linear, { x: 0, y: 0, z: 0 });
  const lines = logLines(adapter);
  assert.ok(lines.some((line) => /navigation\.controller_server: Collision ahead in 0\.\d\d m/.test(line)));
  assert.ok(lines.includes('bt_navigator: Goal failed: NavigateToPose aborted'));
  const levels = (last(adapter.on('/diagnostics_agg')).status as RosMessage[]).map(({ name, level }) => [name, level]);
  assert.deepEqual(levels[0], ['/Robot', 2]);
  run(4, { obstacle: false });
  assert.ok(nearest(last(adapter.on('/scan'))) > 0.3);
  assert.equal((last(adapter.on('/diagnostics_agg')).status as RosMessage[])[0].level, 0);
});

test('a failing battery takes /voltage under 22 V', async () => {
  const { adapter, run } = await openRobot();
  run(5);
  assert.ok(last(adapter.on('/voltage')).data > 22);
  run(10, { failingBattery: true });
  assert.ok(last(adapter.on('/voltage')).data < 22);
  assert.ok(logLines(adapter).includes('power.battery_monitor: Battery voltage fell below 22 V'));
});

test('an external speed limit is obeyed, and an invalid one refused', async () => {
  const { adapter, run } = await openRobot();
  run(10);
  adapter.deliver('/speed_limit', { data: 0.2 });
  adapter.deliver('/speed_limit', { data: Number.NaN });
  adapter.deliver('/speed_limit', { data: -1 });
  run(5);
  const speeds = adapter.on('/cmd_vel').slice(-40);
  assert.ok(speeds.every(({ linear }) => Number((linear as RosMessage).x) <= 0.2));
  assert.equal(logLines(adapter).filter((line) => line.includes('refused')).length, 2);
});

test('the camera image is complete, and a person in the path is visible in it', async () => {
  const { adapter, run } = await openRobot();
  run(10);
  const before = last(adapter.on('/camera/image_raw')).data as Uint8Array;
  run(3, { obstacle: true });
  const after = last(adapter.on('/camera/image_raw')).data as Uint8Array;
  assert.equal(after.length, IMAGE_WIDTH * IMAGE_HEIGHT * 3);
  const orange = (pixels: Uint8Array) => {
    let found = 0;
    for (let at = 0; at < pixels.length; at += 3) if (pixels[at] > 150 && pixels[at + 2] < 40) found += 1;
    return found;
  };
  assert.equal(orange(before), 0);
  assert.ok(orange(after) > 50_000);
});

test('a closed node publishes nothing', async () => {
  const { adapter, run, nodes } = await openRobot();
  run(1);
  await Promise.all(nodes.map((node) => node.close()));
  const count = () => adapter.publishers.reduce((sum, { messages }) => sum + messages.length, 0);
  const before = count();
  run(3);
  assert.equal(count(), before);
  assert.deepEqual(adapter.nodes, []);
});
