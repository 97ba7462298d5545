import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RosMessage } from '@medkit/ros2';
import { openRobot } from '../testing/open-robot.ts';

/** A robot with a fault manager, and what that one hears while it accepts reports. */
async function reporting() {
  const robot = await openRobot();
  const heard: RosMessage[] = [];
  const manager = { accepts: true };
  robot.adapter.services.set('/fault_manager/report_fault', (request) => {
    heard.push(request);
    return { accepted: manager.accepts };
  });
  const events = () => heard.map(({ event_type }) => (event_type === 0 ? 'FAILED' : 'PASSED'));
  return { ...robot, heard, manager, events };
}

test('navigation reports a goal that it gives up once, and that the way is free again', async () => {
  const { live, heard, events } = await reporting();
  await live(10);
  await live(8, { obstacle: true });
  assert.deepEqual(heard, [
    {
      fault_code: 'NAVIGATION_GOAL_ABORTED',
      event_type: 0,
      severity: 2,
      description: 'NavigateToPose aborted: Failed to make progress',
      source_id: '/bt_navigator',
    },
  ]);
  await live(3, { obstacle: false });
  assert.deepEqual(events(), ['FAILED', 'PASSED']);
});

test('while it is not accepted that nothing is in the way any more, every goal that is reached says so again', async () => {
  const { live, events, manager } = await reporting();
  await live(10, { failingBattery: true });
  assert.deepEqual(events(), ['FAILED']);
  manager.accepts = false;
  await live(5, { failingBattery: false });
  assert.deepEqual(events(), ['FAILED', 'PASSED']);
  manager.accepts = true;
  await live(60);
  assert.deepEqual(events(), ['FAILED', 'PASSED', 'PASSED']);
});
