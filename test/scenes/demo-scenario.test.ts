import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { DemoScene, LATE_FAULTS } from './demo-scene.ts';
import { shellBlocks, type Typed, type } from './typed-commands.ts';

/** The README's story takes less than a minute on an idle machine. */
const STORY_MS = 240_000;
/** Time from one end of the hall to the other: the next goal is reached by then. */
const DRIVE_MS = 90_000;

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** Returns the commands of a section of the README. */
function commandsOf(title: string): readonly Typed[] {
  const { text, line } = shellBlocks('README.md').find(({ section }) => section === title) ?? { text: '', line: 0 };
  return text.split('\n').flatMap((command, index) => (command === '' ? [] : [{ text: command, line: line + index }]));
}

/** Returns a freeze frame's values of a topic over the last seconds. */
function historyIn(fault: Json, field: string): readonly number[] {
  const { snapshots } = fault.environment_data;
  const { data } = snapshots.find(({ name }: Json) => name === 'history') ?? assert.fail('there is no history');
  return data[field].history.map(([, value]: readonly [number, number]) => value);
}

test('the walkthrough of the README runs as printed', { timeout: STORY_MS }, async () => {
  await using scene = await DemoScene.open([], { whole: true });
  const commands = commandsOf('One stop, three faults');
  await scene.waitForApps(['bt_navigator', 'collision_monitor', 'safety_gate']);
  await scene.untilDriving();
  const download = 'curl -o stop.mcap http://127.0.0.1:8080/api/v1/apps/safety_gate/bulk-data/rosbags/PROTECTIVE_STOP';
  const [injected, , faults] = await type(scene, commands.slice(0, 3));
  // Grouping follows the fault streams, which may be later than the lists of faults.
  const reported = JSON.parse(faults).items.filter(({ fault_code }: Json) => !LATE_FAULTS.test(fault_code));
  const isWhole = ({ root, fault_count }: Json): boolean => root === 'PROTECTIVE_STOP' && fault_count >= 3;
  await eventually('the incident has all three faults', async () =>
    (await scene.get('/x-medkit-incidents')).body.items.some(isWhole),
  );
  const [explanation, , cleared] = await type(scene, [
    commands[3],
    { text: download, line: 0 },
    commands[4],
  ] as readonly Typed[]);

  assert.match(injected, /^obstacle: /m);
  assert.deepEqual(
    reported.map((fault: Json) => [fault.fault_code, fault.severity, fault.reporting_sources]),
    [
      ['PROTECTIVE_STOP', 2, ['safety_gate']],
      ['ACTION_NAVIGATE_TO_POSE_ABORTED', 2, ['/bt_navigator']],
      ['NAVIGATION_GOAL_ABORTED', 2, ['/bt_navigator']],
    ],
  );
  const stop = reported.find((fault: Json) => fault.fault_code === 'PROTECTIVE_STOP');
  assert.equal(stop.fault_name, 'RTMaps fault PROTECTIVE_STOP');
  const [{ name, data }] = stop.environment_data.snapshots;
  assert.equal(name, 'RTMaps freeze-frame');
  assert.deepEqual([data.commanded_vx.value, data.stop_threshold_m.value], [0, 0.8]);
  assert.ok(Math.abs(data.min_range_m.value - 0.11) < 0.01, `somebody is at arm length: ${data.min_range_m.value}`);
  const ranges = data.min_range_m.history.map(([, range]: readonly [number, number]) => range);
  assert.ok(Math.max(...ranges) > 0.8 && ranges.at(-1) < 0.8, `the range falls through the threshold: ${ranges}`);
  const bag = readFileSync(join(scene.sandbox.folder, 'stop.mcap'));
  assert.ok(bag.subarray(1, 5).equals(Buffer.from('MCAP')) && bag.includes('/safety_gate/ports'));

  assert.match(explanation, /^root +PROTECTIVE_STOP on safety_gate/m);
  const symptoms = explanation.match(/Symptom of PROTECTIVE_STOP/g)?.length ?? 0;
  assert.ok(LATE_FAULTS.test(explanation) ? symptoms >= 2 : symptoms === 2, explanation);
  assert.match(cleared, /No failure scenario is active/);
  await eventually('all is healed', async () => (await scene.get('/faults')).body.items.length === 0, DRIVE_MS);
  const { body: healed } = await scene.get('/faults?status=healed');
  assert.ok(healed.items.some(({ fault_code }: Json) => fault_code === 'PROTECTIVE_STOP'));
});

