import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PARAMETER_SERVICES, type ParameterValue, type RosMessage } from '@medkit/ros2';
import { last, logLines, openRobot } from '../testing/open-robot.ts';
import type { RecordingAdapter } from '../testing/recording-adapter.ts';

const LIDAR = '/perception/lidar_driver';
const BATTERY = '/power/battery_monitor';
const CONTROLLER = '/navigation/controller_server';
const CAMERA = '/perception/camera_driver';
const MAP_SERVER = '/navigation/map_server';
const MANAGER = '/lifecycle_manager_navigation';

const FIELDS: Partial<Record<ParameterValue['type'], readonly [number: number, field: string]>> = {
  bool: [1, 'bool_value'],
  int: [2, 'integer_value'],
  double: [3, 'double_value'],
  string: [4, 'string_value'],
  bool_array: [6, 'bool_array_value'],
  int_array: [7, 'integer_array_value'],
  double_array: [8, 'double_array_value'],
  string_array: [9, 'string_array_value'],
};

function parameterMessage(name: string, type: ParameterValue['type'], value: unknown): RosMessage {
  const [number, field] = FIELDS[type] ?? assert.fail(type);
  return { name, value: { type: number, [field]: value } as RosMessage };
}

/** Sets parameters of a node atomically and returns the result. */
async function set(adapter: RecordingAdapter, node: string, ...parameters: readonly RosMessage[]) {
  const { result } = await adapter.call(`${node}/set_parameters_atomically`, { parameters });
  return result as unknown as { readonly successful: boolean; readonly reason: string };
}

async function refusal(adapter: RecordingAdapter, node: string, ...parameters: readonly RosMessage[]): Promise<string> {
  const { successful, reason } = await set(adapter, node, ...parameters);
  assert.equal(successful, false);
  return reason;
}

const diagnosisOf = (adapter: RecordingAdapter, node: string) =>
  last(
    adapter
      .on('/diagnostics')
      .flatMap(({ status }) => status as RosMessage[])
      .filter(({ name }) => String(name).startsWith(`${node}:`)),
  );

test('every node has the parameter services and use_sim_time, which cannot be true without a /clock', async () => {
  const { adapter } = await openRobot();
  for (const node of adapter.nodes) {
    for (const service of Object.keys(PARAMETER_SERVICES)) assert.ok(adapter.services.has(`${node}/${service}`));
    assert.match(await refusal(adapter, node, parameterMessage('use_sim_time', 'bool', true)), /\/clock/);
  }
});

test('the scan rate, its range and its echoes follow the parameters', async () => {
  const { adapter, run } = await openRobot();
  run(1);
  const rate = parameterMessage('scan_rate_hz', 'double', 2);
  assert.ok((await set(adapter, LIDAR, rate, parameterMessage('range_max_m', 'double', 3))).successful);
  assert.ok((await set(adapter, LIDAR, parameterMessage('intensities', 'bool', false))).successful);
  run(1);
  const before = adapter.on('/scan').length;
  run(5);
  assert.equal(adapter.on('/scan').length - before, 10);
  const scan = last(adapter.on('/scan'));
  assert.deepEqual([scan.scan_time, scan.range_max, (scan.intensities as Float32Array).length], [0.5, 3, 0]);
  assert.ok([...(scan.ranges as Float32Array)].every((range) => range <= 3.1 || range === Number.POSITIVE_INFINITY));
  assert.match(await refusal(adapter, LIDAR, parameterMessage('scan_rate_hz', 'double', 50)), /from 1 to 20/);
  assert.match(await refusal(adapter, LIDAR, parameterMessage('frame_id', 'string', 'other')), /read-only/);
});

