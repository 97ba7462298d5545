import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Conditions, NORMAL_CONDITIONS } from './conditions.ts';
import { STOPPED, type Velocity } from './drive.ts';
import { stepGatedRobot } from './gated-step.ts';
import { takeOrder } from './mission.ts';
import { ROBOT_AT_START, type Robot, type RobotEvent, STEP_SEC } from './robot.ts';
import { clearanceOf, STOP_DISTANCE_M } from './step.ts';

type Gate = (robot: Robot) => Velocity | undefined;

const OPEN: Gate = ({ wanted }) => wanted;
const CLOSED: Gate = () => STOPPED;
const SILENT: Gate = () => undefined;
/** Delay of the requested velocity, steps. */
const SLOW_STEPS = 6;

/** Runs a robot with a gate and returns the result. */
function run(start: Robot, sec: number, gate: Gate, conditions: Partial<Conditions> = {}) {
  let robot = start;
  const events: RobotEvent[] = [];
  const states: Robot[] = [];
  for (let step = 0; step < sec / STEP_SEC; step += 1) {
    robot = stepGatedRobot(robot, { ...NORMAL_CONDITIONS, ...conditions }, gate(robot));
    events.push(...robot.events);
    states.push(robot);
  }
  return { robot, events, states };
}

const driving = () => run(ROBOT_AT_START, 12, OPEN).robot;

test('with a gate that delays every command the robot drives its rounds, and does not take the delay for a stop', () => {
  const said: Velocity[] = [];
  const late: Gate = ({ wanted }) => {
    said.push(wanted);
    return said.at(-SLOW_STEPS) ?? STOPPED;
  };
  const { events, states } = run(ROBOT_AT_START, 200, late);
  assert.ok(events.filter((event) => event === 'goal-reached').length >= 12);
  assert.ok(!events.includes('path-blocked'));
  const speeds = states.map(({ velocity }) => velocity.linearMps);
  assert.ok(
    speeds.every((speed, at) => speed - (speeds[at - 1] ?? 0) <= 0.8 * STEP_SEC + 1e-9),
    'it picks up speed',
  );
});

test('a robot held by its gate stops immediately, still requests motion, and aborts its goal when its patience ends', () => {
  const before = driving();
  assert.ok(before.velocity.linearMps > 0.5);
  const held = run(before, 4.9, CLOSED);
  assert.ok(held.states.every(({ velocity, pose }) => velocity.linearMps === 0 && pose.x === before.pose.x));
  assert.deepEqual([held.robot.phase, held.robot.wanted.linearMps], ['blocked', 0.8]);
  assert.deepEqual(held.events, ['path-blocked', 'planning-failed', 'planning-failed']);
  const aborted = run(held.robot, 0.2, CLOSED);
  assert.deepEqual([aborted.events, aborted.robot.ended?.outcome], [['goal-aborted'], 'no-progress']);
  assert.deepEqual(aborted.robot.wanted, STOPPED);
});

test('a robot that is released in time continues with its goal', () => {
  const before = driving();
  const held = run(before, 3, CLOSED).robot;
  const { robot, events } = run(held, 1, OPEN);
  assert.deepEqual([events, robot.phase, robot.goal?.id], [['path-clear'], 'driving', before.goal?.id]);
});

test('after it gave up, the robot waits until the person leaves, and reports that its path is clear when it moves', () => {
  const aborted = run(driving(), 12, CLOSED, { obstacle: true });
  assert.deepEqual(
    aborted.events.filter((event) => event.startsWith('goal')),
    ['goal-aborted'],
  );
  assert.ok(clearanceOf(aborted.robot) < STOP_DISTANCE_M);
  const trying = run(aborted.robot, 1, CLOSED);
  assert.deepEqual([trying.events, trying.robot.phase], [['goal-accepted'], 'blocked']);
  assert.deepEqual(run(trying.robot, 1, OPEN).events, ['path-clear']);
});

test('a robot held without a visible obstacle retries every few seconds, as long as the base gets commands', () => {
  const { events } = run(driving(), 30, CLOSED);
  assert.equal(events.filter((event) => event === 'goal-aborted').length, 4);
  assert.ok(!events.includes('path-clear'));
  const silent = run(driving(), 30, SILENT);
  assert.equal(silent.events.filter((event) => event === 'goal-aborted').length, 1);
  assert.ok(silent.states.every(({ velocity }) => velocity.linearMps === 0 && velocity.angularRps === 0));
});

test('no round begins before the base receives a command', () => {
  const { robot, events } = run(ROBOT_AT_START, 60, SILENT);
  assert.deepEqual([robot.phase, robot.pose, events], ['docked', ROBOT_AT_START.pose, []]);
  assert.deepEqual(run(robot, 5, OPEN).events, ['planning-failed', 'goal-accepted']);
  const low = run(ROBOT_AT_START, 20, SILENT, { failingBattery: true }).robot;
  assert.equal(low.phase, 'stopped', 'its battery counts all the same');
});

test('an order to a held robot has its full patience', () => {
  const held = run(driving(), 12, CLOSED, { obstacle: true }).robot;
  const ordered = run(takeOrder(held, { id: 'an-order', place: { x: 15, y: 7.5 } }), 4.9, CLOSED, { obstacle: true });
  assert.deepEqual([ordered.robot.phase, ordered.robot.goal?.id], ['blocked', 'an-order']);
  const { ended } = run(ordered.robot, 0.2, CLOSED, { obstacle: true }).robot;
  assert.deepEqual(ended, { id: 'an-order', outcome: 'no-progress' });
});

test('a low battery and a speed limit also apply with a gate', () => {
  const empty = run(driving(), 15, OPEN, { failingBattery: true });
  assert.deepEqual([empty.robot.phase, empty.robot.wanted, empty.robot.velocity], ['stopped', STOPPED, STOPPED]);
  assert.ok(empty.events.includes('battery-low'));
  const slow = run(ROBOT_AT_START, 30, OPEN, { speedLimitMps: 0.2 });
  assert.ok(slow.states.every(({ wanted, velocity }) => wanted.linearMps <= 0.2 && velocity.linearMps <= 0.2));
});

test('without the release of the filling station the robot requests no motion, aborts its goal, and continues after it', () => {
  const before = driving();
  const held = run(before, 6, OPEN, { released: false });
  assert.deepEqual(held.robot.wanted, STOPPED);
  assert.deepEqual([held.events.at(0), held.events.at(-1)], ['path-blocked', 'goal-aborted']);
  assert.equal(run(held.robot, 20, OPEN, { released: false }).robot.goal, undefined, 'it waits');
  const free = run(held.robot, 60, OPEN);
  assert.ok(free.events.includes('goal-reached'));
});