test('the robot alone reports a stop as four faults, with their evidence', { timeout: STORY_MS }, async () => {
  await using scene = await DemoScene.open();
  await scene.waitForApps(['bt_navigator', 'lidar_driver', 'controller_server', 'collision_monitor']);
  await scene.untilDriving();
  const typed = (commands: readonly string[]) =>
    type(
      scene,
      commands.map((text, index) => ({ text, line: index + 1 })),
    );
  await typed(['npm run medkit -- demo inject obstacle']);
  await eventually('four faults, and the evidence of the last one', async () => {
    const { body } = await scene.get('/faults');
    const { environment_data } = (await scene.get('/apps/bt_navigator/faults/NAVIGATION_GOAL_ABORTED')).body;
    const logged: readonly Json[] = environment_data?.logs?.[0]?.items ?? [];
    return (
      body.items.length === 4 &&
      logged.some(({ logger_name }) => logger_name === '/navigation/controller_server') &&
      environment_data.snapshots.some(({ type: kind }: Json) => kind === 'rosbag')
    );
  });
  const [faults, detail, , cleared] = await typed([
    'curl http://127.0.0.1:8080/api/v1/faults',
    'curl http://127.0.0.1:8080/api/v1/apps/bt_navigator/faults/NAVIGATION_GOAL_ABORTED',
    'curl -o stop.mcap http://127.0.0.1:8080/api/v1/apps/bt_navigator/bulk-data/rosbags/NAVIGATION_GOAL_ABORTED',
    'npm run medkit -- demo clear obstacle',
  ]);

  assert.deepEqual(
    JSON.parse(faults).items.map((fault: Json) => [fault.fault_code, fault.status, fault.reporting_sources]),
    [
      ['ACTION_NAVIGATE_TO_POSE_ABORTED', 'CONFIRMED', ['/bt_navigator']],
      ['CONTROLLER_SERVER_PATH_FOLLOWING', 'CONFIRMED', ['/navigation/controller_server']],
      ['LIDAR_DRIVER_PROTECTIVE_FIELD', 'CONFIRMED', ['/perception/lidar_driver']],
      ['NAVIGATION_GOAL_ABORTED', 'CONFIRMED', ['/bt_navigator']],
    ],
  );
  assert.match(faults, /Action \/navigate_to_pose aborted: Failed to make progress \(error_code 105\)/);

  const { body: aborted } = await scene.get('/apps/bt_navigator/faults/ACTION_NAVIGATE_TO_POSE_ABORTED');
  const result = aborted.environment_data.snapshots.find(({ name }: Json) => name === 'navigate_to_pose');
  assert.deepEqual(result.data, { error_code: 105, error_msg: 'Failed to make progress' });

  const fault = JSON.parse(detail);
  const ranges = historyIn(fault, '/collision_monitor/min_range_m.data');
  assert.ok(Math.max(...ranges) > 0.8, `the range falls through the threshold: ${ranges}`);
  assert.ok(Math.abs((ranges.at(-1) ?? 0) - 0.11) < 0.01, `somebody is at arm length: ${ranges}`);
  const speeds = historyIn(fault, '/cmd_vel.linear.x');
  assert.equal(speeds.at(-1), 0);
  assert.ok(Math.max(...speeds) > 0.3, `the stop itself lies in the history: ${speeds}`);
  const [{ items: lines }] = fault.environment_data.logs;
  const logged = lines.map(({ logger_name, message }: Json) => `${logger_name}: ${message}`).join('\n');
  assert.match(logged, /\/bt_navigator: /);
  assert.match(logged, /^\/navigation\/controller_server: /m, 'a neighbour says why');
  const recording = fault.environment_data.snapshots.find(({ type }: Json) => type === 'rosbag');
  const bag = readFileSync(join(scene.sandbox.folder, 'stop.mcap'));
  assert.equal(bag.length, recording.size_bytes);
  assert.ok(bag.subarray(1, 5).equals(Buffer.from('MCAP')) && bag.includes('/collision_monitor/min_range_m'));

  assert.match(cleared, /No failure scenario is active/);
  await eventually('all is healed', async () => (await scene.get('/faults')).body.items.length === 0, DRIVE_MS);
  const { body: healed } = await scene.get('/faults?status=healed');
  assert.ok(healed.items.some(({ fault_code }: Json) => fault_code === 'NAVIGATION_GOAL_ABORTED'));
});
