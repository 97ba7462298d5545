import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WAREHOUSE } from '../world/warehouse.ts';
import { LOW_VOLTAGE_V } from './battery.ts';
import { type Conditions, NORMAL_CONDITIONS } from './conditions.ts';
import { CLEARANCE_M } from './person.ts';
import { ROBOT_AT_START, type Robot, type RobotEvent, STEP_SEC } from './robot.ts';
import { clearanceOf, stepRobot } from './step.ts';

/** Runs for `sec` seconds and returns the last state, the events, and all states. */
function run(start: Robot, sec: number, conditions: Partial<Conditions> = {}) {
  let robot = start;
  const events: RobotEvent[] = [];
  const states: Robot[] = [];
  for (let step = 0; step < sec / STEP_SEC; step += 1) {
    robot = stepRobot(robot, { ...NORMAL_CONDITIONS, ...conditions });
    events.push(...robot.events);
    states.push(robot);
  }
  return { robot, events, states };
}

test('the robot drives its round through the warehouse again and again without touching a shelf', () => {
  const { states, events } = run(ROBOT_AT_START, 240);
  assert.ok(states.filter(({ events: now }) => now.includes('planning-failed')).length >= 2, 'two rounds began');
  assert.ok(events.filter((event) => event === 'goal-reached').length >= 12);
  for (const { pose, step } of states) {
    const touched = WAREHOUSE.boxes.some(
      ({ minX, minY, maxX, maxY }) =>
        pose.x > minX - 0.3 && pose.x < maxX + 0.3 && pose.y > minY - 0.3 && pose.y < maxY + 0.3,
    );
    assert.ok(!touched, `step ${step} at ${pose.x}, ${pose.y}`);
  }
  assert.ok(states.every(({ battery }) => battery.voltageV > LOW_VOLTAGE_V));
});

test('the same start gives the same run', () => {
  assert.deepEqual(run(ROBOT_AT_START, 30).robot, run(ROBOT_AT_START, 30).robot);
});

test('a person in the path stops the robot at arm length, and navigation aborts after its patience', () => {
  const driving = run(ROBOT_AT_START, 10).robot;
  assert.equal(driving.phase, 'driving');
  const { robot, events } = run(driving, 8, { obstacle: true });
  assert.equal(robot.phase, 'blocked');
  assert.equal(robot.velocity.linearMps, 0);
  assert.ok(Math.abs(clearanceOf(robot) - CLEARANCE_M) < 1e-6, `${clearanceOf(robot)}`);
  assert.deepEqual(events, ['path-blocked', 'planning-failed', 'planning-failed', 'goal-aborted', 'planning-failed']);
  const after = run(robot, 3);
  assert.deepEqual(after.events.slice(0, 2), ['path-clear', 'goal-accepted']);
  assert.ok(after.robot.velocity.linearMps > 0);
});

test('a failing battery falls under 22 V within ten seconds and stops the robot until it is exchanged', () => {
  const { robot, events } = run(run(ROBOT_AT_START, 10).robot, 10, { failingBattery: true });
  assert.ok(robot.battery.voltageV < LOW_VOLTAGE_V, `${robot.battery.voltageV} V`);
  assert.equal(robot.phase, 'stopped');
  assert.ok(events.includes('battery-low') && events.includes('goal-aborted'));
  const after = run(robot, 5);
  assert.ok(after.robot.battery.voltageV > LOW_VOLTAGE_V);
  assert.ok(after.events.includes('battery-recovered'));
});

test('the robot never exceeds a speed limit', () => {
  const { states } = run(run(ROBOT_AT_START, 10).robot, 10, { speedLimitMps: 0.2 });
  assert.ok(states.every(({ velocity }) => velocity.linearMps <= 0.2));
});

test('a robot without a gate waits for the release of the filling station too', () => {
  const before = run(ROBOT_AT_START, 12).robot;
  const held = run(before, 8, { released: false });
  assert.ok(held.events.includes('goal-aborted'));
  assert.equal(held.robot.velocity.linearMps, 0);
  assert.ok(run(held.robot, 60).events.includes('goal-reached'));
});
