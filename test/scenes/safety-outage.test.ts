import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { listedStatus } from '@medkit/core/faults';
import { eventually } from '../harness/eventually.ts';
import { signalPart } from './demo-parts.ts';
import { DemoScene } from './demo-scene.ts';
import { Sandbox } from './medkit-process.ts';

/** A demo starts and several outages follow, on a busy machine. */
const OUTAGES_MS = 240_000;
/** Longer than any timeout of gate, base or gateways in this test. */
const AWHILE_MS = 2500;
/** Faults are copied once their evidence is available; the completion is not observable. */
const COPIED_MS = 4000;

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** The whole demo with its driving robot, and what both gateways report about it. */
async function openScene() {
  await using opening = new AsyncDisposableStack();
  const scene = opening.use(await DemoScene.open([], { whole: true }));
  const island = /^ +Safety island +(\S+)\/ /m.exec(scene.medkit.output)?.[1];
  const faults = async (): Promise<Json> => (await scene.get('/faults?status=all')).body;
  const fault = async (code: string): Promise<Json> =>
    (await faults()).items.find(({ fault_code }: Json) => fault_code === code);
  const status = async (code: string): Promise<string> => listedStatus((await fault(code)) ?? {});
  await scene.waitForApps(['bt_navigator', 'safety_gate']);
  await scene.untilDriving();
  const opened = opening.move();
  return {
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
    scene,
    faults,
    fault,
    status,
    signal: signalPart.bind(undefined, scene),
    until: (code: string, wanted: string) =>
      eventually(`${code} ${wanted}`, async () => (await status(code)) === wanted),
    untilItStands: () => eventually('the robot stands', async () => (await scene.speed()) === 0),
    /** Waits until the demo has printed the warning. */
    untilWarned: (warning: RegExp) =>
      eventually(`${warning} in what it says`, async () => warning.test(scene.medkit.errors)),
    /** Fails if the robot moves in this period. */
    async staysStanding(): Promise<void> {
      for (let seen = 0; seen < AWHILE_MS; seen += 100) {
        assert.equal(await scene.speed(), 0);
        await delay(100);
      }
    },
    /** Returns a port of the gate from the island's gateway. */
    async port(id: string): Promise<number | boolean> {
      const reply = await fetch(`${island}/api/v1/apps/safety_gate/data/${id}`);
      return ((await reply.json()) as Json).value;
    },
    /** Makes a person step into the robot's way, or leave. */
    async obstacle(command: 'inject' | 'clear'): Promise<void> {
      const { code, output, errors } = await scene.command(command, 'obstacle');
      assert.equal(code, 0, `${output}${errors}`);
    },
  };
}

test('a paused gate stops the robot, and its faults stay active until it reports otherwise; a killed one stops it for good', {
  timeout: OUTAGES_MS,
}, async () => {
  await using whole = await openScene();
  const { scene } = whole;
  await whole.obstacle('inject');
  await whole.until('PROTECTIVE_STOP', 'CONFIRMED');
  await whole.signal('gate', 'SIGSTOP');
  await whole.until('INGEST_SILENT', 'CONFIRMED');
  await whole.obstacle('clear');
  await whole.staysStanding();
  assert.equal(await whole.status('PROTECTIVE_STOP'), 'CONFIRMED', 'nobody has said that the way is free');
  assert.equal(await whole.status('INGEST_SILENT'), 'CONFIRMED');
  await whole.signal('gate', 'SIGCONT');
  await whole.until('PROTECTIVE_STOP', 'HEALED');
  await whole.until('INGEST_SILENT', 'HEALED');
  await scene.untilDriving();
  assert.equal((await whole.fault('PROTECTIVE_STOP')).occurrence_count, 1);

  await whole.signal('gate', 'SIGSTOP');
  await whole.untilItStands();
  await whole.until('INGEST_SILENT', 'CONFIRMED');
  assert.equal(await whole.status('PROTECTIVE_STOP'), 'HEALED', 'nobody is in the way');
  await whole.signal('gate', 'SIGCONT');
  await scene.untilDriving();
  await whole.until('INGEST_SILENT', 'HEALED');

  await whole.signal('gate', 'SIGKILL');
  await whole.untilItStands();
  await whole.until('INGEST_SILENT', 'CONFIRMED');
  await whole.staysStanding();
  assert.equal(await whole.status('INGEST_SILENT'), 'CONFIRMED');
  await whole.untilWarned(/^medkit: warning: the safety gate exited$/m);
  await eventually(
    'the gate is offline',
    async () => !(await scene.get('/apps/safety_gate')).body['x-medkit'].is_online,
  );
});

