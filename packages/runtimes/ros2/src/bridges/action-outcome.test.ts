import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  actionFault,
  actionOfTopic,
  decisiveGoal,
  type EndedGoal,
  endedGoals,
  isWatched,
  namesFailure,
} from './action-outcome.ts';

/** Builds a status message: `[number of the goal, status]` for each goal. Higher numbers were accepted later. */
const message = (...goals: readonly (readonly [number, number])[]) => ({
  status_list: goals.map(([number, status]) => ({
    goal_info: { goal_id: { uuid: new Uint8Array(16).fill(number) }, stamp: { sec: number, nanosec: 0 } },
    status,
  })),
});
const NONE: ReadonlySet<string> = new Set();

/** Returns the status of the deciding goal after these messages. */
function outcome(messages: readonly ReturnType<typeof message>[], canceledIsFault = false) {
  let ended: readonly EndedGoal[] = [];
  for (const each of messages) ended = endedGoals(ended, each, 'server');
  return decisiveGoal(ended, NONE, canceledIsFault)?.status;
}

describe('the outcome of an action', () => {
  it('X05: is the outcome of the goal that ended last, whatever the order in the message', () => {
    assert.equal(outcome([message()]), undefined);
    assert.equal(outcome([message([1, 1], [2, 2], [3, 3])]), undefined);
    assert.equal(outcome([message([1, 6], [2, 4])]), 'succeeded');
    assert.equal(outcome([message([2, 4], [1, 6])]), 'succeeded');
    assert.equal(outcome([message([1, 4], [2, 6])]), 'aborted');
    assert.equal(outcome([message([1, 2], [2, 4]), message([1, 6], [2, 4])]), 'aborted', 'the older goal ends later');
    assert.equal(outcome([message([1, 4]), message([2, 4], [1, 4]), message([3, 6], [1, 4])]), 'aborted');
  });

  it('does not change when a goal is canceled, unless a cancellation is a fault', () => {
    assert.equal(outcome([message([1, 5])]), undefined);
    assert.equal(outcome([message([1, 6], [2, 5])]), 'aborted');
    assert.equal(outcome([message([1, 4], [2, 5])], true), 'canceled');
    assert.equal(outcome([message([1, 4], [2, 2], [3, 2]), message([1, 4], [2, 5], [3, 2])], true), 'succeeded');
  });

  it('ignores goals that a newer goal replaced', () => {
    const ended = endedGoals([], message([1, 4], [2, 6], [3, 2]), 'server');
    assert.deepEqual(
      ended.map(({ hasNewer }) => hasNewer),
      [true, true],
    );
    assert.equal(decisiveGoal(ended, new Set([ended[1]!.goalId]), false)?.status, 'succeeded');
  });

  it('keeps the goals of two servers of one action apart', () => {
    let ended = endedGoals([], message([1, 6]), 'first');
    ended = endedGoals(ended, message([2, 4]), 'second');
    ended = endedGoals(ended, message([1, 6], [3, 2]), 'first');
    assert.equal(decisiveGoal(ended, NONE, false)?.status, 'succeeded');
  });

  it('is a failure of a replaced goal only if its result names one', () => {
    assert.equal(namesFailure({}), false);
    assert.equal(namesFailure({ error_code: 0, error_msg: 'A newer goal has taken its place' }), false);
    assert.equal(namesFailure({ error_code: { val: -7 } }), false, 'PREEMPTED of MoveIt');
    assert.equal(namesFailure({ error_code: { val: -1 } }), true);
    assert.equal(namesFailure({ error_code: 105 }), true);
    assert.equal(namesFailure({ message: 'gripper jammed' }), true);
  });

  it('X01: belongs to the action that the topic is part of', () => {
    assert.equal(actionOfTopic('/navigate_to_pose/_action/status'), '/navigate_to_pose');
    for (const topic of ['/_action/status', '/navigate_to_pose/_action/feedback', '/scan']) {
      assert.equal(actionOfTopic(topic), undefined);
    }
  });

  it('X03: has a code with its whole ending, and differs for different names', () => {
    assert.equal(actionFault('/navigate_to_pose', 'ABORTED', 'ACTION').code, 'ACTION_NAVIGATE_TO_POSE_ABORTED');
    const [a, b] = ['a', 'b'].map((end) => actionFault(`/${'very_long_'.repeat(12)}${end}`, 'CANCELED', 'ACTION').code);
    for (const code of [a, b]) assert.ok(code!.length <= 64 && code!.endsWith('_CANCELED'), code);
    assert.notEqual(a, b);
    const alike = ['/arm_left/move', '/arm/left_move'].map((action) => actionFault(action, 'ABORTED', 'ACTION'));
    assert.equal(alike[0]?.code, alike[1]?.code);
    assert.equal(new Set(alike.flatMap(({ condition }) => [condition?.key, condition?.otherCode])).size, 4);
    assert.ok(actionFault(`/${'x'.repeat(90)}`, 'ABORTED', 'P'.repeat(90)).code.length <= 64);
  });

  it('is followed unless its name is excluded', () => {
    const rules = {
      abortedSeverity: 2,
      canceledIsFault: false,
      healOnSucceeded: true,
      codePrefix: '',
      sourceId: '',
    } as const;
    const watched = (excludeActions: readonly string[], includeOnlyActions: readonly string[]) =>
      isWatched('/arm/grip', { ...rules, excludeActions, includeOnlyActions });
    assert.deepEqual(
      [watched([], []), watched(['grip'], []), watched([], ['nav']), watched([], ['arm'])],
      [true, false, false, true],
    );
  });
});
