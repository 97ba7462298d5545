import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { GoalTable, MAX_RESULT_WAITERS, MAX_STORED_RESULTS } from './goal-table.ts';

const RESULT_TIMEOUT_MS = 1000;

const goalId = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

const ONE = goalId(1);

function openTable({ maxGoals = 10 } = {}) {
  const clock = new SimulatedClock();
  const statuses: string[] = [];
  const goals: GoalTable = new GoalTable({
    clock,
    resultTimeoutMs: RESULT_TIMEOUT_MS,
    maxGoals,
    onChange: () => statuses.push([...goals.all.values()].map(({ status }) => status).join()),
  });
  return { clock, goals, statuses };
}

function finish(goals: GoalTable, id: string): void {
  goals.accept(id);
  goals.begin(id);
  goals.end(id, 'succeed', { id });
}

test('every change of a status is reported, and nothing else', () => {
  const { goals, statuses } = openTable();
  goals.accept(ONE);
  goals.begin(ONE);
  assert.equal(goals.end(ONE, 'canceled', {}), false);
  assert.equal(goals.cancel(ONE), true);
  assert.equal(goals.cancel(ONE), false);
  assert.equal(goals.cancel(goalId(2)), false);
  assert.equal(goals.end(ONE, 'canceled', {}), true);
  assert.equal(goals.end(ONE, 'succeed', {}), false);
  assert.deepEqual(statuses, ['accepted', 'executing', 'canceling', 'canceled']);
});

test('an id is accepted once, and no more goals are running than are allowed', () => {
  const { goals } = openTable({ maxGoals: 2 });
  assert.equal(goals.accept(ONE)?.status, 'accepted');
  assert.equal(goals.accept(ONE), undefined);
  goals.accept(goalId(2));
  assert.equal(goals.accept(goalId(3)), undefined);
  goals.begin(ONE);
  goals.end(ONE, 'abort', {});
  assert.equal(goals.active, 1);
  assert.ok(goals.accept(goalId(3)));
  assert.equal(goals.accept(ONE), undefined, 'also while its result is kept');
});

test('a result is available to waiting and later clients, and forgotten in the end', async () => {
  const { clock, goals } = openTable();
  goals.accept(ONE);
  goals.begin(ONE);
  const waiting = [goals.result(ONE), goals.result(ONE)];
  goals.end(ONE, 'succeed', { x: 1 });
  const expected = { status: 'succeeded', result: { x: 1 } };
  assert.deepEqual(await Promise.all(waiting), [expected, expected]);
  clock.advance(RESULT_TIMEOUT_MS - 1);
  assert.deepEqual(await goals.result(ONE), expected);
  clock.advance(1);
  assert.deepEqual(await goals.result(ONE), { status: 'unknown', result: {} });
  assert.equal(goals.all.size, 0);
});

test('of too many results the oldest is forgotten early', () => {
  const { goals } = openTable();
  for (let number = 0; number <= MAX_STORED_RESULTS; number++) finish(goals, goalId(number));
  assert.equal(goals.all.size, MAX_STORED_RESULTS);
  assert.equal(goals.all.has(goalId(0)), false);
  assert.equal(goals.all.has(ONE), true);
});

test('of too many waiting clients the last ones are refused, until others have their result', async () => {
  const { goals } = openTable();
  goals.accept(ONE);
  goals.begin(ONE);
  const waiting = Array.from({ length: MAX_RESULT_WAITERS }, () => goals.result(ONE));
  await assert.rejects(goals.result(ONE), { name: 'TooManyCalls' });
  goals.end(ONE, 'succeed', {});
  await Promise.all(waiting);
  assert.equal((await goals.result(ONE)).status, 'succeeded');
});

test('after the close no goal runs, no client waits, and no timer is left', async () => {
  const { clock, goals, statuses } = openTable();
  const done = goals.accept(goalId(2));
  goals.begin(goalId(2));
  goals.end(goalId(2), 'succeed', {});
  const goal = goals.accept(ONE);
  goals.begin(ONE);
  const waiting = goals.result(ONE);
  const before = statuses.length;
  goals.close();
  assert.deepEqual([goal?.signal.aborted, done?.signal.aborted], [true, false]);
  assert.equal((await waiting).status, 'unknown');
  assert.equal(goals.end(ONE, 'succeed', {}), false);
  assert.equal(goals.accept(ONE), undefined);
  clock.advance(10 * RESULT_TIMEOUT_MS);
  assert.equal(statuses.length, before);
  assert.equal(goals.active, 0);
});
