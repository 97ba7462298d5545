import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelCode, cancelOutcomeOf, goalsToCancel } from './cancel-request.ts';
import type { GoalState } from './goal.ts';
import { NO_GOAL_ID } from './goal-id.ts';

const goals: ReadonlyMap<string, GoalState> = new Map(
  (
    [
      ['early', 'executing', 10n],
      ['done', 'succeeded', 20n],
      ['going', 'canceling', 30n],
      ['late', 'accepted', 40n],
    ] as const
  ).map(([goalId, status, acceptedNs]) => [goalId, { goalId, status, acceptedNs }]),
);

const choose = (goalId: string, untilNs: bigint) => {
  const chosen = goalsToCancel({ goalId, untilNs }, goals);
  return [chosen.outcome, ...chosen.goals.map((goal) => goal.goalId)];
};

test('one goal is named by its id alone', () => {
  assert.deepEqual(choose('late', 0n), ['accepted', 'late']);
  assert.deepEqual(choose('nobody', 0n), ['unknown-goal']);
  assert.deepEqual(choose('done', 0n), ['terminated']);
  assert.deepEqual(choose('going', 0n), ['terminated']);
});

test('without id and time all goals are selected that can be cancelled', () => {
  assert.deepEqual(choose(NO_GOAL_ID, 0n), ['accepted', 'early', 'late']);
});

test('a time selects the goals accepted until then, an id with it one more', () => {
  assert.deepEqual(choose(NO_GOAL_ID, 10n), ['accepted', 'early']);
  assert.deepEqual(choose(NO_GOAL_ID, 9n), ['accepted']);
  assert.deepEqual(choose('late', 10n), ['accepted', 'early', 'late']);
  assert.deepEqual(choose('nobody', 30n), ['accepted', 'early']);
});

test('outcomes have the return codes of action_msgs', () => {
  for (const [code, outcome] of (['accepted', 'rejected', 'unknown-goal', 'terminated'] as const).entries()) {
    assert.equal(cancelCode(outcome), code);
    assert.equal(cancelOutcomeOf(code), outcome);
  }
  assert.equal(cancelOutcomeOf(9), 'rejected');
});
