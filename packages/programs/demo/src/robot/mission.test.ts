import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { Point } from '../world/plane.ts';
import { distanceBetween, isFree } from '../world/route.ts';
import { WAREHOUSE } from '../world/warehouse.ts';
import { type Conditions, NORMAL_CONDITIONS } from './conditions.ts';
import { isRoundGoal } from './goal.ts';
import { cancelGoal, takeOrder } from './mission.ts';
import { ROBOT_AT_START, type Robot, type RobotEvent, STEP_SEC } from './robot.ts';
import { stepRobot } from './step.ts';

const ORDER = { id: 'an-order', place: { x: 15, y: 7.5 } };
const LONG_SEC = 120;

/** Runs the robot for `sec` seconds, or until `done` returns true. */
function live(
  start: Robot,
  sec: number,
  conditions: Partial<Conditions> = {},
  done: (robot: Robot) => boolean = () => false,
) {
  let robot = start;
  const events: RobotEvent[] = [];
  for (let step = 0; step < sec / STEP_SEC && !done(robot); step += 1) {
    robot = stepRobot(robot, { ...NORMAL_CONDITIONS, ...conditions });
    events.push(...robot.events);
  }
  return { robot, events };
}

const onRound = () => live(ROBOT_AT_START, 10).robot;
const hasEnded = ({ ended }: Robot) => ended?.id === ORDER.id;

test('an order interrupts the round of the robot, and the round continues after it', () => {
  const before = onRound();
  const ordered = takeOrder(before, ORDER);
  assert.deepEqual(ordered.events, ['goal-preempted', 'goal-accepted']);
  assert.deepEqual(ordered.ended, { id: before.goal?.id, outcome: 'preempted' });
  const { robot } = live(ordered, LONG_SEC, {}, hasEnded);
  assert.deepEqual(robot.ended, { id: ORDER.id, outcome: 'reached' });
  assert.ok(distanceBetween(robot.pose, ORDER.place) < 0.2);
  const after = live(robot, 4);
  assert.deepEqual(after.events, ['goal-accepted']);
  assert.deepEqual(after.robot.goal?.place, before.goal?.place);
  assert.ok(isRoundGoal(after.robot.goal?.id ?? ''));
});

test('the robot turns at the place until it has the ordered heading', () => {
  const { robot } = live(takeOrder(onRound(), { ...ORDER, yaw: -2 }), LONG_SEC, {}, hasEnded);
  assert.ok(Math.abs(robot.pose.yaw + 2) <= 0.1, `${robot.pose.yaw}`);
  assert.ok(distanceBetween(robot.pose, ORDER.place) < 0.2);
});

test('a newer order ends the one before', () => {
  const robot = takeOrder(takeOrder(onRound(), ORDER), { id: 'another', place: { x: 2.2, y: 10 } });
  assert.deepEqual(robot.ended, { id: ORDER.id, outcome: 'preempted' });
  assert.equal(live(robot, LONG_SEC, {}, ({ ended }) => ended?.id === 'another').robot.ended?.outcome, 'reached');
});

test('a robot whose order is cancelled stops before it continues, and cancelling a finished order changes nothing', () => {
  const ordered = live(takeOrder(onRound(), ORDER), 3).robot;
  const canceled = cancelGoal(ordered, ORDER.id);
  assert.deepEqual([canceled.ended?.outcome, canceled.events], ['canceled', ['goal-canceled']]);
  const standing = live(canceled, 2);
  assert.deepEqual([standing.robot.velocity.linearMps, standing.events], [0, []]);
  assert.deepEqual(live(canceled, 4).events, ['goal-accepted']);
  assert.deepEqual(cancelGoal(ordered, 'another').goal, ordered.goal);
});

test('a person in the path makes an order fail when the patience has run out, and not if they leave earlier', () => {
  const driving = live(takeOrder(onRound(), ORDER), 4).robot;
  const blocked = live(driving, 3, { obstacle: true }).robot;
  assert.deepEqual([blocked.phase, blocked.goal?.recoveries], ['blocked', 1]);
  assert.deepEqual(live(blocked, 1).events, ['path-clear']);
  assert.deepEqual(live(blocked, 3, { obstacle: true }).robot.ended, { id: ORDER.id, outcome: 'no-progress' });
  const patient = live(blocked, 30, { obstacle: true, patienceSec: 60 }).robot;
  assert.equal(patient.goal?.id, ORDER.id);
});

test('an order fails immediately while the battery is low', () => {
  const stopped = live(onRound(), 10, { failingBattery: true }).robot;
  const { robot } = live(takeOrder(stopped, ORDER), 1, { failingBattery: true });
  assert.deepEqual([robot.phase, robot.ended], ['stopped', { id: ORDER.id, outcome: 'battery-low' }]);
});

test('without a round the robot waits where its last goal was, and still takes orders', () => {
  const waiting = live(onRound(), 60, { round: false }).robot;
  assert.deepEqual([waiting.phase, waiting.goal, waiting.velocity.linearMps], ['waiting', undefined, 0]);
  const { robot } = live(takeOrder(waiting, ORDER), LONG_SEC, { round: false }, hasEnded);
  assert.equal(robot.ended?.outcome, 'reached');
  assert.deepEqual(live(robot, 30, { round: false }).events, []);
});

test('in any sequence of orders and cancellations, the robot reaches every goal that is not cancelled and touches nothing', () => {
  const random = seededRandom(5);
  const somewhere = (): Point => {
    const place = { x: random.float() * WAREHOUSE.widthM, y: random.float() * WAREHOUSE.heightM };
    return isFree(place) ? place : somewhere();
  };
  let robot = onRound();
  let reached = 0;
  for (let round = 0; round < 40; round += 1) {
    const id = `order-${round}`;
    robot = takeOrder(robot, { id, place: somewhere(), ...(round % 2 === 0 && { yaw: random.float() * 6 - 3 }) });
    const giveUpSec = random.float() < 0.5 ? LONG_SEC : random.float() * 20;
    robot = live(robot, giveUpSec, {}, (now) => {
      const { x, y } = now.pose;
      assert.ok(isFree(now.pose, 0.3), `${x}, ${y} on the way to ${id}`);
      return now.ended?.id === id;
    }).robot;
    if (giveUpSec === LONG_SEC) assert.deepEqual(robot.ended, { id, outcome: 'reached' });
    if (robot.ended?.outcome === 'reached') reached += 1;
    if (random.float() < 0.5) robot = cancelGoal(robot, id);
  }
  assert.ok(reached >= 15, `${reached}`);
});
