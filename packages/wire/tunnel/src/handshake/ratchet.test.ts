import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { confirmRatchet, judgeRatchet, type RatchetState } from './ratchet.ts';

const KEY = { secret: Buffer.alloc(32, 7), robot: '17' };
const random = seededRandom(3);

const judge = (state: RatchetState, presented?: string, key = KEY) => judgeRatchet(state, presented, key, random);

/** Judges and expects that the robot is accepted. */
function accept(state: RatchetState, presented?: string) {
  const judged = judge(state, presented);
  if (judged.verdict !== 'accepted') throw new Error(judged.reason);
  return judged;
}

/** States after each of three connects, with the step that the robot holds. */
function threeConnects() {
  const first = accept({}).state;
  const second = accept(confirmRatchet(first), first.next).state;
  const third = accept(confirmRatchet(second), second.next).state;
  return { steps: [first.next, second.next, third.next] as const, state: confirmRatchet(third) };
}

test('the first connect needs no step, and each confirmed step is the one for the next connect', () => {
  const { steps, state } = threeConnects();
  assert.deepEqual(
    steps.map((step) => step.split('.')[0]),
    ['1', '2', '3'],
  );
  assert.deepEqual(state, { current: steps[2] });
});

test('a robot whose confirmation was lost is accepted with the unconfirmed step', () => {
  const { next } = accept({}).state;
  const judged = accept({ next }, next);
  assert.equal(judged.state.current, next);
  assert.equal(judged.hubWentBack, false);
});

test('a robot that did not store the next step is accepted with the current one, and gets a greater number', () => {
  const { steps, state } = threeConnects();
  const sent = accept(state, steps[2]).state;
  const again = accept(sent, steps[2]).state;
  assert.equal(again.next.split('.')[0], '5');
});

test('the second of two disks with one key is detected, whichever connects first', () => {
  const { steps, state } = threeConnects();
  for (const old of [steps[0], steps[1]]) assert.equal(judge(state, old).verdict, 'cloned');
  // The original stored step 4, but its confirmation was lost; then the clone connects with step 3.
  const original = accept(state, steps[2]).state;
  const clone = accept(original, steps[2]).state;
  assert.equal(judge(clone, original.next).verdict, 'cloned');
  assert.equal(judge(confirmRatchet(clone), original.next).verdict, 'cloned');
});

test('a disk without a step is a clone once the key has connected', () => {
  assert.equal(judge(threeConnects().state).verdict, 'cloned');
});

test('a hub that was restored from an older copy accepts a greater genuine step, and says that it went back', () => {
  const { steps } = threeConnects();
  const judged = accept({ current: steps[0] }, steps[2]);
  assert.equal(judged.hubWentBack, true);
  assert.equal(judged.state.next.split('.')[0], '4');
});

test('a forged step, that of another robot, and text of any kind are not accepted', () => {
  const { steps, state } = threeConnects();
  const other = judge({}, undefined, { ...KEY, robot: '18' });
  assert.equal(other.verdict, 'accepted');
  const later = `9${steps[2].slice(1)}`;
  for (const step of [later, '', 'x', '9.9.9', other.verdict === 'accepted' ? other.state.next : '']) {
    assert.equal(judge(state, step).verdict, 'cloned', step);
  }
});
