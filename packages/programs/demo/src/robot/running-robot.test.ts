import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { STEP_SEC } from './robot.ts';
import { RunningRobot } from './running-robot.ts';

/** A running robot with a clock that can jump, as after a suspend. */
function openRobot() {
  const simulated = new SimulatedClock();
  let jumpedMs = 0;
  const clock = {
    wallNs: () => simulated.wallNs(),
    wallMs: () => simulated.wallMs(),
    monotonicMs: () => simulated.monotonicMs() + jumpedMs,
    after: simulated.after.bind(simulated),
    every: simulated.every.bind(simulated),
  };
  const robot = new RunningRobot({ clock });
  robot.start();
  const jump = (ms: number) => {
    jumpedMs += ms;
    simulated.advance(STEP_SEC * 1000);
  };
  return { robot, jump, advance: (sec: number) => simulated.advance(sec * 1000) };
}

test('the robot steps with the clock, also when a tick is late', () => {
  const { robot, jump, advance } = openRobot();
  advance(2);
  assert.equal(robot.state.step, 40);
  jump(STEP_SEC * 1000 * 4.5);
  assert.equal(robot.state.step, 45);
  jump(STEP_SEC * 1000 * 0.5);
  assert.equal(robot.state.step, 47, 'the half step was not lost');
});

test('after a long pause the robot continues from its last position', () => {
  const { robot, jump, advance } = openRobot();
  advance(1);
  jump(3_600_000);
  assert.equal(robot.state.step, 40);
  advance(1);
  assert.equal(robot.state.step, 60);
});

test('a stopped robot stands still, and conditions change one at a time', () => {
  const { robot, advance } = openRobot();
  robot.change({ obstacle: true });
  robot.change({ failingBattery: true });
  assert.deepEqual([robot.conditions.obstacle, robot.conditions.failingBattery], [true, true]);
  robot.stop();
  advance(5);
  assert.equal(robot.state.step, 0);
});
