import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';

/** Time to drive from one end of the hall to the other. */
const DRIVE_MS = 90_000;
const NAVIGATE = '/apps/bt_navigator/operations/navigate_to_pose/executions';

const goalAt = (x: number, y: number) => ({
  parameters: { pose: { header: { frame_id: 'map' }, pose: { position: { x, y } } } },
});

/** Waits until an app offers an operation, which shows that its services are discovered. */
const untilOffered = (scene: DemoScene, app: string, operation: string) =>
  eventually(`${operation} of ${app}`, async () => {
    const { status, body } = await scene.get(`/apps/${app}/operations`);
    return status === 200 && body.items.some(({ id }: { id: string }) => id === operation);
  });

async function call(scene: DemoScene, app: string, operation: string, parameters?: unknown) {
  const path = `/apps/${app}/operations/${operation}/executions`;
  const { status, body } = await scene.request('POST', path, parameters && { parameters });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.status, 'completed');
  return body.parameters;
}

async function sendGoal(scene: DemoScene, x: number, y: number): Promise<string> {
  const { status, body } = await scene.request('POST', NAVIGATE, goalAt(x, y));
  assert.equal(status, 202, JSON.stringify(body));
  return body.id;
}

const execution = async (scene: DemoScene, id: string) => (await scene.get(`${NAVIGATE}/${id}`)).body;

/** Returns the position of the robot by its odometry. */
const position = async (scene: DemoScene) => (await scene.read('wheel_odometry', 'odom')).pose.pose.position;

let scene: DemoScene;
before(async () => {
  scene = await DemoScene.open();
});
after(() => scene[Symbol.asyncDispose]());

test('the robot is sent to a place, reports its progress and arrives', async () => {
  await untilOffered(scene, 'bt_navigator', 'navigate_to_pose');
  const rejected = await scene.request('POST', NAVIGATE, goalAt(10, 3));
  assert.deepEqual([rejected.status, rejected.body.vendor_code], [400, 'x-medkit-ros2-action-rejected']);

  const id = await sendGoal(scene, 4, 1.5);
  const running = await eventually('feedback', async () => {
    const now = await execution(scene, id);
    return now.last_feedback !== undefined && now;
  });
  assert.equal(running.status, 'running');
  assert.equal(typeof running.last_feedback.distance_remaining, 'number');
  const ended = await eventually(
    'the robot arrives',
    async () => {
      const now = await execution(scene, id);
      return now.status !== 'running' && now;
    },
    DRIVE_MS,
  );
  assert.deepEqual([ended.status, ended['x-medkit'].ros2_status], ['completed', 'succeeded']);
  const { x, y } = await position(scene);
  assert.ok(Math.hypot(x - 4, y - 1.5) < 0.3, `${x}, ${y}`);
});

test('services are listed and called', async () => {
  for (const [app, operation] of [
    ['lidar_driver', 'set_enabled'],
    ['lidar_driver', 'self_test'],
    ['battery_monitor', 'reset_statistics'],
    ['amcl', 'global_localization'],
    ['map_server', 'map'],
  ]) {
    await untilOffered(scene, app, operation);
  }
  assert.match((await call(scene, 'lidar_driver', 'self_test')).message, /of 360 rays have an echo/);
  assert.equal((await call(scene, 'battery_monitor', 'reset_statistics')).success, true);
  assert.deepEqual(await call(scene, 'amcl', 'global_localization'), {});

  assert.equal((await call(scene, 'lidar_driver', 'set_enabled', { data: false })).success, true);
  const lidarState = async () =>
    (await scene.read('diagnostic_aggregator', 'diagnostics_agg')).status.find(({ name }: { name: string }) =>
      name.includes('lidar_driver'),
    );
  await eventually('the lidar is seen to be off', async () => (await lidarState())?.level === 1);
  await call(scene, 'lidar_driver', 'set_enabled', { data: true });
  await eventually('the lidar is well again', async () => (await lidarState())?.level === 0);

  const { map } = await eventually('the map', async () => {
    const answer = await call(scene, 'map_server', 'map');
    return answer.map.info.width === 200 && answer;
  });
  assert.equal(map.data.length, 200 * 120);
});

test('a goal is cancelled, a newer one replaces another, and the round continues', async () => {
  await untilOffered(scene, 'bt_navigator', 'navigate_to_pose');
  const first = await sendGoal(scene, 17.8, 10.7);
  const second = await sendGoal(scene, 17.8, 7.5);
  await eventually('the first one is aborted', async () => {
    const { status, 'x-medkit': medkit } = await execution(scene, first);
    return status === 'failed' && medkit.ros2_status === 'aborted';
  });
  assert.equal((await scene.request('DELETE', `${NAVIGATE}/${second}`)).status, 204);
  await eventually('the second one is cancelled', async () => {
    const { 'x-medkit': medkit } = await execution(scene, second);
    return medkit.ros2_status === 'canceled';
  });
  await eventually('a goal of the round', async () => {
    const { items } = (await scene.get(NAVIGATE)).body;
    const newest = items[0]?.id ?? '';
    return /^0{16}/.test(newest) && (await execution(scene, newest)).status === 'running';
  });
});