test('a paused robot is stopped by its gate, and drives on', { timeout: OUTAGES_MS }, async () => {
  await using whole = await openScene();
  await whole.signal('robot', 'SIGSTOP');
  await whole.until('SCAN_STALE', 'CONFIRMED');
  await eventually('the gate holds it', async () => (await whole.port('commanded_vx')) === 0);
  assert.equal(await whole.port('stopped'), true);
  await delay(AWHILE_MS);
  assert.equal(await whole.status('SCAN_STALE'), 'CONFIRMED');
  await whole.signal('robot', 'SIGCONT');
  await whole.until('SCAN_STALE', 'HEALED');
  await whole.scene.untilDriving();
  assert.equal(await whole.fault('PROTECTIVE_STOP'), undefined, 'nobody was in the way');
});

test('a stop while the gateway of the robot is paused loses nothing', { timeout: OUTAGES_MS }, async () => {
  await using whole = await openScene();
  await whole.signal('demo', 'SIGSTOP');
  await whole.obstacle('inject');
  // A late scan of a busy machine stops the robot for a moment, too.
  await eventually('the gate holds the robot', async () => {
    const range = Number(await whole.port('min_range_m'));
    return range < 0.8 && (await whole.port('commanded_vx')) === 0;
  });
  await delay(AWHILE_MS);
  assert.equal(await whole.port('commanded_vx'), 0);
  await whole.signal('demo', 'SIGCONT');
  for (const code of ['PROTECTIVE_STOP', 'ACTION_NAVIGATE_TO_POSE_ABORTED', 'NAVIGATION_GOAL_ABORTED']) {
    await whole.until(code, 'CONFIRMED');
  }
  assert.equal(await whole.scene.speed(), 0);
  await whole.obstacle('clear');
  await whole.until('PROTECTIVE_STOP', 'HEALED');
  await whole.scene.untilDriving();
  assert.equal((await whole.fault('PROTECTIVE_STOP')).occurrence_count, 1);
});

test('without the gateway of the island the robot still stops, and its reported faults are copies', {
  timeout: OUTAGES_MS,
}, async () => {
  await using whole = await openScene();
  const { scene } = whole;
  await whole.obstacle('inject');
  await whole.until('PROTECTIVE_STOP', 'CONFIRMED');
  await delay(COPIED_MS);
  await whole.signal('island', 'SIGKILL');
  const { items, 'x-medkit': about } = await eventually('the head says who is gone', async () => {
    const body = await whole.faults();
    return body['x-medkit'].partial === true && body;
  });
  assert.deepEqual(about.failed_peers, ['safety_island']);
  const copy = items.find(({ fault_code }: Json) => fault_code === 'PROTECTIVE_STOP');
  assert.equal(listedStatus(copy), 'CONFIRMED');
  assert.match(copy['x-medkit'].as_of, /Z$/);
  await whole.untilWarned(/^medkit: warning: the gateway of the safety island exited$/m);
  await whole.until('NAVIGATION_GOAL_ABORTED', 'CONFIRMED');

  await whole.obstacle('clear');
  await scene.untilDriving();
  await whole.until('NAVIGATION_GOAL_ABORTED', 'HEALED');
  await whole.obstacle('inject');
  await whole.untilItStands();
  await whole.until('NAVIGATION_GOAL_ABORTED', 'CONFIRMED');
  assert.equal(await whole.status('PROTECTIVE_STOP'), 'CONFIRMED', 'nobody is there who could heal it');
});

test('a part of the demo that does not start is named, and the rest runs', { timeout: OUTAGES_MS }, async () => {
  await using sandbox = new Sandbox();
  const medkit = sandbox.start(['demo', '--port', '0', '--domain', String(await sandbox.domain())]);
  for (const part of ['island', 'gate'] as const) await signalPart({ medkit }, part, 'SIGKILL');
  const url = await medkit.printed(/^ +Page +(\S+)\/$/m, OUTAGES_MS / 4);
  await medkit.printed(/Ctrl-C ends/);
  // Its standard error may arrive later than its standard output.
  for (const part of ['gateway of the safety island', 'safety gate']) {
    const warning = new RegExp(`^medkit: warning: the ${part} failed to start: [^\\n]*SIGKILL`, 'm');
    await eventually(`the warning about the ${part}`, async () => warning.test(medkit.errors));
  }
  assert.doesNotMatch(`${medkit.output}${medkit.errors}`, /Safety island|(?:gate|island) exited/);
  const isListed = async () => (await fetch(`${url}/api/v1/apps/lidar_driver`)).ok;
  await eventually('the robot is shown', isListed);
  await delay(AWHILE_MS);
  assert.ok(await isListed(), `it goes on: ${medkit.errors}`);
});

test('with --lite there is neither gate nor island', { timeout: OUTAGES_MS }, async () => {
  await using scene = await DemoScene.open();
  await scene.waitForApps(['lidar_driver', 'wheel_odometry']);
  await scene.untilDriving();
  assert.deepEqual([scene.medkit.processOf('island'), scene.medkit.processOf('gate')], [undefined, undefined]);
  assert.doesNotMatch(scene.medkit.output, /Safety island/);
  const areas = (await scene.get('/areas')).body.items.map(({ id }: Json) => id);
  assert.ok(areas.length > 0 && !areas.includes('safety_island'));
  assert.ok(!(await scene.appIds()).includes('safety_gate'));
});
