import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';

const APPS = ['lidar_driver', 'battery_monitor', 'bt_navigator', 'nav2_planner', 'controller_server', 'camera_driver'];

/** Returns the shortest range of a scan through REST; readings out of range are not numbers there. */
async function nearestRange(scene: DemoScene): Promise<number> {
  const { ranges } = await scene.read('lidar_driver', 'scan');
  return Math.min(...ranges.filter((range: unknown) => typeof range === 'number'));
}

const voltage = async (scene: DemoScene): Promise<number> => (await scene.read('battery_monitor', 'voltage')).data;

describe('the demo robot, over REST', { timeout: 250_000 }, () => {
  let scene: DemoScene;

  before(async () => {
    scene = await DemoScene.open();
    await scene.waitForApps(APPS);
  });
  after(() => scene[Symbol.asyncDispose]());

  test('medkit demo shows every node with live data, and its functions', async () => {
    for (const app of APPS) {
      const { body } = await scene.get(`/apps/${app}/data`);
      assert.ok(body.items.length > 1, `${app} has ${body.items.length} data items`);
    }
    const scan = await scene.read('lidar_driver', 'scan');
    assert.equal(scan.ranges.length, 360);
    assert.equal(scan.header.frame_id, 'laser');
    assert.ok((await voltage(scene)) > 22);
    assert.equal((await scene.read('bt_navigator', 'current_goal')).header.frame_id, 'map');
    assert.ok((await scene.read('nav2_planner', 'plan')).poses.length > 0);
    assert.equal(typeof (await scene.read('controller_server', 'cmd_vel')).linear.x, 'number');
    assert.equal((await scene.read('map_server', 'map')).info.width, 200);
    const { body: functions } = await scene.get('/functions');
    const ids = functions.items.map(({ id }: { id: string }) => id);
    for (const id of ['perception', 'power', 'drive', 'navigation']) assert.ok(ids.includes(id), `${id} in ${ids}`);
  });

  test('the manifest of the demo gives areas, components, apps and functions, and every app is linked', async () => {
    const linked = async () => (await scene.get('/health')).body.discovery.linking;
    await eventually('every app is linked', async () => (await linked()).linked_count === 13);
    assert.deepEqual(await linked(), {
      linked_count: 13,
      orphan_count: 0,
      binding_conflicts: 0,
      unmanifested_policy: 'warn',
    });
    const idsOf = async (path: string) => (await scene.get(path)).body.items.map(({ id }: { id: string }) => id);
    assert.deepEqual(await idsOf('/areas'), ['autonomy', 'chassis', 'sensors']);
    const components = ['battery', 'camera', 'drive', 'lidar_driver', 'navigation', 'onboard_computer'];
    assert.deepEqual(await idsOf('/components'), components);
    // The way clients of ros2_medkit walk the tree: areas, their components, the apps of these.
    const walked = [];
    for (const area of await idsOf('/areas')) {
      for (const component of await idsOf(`/areas/${area}/components`)) {
        walked.push(...(await idsOf(`/components/${component}/hosts`)));
      }
    }
    assert.deepEqual(walked.sort(), [...(await idsOf('/apps'))].sort());
    assert.deepEqual(await idsOf('/functions/protection/hosts'), ['collision_monitor', 'lidar_driver']);
    for (const app of (await scene.get('/apps')).body.items) {
      if (app['x-medkit'].source === 'manifest') assert.equal(app['x-medkit'].is_online, true, app.id);
    }
  });

  test('every shipped plugin runs, and no warning is logged', async () => {
    const { warnings, 'x-medkit-plugins': plugins } = (await scene.get('/health')).body;
    assert.deepEqual(warnings, []);
    const running = plugins.plugins.filter(({ state }: { state: string }) => state === 'running');
    assert.deepEqual(
      running.map(({ name }: { name: string }) => name),
      ['graph_watchdog', 'linux', 'graph-provider', 'parameter_beacon', 'topic_beacon', 'sovd_service_interface'],
    );
    const beacon = async (app: string) => (await scene.get(`/apps/${app}/x-medkit-beacon`)).body.metadata;
    await eventually('both beacons are heard', async () => {
      const [wheels, battery] = [await beacon('wheel_odometry'), await beacon('battery_monitor')];
      return wheels?.firmware === '2.4.1' && battery?.cycles === '212';
    });
  });

  test('a large image is transferred whole', async () => {
    const image = await eventually('an image', () => scene.read('camera_driver', 'camera%2Fimage_raw'));
    assert.equal(image.encoding, 'rgb8');
    const octets = typeof image.data === 'string' ? Buffer.from(image.data, 'base64').length : image.data.length;
    assert.equal(octets, 640 * 480 * 3);
  });

  test('scenarios are switched from another shell, and REST shows their effects', async () => {
    assert.match((await scene.command('status')).output, /No failure scenario is active/);

    const obstacle = await scene.command('inject', 'obstacle');
    assert.equal(obstacle.code, 0, obstacle.errors);
    assert.match(obstacle.output, /^obstacle: /);
    await eventually('somebody at arm length in the scan', async () => (await nearestRange(scene)) < 0.2);
    await eventually('the robot stands', async () => (await scene.read('controller_server', 'cmd_vel')).linear.x === 0);

    const delivered = async () => JSON.parse((await scene.command('webhooks', '--json')).output).items;
    // Newest first: other faults of the stop may follow before the list is read.
    const delivery = await eventually('a webhook', async () =>
      (await delivered()).find(
        ({ event }: { event: { data: { payload: { fault_code: string } } } }) =>
          event.data.payload.fault_code === 'CONTROLLER_SERVER_PATH_FOLLOWING',
      ),
    );
    assert.equal(delivery.signature, 'valid');
    // Either may report first; a symptom is recognized by its first report after that of the cause.
    const symptom = await eventually('what it is a symptom of', async () => {
      const { body } = await scene.get('/apps/controller_server/faults/CONTROLLER_SERVER_PATH_FOLLOWING');
      return body['x-medkit'].symptom_of;
    });
    const { root_cause_code, rule_id } = symptom;
    assert.deepEqual([root_cause_code, rule_id], ['LIDAR_DRIVER_PROTECTIVE_FIELD', 'obstacle_in_path']);

    assert.equal((await scene.command('inject', 'battery')).code, 0);
    await eventually('the voltage falls under 22 V', async () => (await voltage(scene)) < 22);

    assert.match((await scene.command('clear', 'all')).output, /No failure scenario is active/);
    await eventually('the way is free', async () => (await nearestRange(scene)) > 0.3);
    await eventually('the voltage is back', async () => (await voltage(scene)) > 22);
  });

  test('a killed node and a hanging one become faults, which heal when they return', async () => {
    const armed = async () =>
      (await scene.get('/x-medkit-watchdog')).body['x-medkit-watchdog'].global_state === 'armed';
    await eventually('the watchdog has seen the robot come up', armed);
    const killed = await scene.command('inject', 'node-death');
    assert.equal(killed.code, 0, killed.errors);
    const isOnline = async () => (await scene.get('/apps/camera_driver')).body['x-medkit'].is_online;
    assert.ok(await isOnline(), 'it did not say goodbye');
    await eventually('the camera offline', async () => !(await isOnline()));
    assert.ok((await scene.appIds()).includes('lidar_driver'));
    assert.equal((await scene.command('inject', 'mute-node')).code, 0);
    const codes = async () =>
      (await scene.get('/faults')).body.items
        .map(({ fault_code }: { fault_code: string }) => fault_code)
        .filter((code: string) => code.startsWith('GRAPH_'));
    await eventually('both faults', async () => (await codes()).length === 2);
    assert.deepEqual(await codes(), ['GRAPH_NODE_DISAPPEARED', 'GRAPH_TF_STALE']);
    assert.match((await scene.command('clear', 'all')).output, /No failure scenario is active/);
    await eventually('the camera back', isOnline);
    await eventually('both healed', async () => (await codes()).length === 0);
  });

  test('the robot obeys a speed limit that is written over REST', async () => {
    await scene.untilDriving();
    const response = await fetch(`${scene.url}/api/v1/apps/controller_server/data/speed_limit`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ type: 'std_msgs/msg/Float32', data: { data: 0.1 } }),
    });
    assert.equal(response.status, 200, await response.text());
    await eventually('it slows down', async () => (await scene.read('controller_server', 'cmd_vel')).linear.x <= 0.11);
  });
});
