import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tankNodeMapFile } from '@medkit/plc';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from '../scenes/demo-scene.ts';
import { PlcGateway } from './plc-gateway.ts';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

const TEST_MS = 180_000;
const START_MS = 60_000;
/** Name that the robot's gateway gives the PLC's gateway; the demo's rule `station_locked` uses it. */
const PLANT = 'plant';
const CAUSE = 'TANK_OVERPRESSURE';
const EFFECTS = ['ACTION_NAVIGATE_TO_POSE_ABORTED', 'NAVIGATION_GOAL_ABORTED'];

/**
 * The demo with its filling station, whose PLC has a separate gateway without ROS. The robot's gateway aggregates it.
 */
async function openPlant() {
  await using resources = new AsyncDisposableStack();
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'medkit-plant-'));
  resources.defer(() => rmSync(folder, { recursive: true, force: true }));
  const scene = resources.use(await DemoScene.open(['--plc', ...shows(port)], { environment: withoutStation(folder) }));
  const endpoint = /Filling station +(opc\.tcp:\/\/127\.0\.0\.1:\d+) /.exec(scene.medkit.output)?.[1];
  assert.ok(endpoint !== undefined, scene.medkit.output);
  const settings = {
    'ros.enabled': 'false',
    plugins: 'opcua',
    'plugins.opcua.endpoint_url': endpoint,
    'plugins.opcua.node_map_path': tankNodeMapFile,
    'plugins.opcua.prefer_subscriptions': 'true',
    'plugins.opcua.subscription_interval_ms': '100',
  };
  const sets = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const plant = scene.sandbox.start(['up', '--port', String(port), '--data-dir', join(folder, 'data'), ...sets]);
  await plant.printed(/(http:\/\/127\.0\.0\.1:\d+)/, START_MS);
  const moved = resources.move();
  return { scene, plantUrl: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

function shows(port: number): readonly string[] {
  const settings = {
    'aggregation.enabled': 'true',
    'aggregation.peer_urls': `http://127.0.0.1:${port}`,
    'aggregation.peer_names': PLANT,
  };
  return Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
}

/** Environment that leaves the station to the other gateway: no plugin for it, and no part of it in the manifest. */
function withoutStation(emptyFolder: string): NodeJS.ProcessEnv {
  return { MEDKIT_PLUGINS: 'graph_watchdog,linux', MEDKIT_DISCOVERY_MANIFEST_FRAGMENTS_DIR: emptyFolder };
}

test('a PLC with a separate gateway without ROS is in the tree of the robot, and its alarm in the incident of the stop', {
  timeout: TEST_MS,
}, async () => {
  await using plant = await openPlant();
  const { scene } = plant;
  const get = async (path: string): Promise<Json> => {
    const { status, body } = await scene.get(path);
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const codes = async (): Promise<readonly string[]> =>
    (await get('/faults')).items.map(({ fault_code: code }: Json) => code);
  await scene.untilDriving();
  await scene.waitForApps(['tank', 'pump', 'valve', 'bt_navigator']);

  // One tree: entities of the PLC appear beside those of the robot, with their original ids.
  const areas = (await get('/areas')).items.map(({ id }: Json) => id);
  assert.deepEqual(
    ['autonomy', 'hall'].filter((id) => !areas.includes(id)),
    [],
  );
  assert.deepEqual((await get('/areas/hall'))['x-medkit'].contributors, [`peer:${PLANT}`]);
  const hosts = (await get('/components/filling_station/hosts')).items.map(({ id }: Json) => id);
  assert.deepEqual(hosts.sort(), ['drive', 'pump', 'simulation', 'tank', 'valve']);
  assert.equal((await get('/components/filling_station/status')).status, 'ready');
  const level = await get('/apps/tank/data/level');
  assert.equal(typeof level.data, 'number');
  assert.deepEqual([level['x-medkit'].opcua.unit, level['x-medkit'].opcua.quality], ['mm', 'good']);

  // Writes and calls are forwarded to the PLC, within its range.
  const written = await scene.request('PUT', '/apps/pump/data/speed_setpoint', { value: 61.5 });
  assert.equal(written.status, 200, JSON.stringify(written.body));
  await eventually('the PLC says so', async () => (await get('/apps/pump/data/speed_setpoint')).data === 61.5);
  const { items: operations } = await get('/apps/pump/operations');
  const setpoint = operations.find(({ id }: Json) => id === 'set_speed_setpoint');
  const { minimum, maximum } = setpoint['x-medkit'].type_info.request.properties.value;
  assert.deepEqual([minimum, maximum], [0, 100]);
  const execute = (app: string, operation: string, parameters: object) =>
    scene.request('POST', `/apps/${app}/operations/${operation}/executions`, { parameters });
  assert.equal((await execute('pump', 'set_speed_setpoint', { value: 44 })).status, 200);
  assert.equal((await execute('pump', 'set_speed_setpoint', { value: 144 })).status, 400);

  // One list of faults, and one incident for the alarm of the PLC and the stop of the robot.
  assert.equal((await scene.command('inject', 'overpressure')).code, 0);
  await eventually('the alarm and what came of it are told', async () => {
    const reported = await codes();
    return [CAUSE, ...EFFECTS].every((code) => reported.includes(code));
  });
  const { items: faults } = await get('/faults');
  assert.equal(faults.find(({ fault_code: code }: Json) => code === CAUSE)['x-medkit'].origin, PLANT);
  const incident = await eventually('they are one incident', async () => {
    const { items } = await get('/x-medkit-incidents');
    const found = items.find(({ root }: Json) => root === CAUSE);
    if (found === undefined) return undefined;
    const whole = await get(`/x-medkit-incidents/${found.id}`);
    const together = whole.faults.map(({ fault_code: code }: Json) => code);
    return EFFECTS.every((code) => together.includes(code)) ? whole : undefined;
  });
  assert.deepEqual([incident.root_origin, incident.entity_id], [PLANT, 'tank']);
  const explanation = (await scene.sandbox.run(['why', '--url', scene.url])).output;
  assert.match(explanation, /root +TANK_OVERPRESSURE on tank of plant/);
  // The alarm may arrive after the goal was attributed to the controller: then the rule explains the controller's fault.
  assert.match(
    explanation,
    /(?:CONTROLLER_SERVER_PATH_FOLLOWING on controller_server|ACTION_NAVIGATE_TO_POSE_ABORTED on bt_navigator).*by the rule station_locked/,
  );
  assert.doesNotMatch(explanation, /nearest obstacle/, 'nobody was in the way');

  // It ends when an operator has handled it, which is also possible at the robot's gateway.
  assert.equal((await scene.command('clear', 'overpressure')).code, 0);
  await eventually('the robot drives on', async () => !(await codes()).some((code) => EFFECTS.includes(code)));
  await eventually('the pressure is low again', async () => (await get('/apps/tank/data/pressure')).data < 3);
  assert.deepEqual(await codes(), [CAUSE], 'nobody has acknowledged the alarm');
  for (const operation of ['acknowledge_fault', 'confirm_fault']) {
    const { status, body } = await execute('tank', operation, { fault_code: CAUSE, comment: 'seen at the robot' });
    assert.equal(status, 200, `${operation}: ${JSON.stringify(body)}`);
  }
  await eventually('no fault is left', async () => (await codes()).length === 0);
});

const FILLING = 'functions:\n  - {id: filling, name: Filling, hosted_by: ';
/** Manifest of the PLC's gateway for the function; the PLC itself describes the station. */
const STATION = `components:
  - {id: filling_station, name: Filling station, type: PLC}
apps:
  - {id: tank, name: Tank, is_located_on: filling_station, external: true}
${FILLING}[tank]}
`;

interface SharedFunction {
  /** Hosts of the function at the station, according to the robot's manifest. */
  readonly hosts: readonly string[];
  /** Manifest of the other gateway; not required. */
  readonly station?: string;
}

/**
 * A PLC with a separate gateway, and a robot without a graph whose gateway aggregates it. The robot's planner and the
 * station host the same function.
 */
async function openShared({ hosts, station }: SharedFunction) {
  await using resources = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'medkit-shared-'));
  resources.defer(() => rmSync(folder, { recursive: true, force: true }));
  const manifest = (name: string, body: string): Readonly<Record<string, string>> => {
    const file = join(folder, name);
    writeFileSync(file, `manifest_version: "1.0"\n${body}`);
    return { 'discovery.mode': 'hybrid', 'discovery.manifest_path': file };
  };
  const gateway = station === undefined ? {} : manifest('station.yaml', station);
  const plant = resources.use(await PlcGateway.open({ gateway }));
  const settings = {
    ...manifest('robot.yaml', `${FILLING}[${['planner', ...hosts].join(', ')}]}\n`),
    // Hosts of another gateway or of plugins are unknown when the manifest is read.
    'discovery.manifest_strict_validation': 'false',
    'ros.enabled': 'false',
    plugins: 'planner',
    'plugins.planner.path': join(import.meta.dirname, '..', 'plugins', 'modules', 'calm.ts'),
    'aggregation.enabled': 'true',
    'aggregation.peer_urls': plant.url,
    'aggregation.peer_names': PLANT,
  };
  const sets = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const robot = plant.sandbox.start(['up', '--port', '0', '--data-dir', join(folder, 'data'), ...sets]);
  const url = await robot.printed(/(http:\/\/127\.0\.0\.1:\d+)/, START_MS);
  const ask = async (path: string, method = 'GET', body?: object): Promise<Json> => {
    const headers = { 'Content-Type': 'application/json' };
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    const reply = await fetch(`${url}/api/v1${path}`, { method, ...sent });
    return reply.ok ? await reply.json() : assert.fail(`${path}: ${reply.status} ${await reply.text()}`);
  };
  const moved = resources.move();
  return {
    ...{ plant, url, ask },
    /** Raises a fault at the robot. */
    fail: () => ask('/apps/planner/x-calm', 'PUT', { level: 1 }),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

for (const [what, shared, hosts] of [
  ['a function of both gateways', { hosts: [], station: STATION }, ['planner', 'tank']],
  ['a function of the robot that the tank there serves', { hosts: ['tank'] }, ['planner', 'tank']],
  ['a function of the robot that the PLC there serves', { hosts: ['filling_station'] }, ['planner']],
] as const satisfies readonly (readonly [string, SharedFunction, readonly string[]])[]) {
  test(`an alarm of a PLC behind another gateway and a fault of the robot are one incident by ${what}`, {
    timeout: TEST_MS,
  }, async () => {
    await using robot = await openShared(shared);
    const { plant, ask } = robot;
    await eventually('the tank is cool', async () => (await plant.get('/apps/tank/data/temperature')).data < 80);
    await eventually('both are in one tree', async () => {
      const ids = (await ask('/apps')).items.map(({ id }: Json) => id);
      return ['planner', 'tank'].every((id) => ids.includes(id));
    });
    const { items: serving } = await ask('/functions/filling/hosts');
    assert.deepEqual(serving.map(({ id }: Json) => id).sort(), hosts);

    await plant.plc.set('ns=2;s=Tank.Temperature', 93);
    await plant.untilFaults(['TANK_TOO_HOT']);
    await robot.fail();
    const incident = await eventually('one incident of both', async () => {
      const { items } = await ask('/x-medkit-incidents');
      const found = items.length === 1 && (await ask(`/x-medkit-incidents/${items[0].id}`));
      return found?.crossing && found.faults.length === 2 && found;
    });
    assert.deepEqual(
      incident.faults.map(({ fault_code: code, origin, because }: Json) => [code, origin, because]),
      [
        ['TANK_TOO_HOT', PLANT, 'first'],
        ['PUMP_DRY', undefined, 'relation'],
      ],
    );
    const { output } = await plant.sandbox.run(['why', '--url', robot.url]);
    assert.match(output, /root +TANK_TOO_HOT on tank of plant/);
    assert.match(output, /crossing +Temperature \d\d\.\d\d °C > 80 °C/);
    assert.match(output, /PUMP_DRY on planner/);
  });
}
