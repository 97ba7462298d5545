import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallTimeout, type RosMessage } from '@medkit/ros2';
import { STEP_SEC } from '../robot/robot.ts';
import { openRobot } from '../testing/open-robot.ts';

/** A robot with a fault manager, and the reports that it receives while it accepts them. */
async function reporting() {
  const robot = await openRobot();
  const requests: RosMessage[] = [];
  const manager = { accepts: true };
  robot.adapter.services.set('/fault_manager/report_fault', (request) => {
    requests.push(request);
    return { accepted: manager.accepts };
  });
  const events = () => requests.map(({ event_type }) => (event_type === 0 ? 'FAILED' : 'PASSED'));
  return { ...robot, requests, manager, events };
}

test('navigation reports an aborted goal once, shortly after its end, and reports when the path is free again', async () => {
  const { live, requests, events, robot } = await reporting();
  await live(10);
  requests.length = 0;
  let endedAt: number | undefined;
  let reportedAt: number | undefined;
  robot.onEvent((event) => {
    if (event === 'goal-aborted') endedAt = robot.state.step;
  });
  for (let quarter = 0; quarter < 36; quarter += 1) {
    await live(0.25, { obstacle: true });
    if (requests.length > 0) reportedAt ??= robot.state.step;
  }
  const waitedSec = ((reportedAt ?? 0) - (endedAt ?? 0)) * STEP_SEC;
  assert.ok(waitedSec >= 1 && waitedSec <= 2, `who watches the action tells first: ${waitedSec} s`);
  assert.deepEqual(requests, [
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

test('the first PASSED after a start is reported, as a fault may still be active, and no later one', async () => {
  const { live, events } = await reporting();
  await live(60);
  assert.deepEqual(events(), ['PASSED']);
});

test('a report that is not accepted is repeated every second, until it is accepted', async () => {
  const { live, events, manager } = await reporting();
  await live(10, { failingBattery: true });
  assert.deepEqual(events(), ['FAILED']);
  manager.accepts = false;
  await live(5, { failingBattery: false });
  assert.deepEqual(new Set(events().slice(1)), new Set(['PASSED']));
  assert.ok(events().length > 3, `${events()}`);
  manager.accepts = true;
  await live(2);
  const taken = events().length;
  await live(60);
  assert.equal(events().length, taken);
});

test('a fault manager that starts after the fault, or answers late, receives its report', async () => {
  const { live, adapter } = await openRobot();
  await live(10, { failingBattery: true });
  const eventTypes: unknown[] = [];
  let late = true;
  adapter.services.set('/fault_manager/report_fault', async ({ event_type }) => {
    if (late) {
      late = false;
      throw new CallTimeout('/fault_manager/report_fault did not answer within 10000 ms');
    }
    eventTypes.push(event_type);
    return { accepted: true };
  });
  await live(3);
  assert.deepEqual(eventTypes, [0]);
});