test('a disabled lidar publishes no scans and reports that, and its self test still measures', async () => {
  const { adapter, run } = await openRobot();
  run(1);
  assert.deepEqual(await adapter.call(`${LIDAR}/set_enabled`, { data: false }), {
    success: true,
    message: 'Scanning is switched off',
  });
  const before = adapter.on('/scan').length;
  run(3);
  assert.equal(adapter.on('/scan').length, before);
  assert.equal(diagnosisOf(adapter, 'lidar_driver').level, 1);
  const { success, message } = await adapter.call(`${LIDAR}/self_test`);
  assert.equal(success, true);
  assert.match(String(message), /^\d+ of 360 rays have an echo, the nearest at \d\.\d\d m$/);
  await adapter.call(`${LIDAR}/set_enabled`, { data: true });
  run(3);
  assert.ok(adapter.on('/scan').length > before);
  assert.equal(diagnosisOf(adapter, 'lidar_driver').level, 0);
});

test('a higher minimum voltage stops the robot, and unreported cells have no voltage', async () => {
  const { adapter, run, robot } = await openRobot();
  run(10);
  assert.ok((await set(adapter, BATTERY, parameterMessage('low_voltage_v', 'double', 25.5))).successful);
  run(2);
  assert.equal(robot.state.phase, 'stopped');
  assert.equal(diagnosisOf(adapter, 'battery_monitor').level, 2);
  assert.ok(logLines(adapter).includes('power.battery_monitor: Battery voltage fell below 25.5 V'));
  const cells = [true, true, true, false, true, true, true];
  assert.ok((await set(adapter, BATTERY, parameterMessage('reported_cells', 'bool_array', cells))).successful);
  run(2);
  const voltages = last(adapter.on('/battery_state')).cell_voltage as Float32Array;
  assert.deepEqual([...voltages].map(Number.isFinite), cells);
  assert.match(await refusal(adapter, BATTERY, parameterMessage('reported_cells', 'bool_array', [true])), /7 values/);
});

test('the statistics of the battery contain what was measured, and can be reset', async () => {
  const { adapter, run } = await openRobot();
  run(20);
  const reset = async () => String((await adapter.call(`${BATTERY}/reset_statistics`)).message);
  const [, used] = /minimum voltage \d+\.\d+ V, (\d+\.\d) Wh/.exec(await reset()) ?? assert.fail();
  assert.ok(Number(used) > 0);
  assert.match(await reset(), / V, 0\.0 Wh/);
});

test('the speed is limited by the parameter and by /speed_limit, and cannot be changed while it is blocked', async () => {
  const { adapter, run, robot } = await openRobot();
  const speed = (mps: number) => parameterMessage('max_speed_mps', 'double', mps);
  run(10);
  assert.ok((await set(adapter, CONTROLLER, speed(0.3))).successful);
  adapter.deliver('/speed_limit', { data: 0.6 });
  run(3);
  assert.ok(Math.abs(robot.state.velocity.linearMps - 0.3) < 1e-9, `${robot.state.velocity.linearMps}`);
  adapter.deliver('/speed_limit', { data: 0.2 });
  run(3);
  assert.ok(Math.abs(robot.state.velocity.linearMps - 0.2) < 1e-9);
  run(2, { obstacle: true });
  const patience = parameterMessage('progress_checker.movement_time_allowance', 'double', 30);
  assert.match(await refusal(adapter, CONTROLLER, patience, speed(0.5)), /an obstacle blocks the path/);
  assert.equal(robot.conditions.patienceSec, 5, 'nothing of a refused request is taken');
  assert.ok((await set(adapter, CONTROLLER, patience)).successful);
  run(20);
  assert.ok(!logLines(adapter).some((line) => line.includes('Goal failed')));
});

test('dependent parameters can be set together only if they are consistent', async () => {
  const { adapter } = await openRobot();
  const [least, most] = ['min_particles', 'max_particles'].map(
    (name) => (value: bigint) => parameterMessage(name, 'int', value),
  );
  assert.match(await refusal(adapter, '/navigation/amcl', least(3000n)), /must not be above/);
  assert.ok((await set(adapter, '/navigation/amcl', least(3000n), most(4000n))).successful);
  assert.match(await refusal(adapter, '/navigation/amcl', most(150n)), /steps of 100/);
  const variances = (...values: number[]) => parameterMessage('pose_covariance_diagonal', 'double_array', values);
  assert.match(await refusal(adapter, '/drive/wheel_odometry', variances(1, 2)), /three variances/);
  assert.match(await refusal(adapter, '/drive/wheel_odometry', variances(1, 2, -3)), /negative/);
  const plugins = (...names: string[]) => parameterMessage('planner_plugins', 'string_array', names);
  assert.match(await refusal(adapter, '/nav2_planner', plugins('GridBased', 'Magic')), /unknown planner Magic/);
  assert.match(await refusal(adapter, CAMERA, parameterMessage('roi', 'int_array', [0n, 0n, 641n, 1n])), /640 x 480/);
});

