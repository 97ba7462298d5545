import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { RosMessage } from '@medkit/ros2';
import { COMMAND_TIMEOUT_MS } from '../robot/commanded-base.ts';
import { STEP_SEC } from '../robot/robot.ts';
import { openGatedRobot } from '../testing/open-gated-robot.ts';
import { last, logLines } from '../testing/open-robot.ts';
import { RecordingAdapter } from '../testing/recording-adapter.ts';
import { GATE_SETTINGS } from './gate-settings.ts';
import { openSafetyGate } from './safety-gate.ts';

const LIDAR = '/perception/lidar_driver';
const STEP_MS = STEP_SEC * 1000;

type World = Awaited<ReturnType<typeof openGatedRobot>>;

const speedOf = ({ robot }: World) => robot.state.velocity.linearMps;

/** A world in which the robot drives, away from walls. */
async function onItsWay(): Promise<World> {
  const world = await openGatedRobot();
  world.run(14);
  assert.ok(speedOf(world) > 0.7 && world.decision().minRangeM > 1.5);
  return world;
}

const scanning = ({ adapter }: World, data: boolean) => adapter.call(`${LIDAR}/set_enabled`, { data });

/** Level of each part in the last diagnostics. */
const levelsIn = ({ adapter }: World) =>
  new Set((last(adapter.on('/diagnostics_agg')).status as RosMessage[]).map(({ level }) => level));

test('the robot drives two rounds through its gate, without a stop by the gate', async () => {
  const { run, robot, cycles } = await openGatedRobot();
  let reached = 0;
  robot.onEvent((event) => {
    if (event === 'goal-reached') reached += 1;
  });
  run(150);
  assert.ok(reached >= 12, `${reached}`);
  assert.deepEqual([...new Set(cycles.map(({ decision }) => decision.fault))], ['untested', 'passed']);
  assert.ok(cycles.every(({ decision }) => decision.scanFault !== 'failed'));
});

test('a person who steps into the path is protected by the gate alone, and navigation only aborts its goal', async () => {
  const world = await onItsWay();
  const { run, robot, decision, adapter } = world;
  const events: string[] = [];
  robot.onEvent((event) => events.push(event));
  run(8, { obstacle: true });
  assert.deepEqual([decision().reason, decision().fault, decision().scanFault], ['obstacle', 'failed', 'passed']);
  assert.ok(Math.abs(decision().minRangeM - 0.11) < 0.01, `${decision().minRangeM}`);
  assert.deepEqual([speedOf(world), robot.state.ended?.outcome], [0, 'no-progress']);
  assert.ok(events.includes('goal-aborted'));
  assert.ok(logLines(adapter).includes('bt_navigator: Goal failed: NavigateToPose aborted'));
  assert.deepEqual(levelsIn(world), new Set([0]), 'no diagnostics make a fault of it');
  run(4, { obstacle: false });
  assert.deepEqual([decision().reason, decision().fault], ['clear', 'passed']);
  assert.ok(decision().minRangeM > 0.8 && speedOf(world) > 0.3);
  assert.ok(events.includes('path-clear'));
});

test('only the gate of a robot publishes its motion commands', async () => {
  const { adapter, run } = await onItsWay();
  const publishers = (topic: string) => adapter.publishers.filter((one) => one.topic === topic).map(({ node }) => node);
  assert.deepEqual(publishers('/cmd_vel'), ['/_safety_gate']);
  assert.deepEqual(publishers('/cmd_vel_nav'), ['/navigation/controller_server']);
  const before = adapter.on('/cmd_vel').length;
  run(2, { obstacle: true });
  const said = adapter.on('/cmd_vel').length - before;
  assert.ok(said >= 40 && said <= 60, `twenty times a second, and when it changes: ${said}`);
  assert.ok(Number((last(adapter.on('/cmd_vel_nav')).linear as RosMessage).x) > 0.7, 'navigation wants to go on');
});

test('when scans stop, the command is zero within their timeout and a cycle, and stays zero', async () => {
  const world = await onItsWay();
  const { run, adapter, decision, clock } = world;
  await scanning(world, false);
  const lastScanMs = decision().scanMs;
  while (speedOf(world) > 0) run(0.01);
  assert.ok(clock.monotonicMs() - lastScanMs <= GATE_SETTINGS.scanTimeoutMs + 10 + STEP_MS);
  const from = adapter.on('/cmd_vel').length - 1;
  run(30);
  const commands = adapter.on('/cmd_vel').slice(from);
  assert.ok(
    commands.length > 500 && commands.every(({ linear, angular }) => !linear['x' as never] && !angular['z' as never]),
  );
  assert.deepEqual([decision().reason, decision().fault, decision().scanFault], ['scan-stale', 'passed', 'failed']);
  await scanning(world, true);
  run(3);
  assert.deepEqual([decision().reason, decision().scanFault], ['clear', 'passed']);
  assert.ok(speedOf(world) > 0);
});

test('the robot stops within half a second and a step after its gate was stopped', async () => {
  const world = await onItsWay();
  const { process, run } = world;
  process.stop();
  run((COMMAND_TIMEOUT_MS - STEP_MS) / 1000);
  assert.ok(speedOf(world) > 0);
  run((2 * STEP_MS) / 1000);
  assert.equal(speedOf(world), 0);
  run(60);
  assert.equal(speedOf(world), 0);
});

test('a gate that continues after a stop does not open on the scans in its queue', async () => {
  const world = await onItsWay();
  const { process, run, decision, cycles } = world;
  process.stop();
  run(2);
  await scanning(world, false);
  run(8, { obstacle: true });
  const from = cycles.length;
  process.goOn();
  run(10);
  assert.ok(cycles.length - from > 900);
  assert.ok(cycles.slice(from).every((cycle) => cycle.decision.commanded.linearMps === 0));
  assert.equal(speedOf(world), 0);
  await scanning(world, true);
  run(2);
  assert.equal(decision().reason, 'obstacle');
});

test('closing a gate stops the robot immediately', async () => {
  const world = await onItsWay();
  await world.gate.close();
  world.run(STEP_SEC);
  assert.equal(speedOf(world), 0);
});

test('a listener that fails does not stop the gate', async () => {
  const clock = new SimulatedClock();
  const adapter = new RecordingAdapter();
  const failures: string[] = [];
  let cycles = 0;
  await openSafetyGate({
    adapter,
    clock,
    settings: GATE_SETTINGS,
    periodMs: 10,
    onCycle: () => {
      cycles += 1;
      throw new Error('nobody takes it');
    },
    onFailure: (where) => failures.push(where),
  });
  clock.advance(1000);
  assert.deepEqual([cycles, failures.length, adapter.on('/cmd_vel').length], [100, 100, 20]);
});
