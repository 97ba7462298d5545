import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { RosMessage } from '@medkit/ros2';
import { logLines, openRobot } from '../testing/open-robot.ts';
import type { RecordingAdapter } from '../testing/recording-adapter.ts';

const ACTION = '/navigate_to_pose/_action';
const STATUSES = ['unknown', 'accepted', 'executing', 'canceling', 'succeeded', 'canceled', 'aborted'];

interface Place {
  readonly x: number;
  readonly y: number;
}

function uuidOf(id: string): Uint8Array {
  return Uint8Array.from(Buffer.from(id.replaceAll('-', ''), 'hex'));
}

const idOf = (uuid: unknown): string => Buffer.from(uuid as Uint8Array).toString('hex');

/** Sends a goal like a client. Returns its id, or `undefined` if it was rejected. */
async function send(adapter: RecordingAdapter, { x, y }: Place, frame_id = 'map'): Promise<string | undefined> {
  const id = randomUUID();
  const pose = { position: { x, y, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } };
  const goal = { pose: { header: { frame_id }, pose }, behavior_tree: '' };
  const { accepted } = await adapter.call(`${ACTION}/send_goal`, { goal_id: { uuid: uuidOf(id) }, goal });
  return accepted === true ? id.replaceAll('-', '') : undefined;
}

const resultOf = (adapter: RecordingAdapter, id = '') =>
  adapter.call(`${ACTION}/get_result`, { goal_id: { uuid: uuidOf(id) } }).then(({ status, result }) => ({
    status: STATUSES[Number(status)],
    result,
  }));

/** Returns the goals of the last status message with their states. */
function goalStates(adapter: RecordingAdapter): Readonly<Record<string, string>> {
  const { status_list } = adapter.on(`${ACTION}/status`).at(-1) ?? { status_list: [] };
  return Object.fromEntries(
    (status_list as RosMessage[]).map(({ goal_info, status }) => [
      idOf(((goal_info as RosMessage).goal_id as RosMessage).uuid),
      STATUSES[Number(status)],
    ]),
  );
}

const roundGoal = (count: number) => count.toString(16).padStart(32, '0');

test('the goals of the round are seen on the action, with ids that are the same in every run', async () => {
  const { adapter, live } = await openRobot();
  await live(5);
  assert.deepEqual(goalStates(adapter), { [roundGoal(1)]: 'executing' });
  await live(10);
  assert.deepEqual(goalStates(adapter), { [roundGoal(1)]: 'succeeded', [roundGoal(2)]: 'executing' });
  assert.ok(logLines(adapter).includes('bt_navigator: Begin navigating to waypoint 0'));
});

test('a goal interrupts the round of the robot, with feedback twice a second, and the round continues after it', async () => {
  const { adapter, live, robot } = await openRobot();
  await live(5);
  const id = await send(adapter, { x: 5, y: 7.5 });
  assert.ok(id !== undefined);
  await live(4);
  assert.deepEqual(goalStates(adapter), { [roundGoal(1)]: 'aborted', [id]: 'executing' });
  const feedback = adapter.on(`${ACTION}/feedback`).filter(({ goal_id }) => idOf((goal_id as RosMessage).uuid) === id);
  assert.equal(feedback.length, 8);
  const remaining = feedback.map(({ feedback }) => Number((feedback as RosMessage).distance_remaining));
  assert.ok(remaining[0] > 7 && remaining[7] < remaining[0], `${remaining}`);
  const result = resultOf(adapter, id);
  await live(30);
  assert.deepEqual(await result, { status: 'succeeded', result: {} });
  assert.ok(robot.state.goalCount >= 2, 'the round has sent its next goal');
  assert.equal(goalStates(adapter)[roundGoal(robot.state.goalCount)], 'executing');
});

test('a cancelled goal ends, and so does one that a newer one replaces', async () => {
  const { adapter, live, robot } = await openRobot();
  await live(5);
  const first = await send(adapter, { x: 15, y: 10.7 });
  await live(1);
  const second = await send(adapter, { x: 15, y: 4.5 });
  assert.equal((await resultOf(adapter, first)).status, 'aborted');
  const goal_info = { goal_id: { uuid: uuidOf(second ?? '') }, stamp: { sec: 0, nanosec: 0 } };
  assert.equal((await adapter.call(`${ACTION}/cancel_goal`, { goal_info })).return_code, 0);
  assert.deepEqual(await resultOf(adapter, second), { status: 'canceled', result: {} });
  assert.equal(robot.state.phase, 'waiting');
});

test('a person in the path makes a goal fail with the error code of Nav2', async () => {
  const { adapter, live } = await openRobot();
  await live(8);
  const id = await send(adapter, { x: 15, y: 4.5 });
  await live(3);
  const result = resultOf(adapter, id);
  await live(10, { obstacle: true });
  assert.deepEqual(await result, {
    status: 'aborted',
    result: { error_code: 105, error_msg: 'Failed to make progress' },
  });
  assert.ok(logLines(adapter).includes('bt_navigator: Goal failed: NavigateToPose aborted'));
});

test('an unreachable goal is rejected, and the robot continues', async () => {
  const { adapter, live, robot } = await openRobot();
  await live(5);
  for (const place of [
    { x: 10, y: 3 },
    { x: 99, y: 4.5 },
    { x: Number.NaN, y: 4.5 },
  ]) {
    assert.equal(await send(adapter, place), undefined);
  }
  assert.equal(await send(adapter, { x: 5, y: 7.5 }, 'moon'), undefined);
  assert.deepEqual(
    logLines(adapter).filter((line) => line.includes('rejected')),
    [
      'bt_navigator: Goal rejected: the robot cannot stand at (10.00, 3.00)',
      'bt_navigator: Goal rejected: the robot cannot stand at (99.00, 4.50)',
      'bt_navigator: Goal rejected: the robot cannot stand at (NaN, 4.50)',
      'bt_navigator: Goal rejected: there is no transform from moon to map',
    ],
  );
  assert.deepEqual(goalStates(adapter), { [roundGoal(1)]: 'executing' });
  assert.equal(robot.state.phase, 'driving');
});