test('global localization makes the pose uncertain for a while', async () => {
  const { adapter, run } = await openRobot();
  const variance = () => (last(adapter.on('/amcl_pose')).pose as { readonly covariance: Float64Array }).covariance[0];
  run(2);
  const before = variance();
  assert.deepEqual(await adapter.call('/navigation/amcl/global_localization'), {});
  run(1);
  assert.ok(variance() > 50 * before);
  run(12);
  assert.equal(variance(), before);
});

test('the lifecycle manager starts the map server, whose map changes when it is configured again', async () => {
  const { adapter, live } = await openRobot();
  await live(1);
  const widthOf = async () => {
    const { map } = await adapter.call(`${MAP_SERVER}/map`);
    return (map as { readonly info?: { readonly width: number } }).info?.width;
  };
  const manage = async (command: number) => (await adapter.call(`${MANAGER}/manage_nodes`, { command })).success;
  assert.equal(await widthOf(), 200);
  assert.equal((await adapter.call(`${MANAGER}/is_active`)).success, true);
  assert.ok((await set(adapter, MAP_SERVER, parameterMessage('resolution', 'double', 0.2))).successful);
  const [startup, resume, reset] = [0, 2, 3];
  assert.equal(await manage(reset), true);
  assert.deepEqual([await widthOf(), (await adapter.call(`${MANAGER}/is_active`)).success], [undefined, false]);
  assert.equal(await manage(resume), false, 'it is not configured');
  assert.equal(await manage(startup), true);
  assert.equal(await widthOf(), 100);
  assert.equal(adapter.on('/map').length, 2);
  assert.equal(await manage(99), false);
});

test('the camera sends images only while it is active', async () => {
  const { adapter, run } = await openRobot();
  const change = async (label: string) =>
    (await adapter.call(`${CAMERA}/change_state`, { transition: { id: 0, label } })).success;
  const images = () => adapter.on('/camera/image_raw').length;
  run(1);
  assert.equal(images(), 5);
  assert.equal(await change('deactivate'), true);
  run(2);
  assert.equal(images(), 5);
  assert.deepEqual(
    [diagnosisOf(adapter, 'camera_driver').level, diagnosisOf(adapter, 'camera_driver').message],
    [1, 'No images: the driver is inactive'],
  );
  assert.ok((await set(adapter, CAMERA, parameterMessage('frame_rate_hz', 'double', 10))).successful);
  assert.equal(await change('activate'), true);
  run(2);
  assert.ok(images() >= 20);
});

test('a node that hangs publishes and answers nothing until it continues', async () => {
  const { adapter, nodes, run } = await openRobot();
  const [node] = nodes.filter(({ fqn }) => fqn.endsWith('robot_state_publisher'));
  const frames = () =>
    adapter.publishers.find(({ node: name, topic }) => name === node.fqn && topic === '/tf')?.messages.length ?? 0;
  run(2);
  assert.ok(frames() >= 19, `${frames()} messages on /tf`);
  node.hang(true);
  const before = frames();
  run(2);
  assert.equal(frames(), before);
  let answered = false;
  const call = adapter.call(`${node.fqn}/list_parameters`, { prefixes: [], depth: 0n }).then(() => {
    answered = true;
  });
  await new Promise(setImmediate);
  assert.deepEqual([node.hangs, answered], [true, false]);
  node.hang(false);
  await call;
  assert.equal(node.hangs, false);
  run(1);
  assert.ok(frames() > before);
});
