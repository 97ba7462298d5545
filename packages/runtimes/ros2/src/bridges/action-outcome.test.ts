import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { actionCode, actionOfTopic, actionOutcome, isWatched } from './action-outcome.ts';

const outcome = (statuses: readonly number[], canceledIsFault = false) =>
  actionOutcome({ status_list: statuses.map((status) => ({ status })) }, canceledIsFault);

describe('the outcome of an action', () => {
  it('X05: is the worst of its goals, whatever their order', () => {
    assert.equal(outcome([]), 'unknown');
    assert.equal(outcome([1, 2, 3]), 'unknown');
    assert.equal(outcome([2, 4]), 'healthy');
    assert.equal(outcome([5]), 'healthy');
    assert.equal(outcome([5], true), 'canceled');
    for (const goals of [
      [6, 4],
      [4, 6],
      [5, 6, 2],
    ]) {
      assert.equal(outcome(goals), 'aborted');
      assert.equal(outcome(goals, true), 'aborted');
    }
    assert.equal(outcome([4, 5], true), 'canceled');
  });

  it('X01: belongs to the action that the topic is part of', () => {
    assert.equal(actionOfTopic('/navigate_to_pose/_action/status'), '/navigate_to_pose');
    for (const topic of ['/_action/status', '/navigate_to_pose/_action/feedback', '/scan']) {
      assert.equal(actionOfTopic(topic), undefined);
    }
  });

  it('X03: has a code with its whole end, and differs for what differs', () => {
    assert.equal(actionCode('/navigate_to_pose', 'ABORTED', 'ACTION'), 'ACTION_NAVIGATE_TO_POSE_ABORTED');
    const [a, b] = ['a', 'b'].map((end) => actionCode(`/${'very_long_'.repeat(12)}${end}`, 'CANCELED', 'ACTION'));
    for (const code of [a, b]) assert.ok(code!.length <= 64 && code!.endsWith('_CANCELED'), code);
    assert.notEqual(a, b);
    assert.ok(actionCode(`/${'x'.repeat(90)}`, 'ABORTED', 'P'.repeat(90)).length <= 64);
  });

  it('is looked at unless its name says otherwise', () => {
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
