import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FleetView } from '@medkit/demo';
import type { RobotAddress } from '@medkit/vda5050';
import { eventually } from '../harness/eventually.ts';
import { startMosquitto } from '../harness/mosquitto.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { DemoScene } from './demo-scene.ts';
import { FleetRecording } from './fleet-recording.ts';

/** The demo starts and two robots drive, on a busy machine. */
const STORY_MS = 240_000;
const AMR_01: RobotAddress = { version: '3.0.0', manufacturer: 'medkit', serialNumber: 'AMR-01' };
const AMR_02: RobotAddress = { version: '2.1.0', manufacturer: 'medkit', serialNumber: 'AMR-02' };
/** The aisles are 15.6 m long; this is their middle on the map of the warehouse. */
const MIDDLE_X_M = 10;
/** Within this distance of the middle a robot is not in a crossing. */
const IN_AISLE_M = 6;
/** More than the robot needs for one round, about a minute. */
const ROUND_MS = 120_000;

async function viewOf(scene: DemoScene): Promise<FleetView> {
  const { code, output, errors } = await scene.command('fleet', '--json');
  assert.equal(code, 0, errors);
  return JSON.parse(output);
}

test('a person stops one robot, and the other is routed around its aisle, and back', {
  timeout: STORY_MS,
  skip: missingSystemPackages('mosquitto'),
}, async () => {
  await using broker = await startMosquitto();
  await using recording = new FleetRecording(broker.url);
  await using scene = await DemoScene.open(['--fleet', '--broker', broker.url], { whole: true });
  assert.match(scene.medkit.output, new RegExp(`MQTT broker +${broker.url} `));
  const way = () =>
    recording
      .orders(AMR_02)
      .at(-1)
      ?.edges.map(({ edgeId }) => edgeId) ?? [];
  await scene.untilDriving();
  const usual = await eventually('both robots are known, and all is open', async () => {
    const view = await viewOf(scene);
    const areThere = view.robots.every(({ connection, place }) => connection === 'ONLINE' && place !== undefined);
    return areThere && view.closed.length === 0 && view.way?.around.length === 0 && view.way;
  });
  assert.equal(usual.robot, 'AMR-02');

  // At a crossing it would close lanes that are not on the other robot's route, or all that lead away from the other
  // robot.
  await eventually(
    'the robot drives towards the middle of an aisle',
    async () => {
      const [former = 0, newest = Number.POSITIVE_INFINITY] = recording
        .states(AMR_01)
        .slice(-2)
        .map(({ position }) => Math.abs((position?.x ?? 0) - MIDDLE_X_M));
      return newest < IN_AISLE_M && newest < former;
    },
    ROUND_MS,
  );
  const before = recording.orders(AMR_02).length;
  assert.equal((await scene.command('inject', 'obstacle')).code, 0);
  const stopped = await eventually('the lane of the robot is closed, and another way sent', async () => {
    const view = await viewOf(scene);
    const stands = view.robots.some(({ robot, driving }) => robot === 'AMR-01' && driving === false);
    return stands && view.closed.length > 0 && (view.way?.around.length ?? 0) > 0 && view;
  });
  assert.equal(stopped.closed.length, 1, 'it stands in one lane');
  assert.ok(
    stopped.closed.every(({ robot, why: reason }) => robot === 'AMR-01' && reason === 'PROTECTIVE_STOP (CRITICAL)'),
  );
  const first = stopped.robots.find(({ robot }) => robot === 'AMR-01');
  const closed = stopped.closed.map(({ lane }) => lane);
  assert.deepEqual(first?.lanes, closed);
  const [error, ...others] = first?.errors ?? [];
  assert.deepEqual([error?.type, error?.level, others], ['PROTECTIVE_STOP', 'CRITICAL', []], 'the root alone');
  assert.equal(error?.link, `${scene.url}/api/v1/apps/safety_gate/faults/PROTECTIVE_STOP`);
  assert.equal((await fetch(error?.link ?? '')).status, 200, 'the link leads to the record');
  await eventually(
    'a state with the violation of its field',
    async () => recording.states(AMR_01).at(-1)?.safety.fieldViolation === true,
  );
  // It may already be in a lane that is being closed and has to leave it.
  const [, ...ahead] = stopped.way?.lanes ?? [];
  assert.ok(!ahead.some((lane) => closed.includes(lane)), `around ${closed}: ${ahead}`);
  assert.ok(recording.orders(AMR_02).length > before, 'by an order');
  await eventually('the other one has taken it', async () => {
    const order = recording.orders(AMR_02).at(-1);
    const taken = recording.states(AMR_02).at(-1)?.order;
    return taken?.orderId === order?.orderId && taken?.orderUpdateId === order?.orderUpdateId;
  });
  const fleet = await scene.command('fleet');
  assert.match(fleet.output, /^(?:aisle|west|east)-\d is closed: AMR-01 blocks it: PROTECTIVE_STOP \(CRITICAL\)$/m);
  assert.match(fleet.output, /^AMR-02 drives .*, around /m);

  assert.equal((await scene.command('clear', 'obstacle')).code, 0);
  await eventually('all lanes are open, and it is sent through them again', async () => {
    const view = await viewOf(scene);
    const isOpen = view.closed.length === 0 && view.way?.around.length === 0;
    return isOpen && closed.every((lane) => view.way?.lanes.includes(lane));
  });
  await eventually('by an order', async () => closed.every((lane) => way().includes(lane)));
  assert.deepEqual(
    recording.states(AMR_02).flatMap(({ errors }) => errors),
    [],
    'it has refused nothing',
  );

  scene.medkit.interrupt();
  assert.equal(await scene.medkit.exitCode(), 0);
  for (const robot of [AMR_01, AMR_02]) {
    // The broker may deliver it after the demo has ended.
    await eventually('the end of its connection', async () => recording.connections(robot).includes('OFFLINE'));
    assert.deepEqual(recording.connections(robot), ['ONLINE', 'OFFLINE']);
  }
  recording.assertOfficial([AMR_01, AMR_02]);
});