test('parameters are read, set, refused and reset', async () => {
  await untilOffered(scene, 'lidar_driver', 'self_test');
  const rate = '/apps/lidar_driver/configurations/scan_rate_hz';
  const read = async () => (await scene.get(rate)).body;
  assert.deepEqual((await read())['x-medkit'].parameter.range, { from: 1, to: 20 });

  const set = await scene.request('PUT', rate, { data: 5 });
  assert.equal(set.status, 200, JSON.stringify(set.body));
  await eventually('the scans come at 5 Hz', async () => {
    const { scan_time } = await scene.read('lidar_driver', 'scan');
    return Math.abs(scan_time - 0.2) < 1e-6;
  });
  const outside = await scene.request('PUT', rate, { data: 50 });
  assert.equal(outside.status, 400);
  assert.match(outside.body.message, /from 1 to 20/);
  const fixed = await scene.request('PUT', '/apps/lidar_driver/configurations/frame_id', { data: 'other' });
  assert.deepEqual([fixed.status, fixed.body.vendor_code], [403, 'x-medkit-ros2-parameter-read-only']);
  assert.equal((await scene.request('DELETE', rate)).status, 204);
  assert.equal((await read()).data, 10);

  await scene.untilDriving();
  assert.equal((await scene.command('inject', 'obstacle')).code, 0);
  await eventually('the robot stands', async () => (await scene.read('controller_server', 'cmd_vel')).linear.x === 0);
  const speed = '/apps/controller_server/configurations/max_speed_mps';
  const refused = await scene.request('PUT', speed, { data: 0.5 });
  assert.equal(refused.status, 400);
  assert.match(refused.body.message, /an obstacle blocks the path/);
  assert.match((await scene.command('clear', 'obstacle')).output, /No failure scenario is active/);
  await scene.untilDriving();
});

test('the camera is shut down and started, its images stop and resume, and its log reports it', async () => {
  const status = async (app: string) => (await scene.get(`/apps/${app}/status`)).body;
  await eventually('the camera is ready', async () => (await status('camera_driver')).status === 'ready');
  await eventually(
    'a managed map server',
    async () => (await status('map_server'))['x-medkit']?.warnings?.length === 1,
  );
  const stampOf = async () => {
    const { sec, nanosec } = (await scene.read('camera_driver', 'camera%2Fcamera_info')).header.stamp;
    return `${sec}.${nanosec}`;
  };
  const images = async () => {
    const before = await stampOf();
    return eventually('another image', async () => (await stampOf()) !== before, 2000).then(
      () => true,
      () => false,
    );
  };
  await eventually('images', images);

  const control = async (action: string, wanted: string) => {
    assert.equal((await scene.request('PUT', `/apps/camera_driver/status/${action}`)).status, 202);
    await eventually(`${action} ends`, async () => {
      const now = await status('camera_driver');
      return now.status === wanted && now['x-medkit'].last_transition?.outcome === 'succeeded';
    });
  };
  await control('shutdown', 'notReady');
  assert.equal(await images(), false);
  await control('start', 'ready');
  await eventually('images again', images);
  await control('restart', 'ready');
  await eventually('images again', images);

  const { items } = (await scene.get('/apps/camera_driver/logs')).body;
  const messages = items.map(({ message }: { message: string }) => message);
  assert.ok(messages.includes('No longer streaming'), messages.join('; '));
});

test('a node that hangs answers 503, and all others answer as before', async () => {
  await untilOffered(scene, 'lidar_driver', 'self_test');
  const description = '/apps/robot_state_publisher/configurations/robot_description';
  await eventually('its parameters', async () => (await scene.get(description)).status === 200);
  assert.equal((await scene.command('inject', 'mute-node')).code, 0);
  let isAnswered = false;
  const mute = scene.get(description).finally(() => {
    isAnswered = true;
  });
  assert.equal((await scene.get('/apps/lidar_driver/configurations/scan_rate_hz')).status, 200);
  assert.equal(isAnswered, false, 'the others did not wait for it');
  assert.equal((await mute).status, 503);
  assert.match((await scene.command('clear', 'mute-node')).output, /No failure scenario is active/);
  await eventually('its parameters again', async () => (await scene.get(description)).status === 200, 30_000);
});
