import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type GoalEvent, type GoalStatus, isActive, nextStatus, statusCode, statusOfCode } from './goal-status.ts';

const EVENTS: readonly GoalEvent[] = ['execute', 'cancel-goal', 'succeed', 'abort', 'canceled'];

test('statuses have the numbers of action_msgs', () => {
  const byNumber = ['unknown', 'accepted', 'executing', 'canceling', 'succeeded', 'canceled', 'aborted'] as const;
  for (const [code, status] of byNumber.entries()) {
    assert.equal(statusOfCode(code), status);
    assert.equal(statusCode(status), code);
  }
  for (const code of [-1, 7, 127]) assert.equal(statusOfCode(code), 'unknown');
});

test('every status accepts the events of rcl_action and no other', () => {
  const taken = (status: GoalStatus) => EVENTS.map((event) => nextStatus(status, event));
  //                                     execute      cancel-goal  succeed      abort      canceled
  assert.deepEqual(taken('accepted'), ['executing', 'canceling', undefined, undefined, undefined]);
  assert.deepEqual(taken('executing'), [undefined, 'canceling', 'succeeded', 'aborted', undefined]);
  assert.deepEqual(taken('canceling'), [undefined, undefined, 'succeeded', 'aborted', 'canceled']);
  for (const status of ['unknown', 'succeeded', 'canceled', 'aborted'] as const) {
    assert.deepEqual(
      taken(status),
      EVENTS.map(() => undefined),
    );
    assert.equal(isActive(status), false);
  }
});

test('a goal moves forward only, and ends as canceled only after a cancel request, whatever its events', () => {
  const random = seededRandom(11);
  for (let run = 0; run < 500; run++) {
    const path: GoalStatus[] = ['accepted'];
    for (let step = 0; step < 20; step++) {
      const next = nextStatus(path.at(-1)!, EVENTS[Math.floor(random.float() * EVENTS.length)]);
      if (next) path.push(next);
    }
    assert.equal(new Set(path).size, path.length, path.join());
    assert.ok(path.slice(0, -1).every(isActive), path.join());
    if (path.includes('canceled')) assert.equal(path.at(-2), 'canceling');
  }
});
