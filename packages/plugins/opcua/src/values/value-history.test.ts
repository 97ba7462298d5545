import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueHistory } from './value-history.ts';

test('a history has the numbers of a minute, evenly, and the newest always', () => {
  const history = new ValueHistory(60);
  for (let tenth = 0; tenth < 36_000; tenth++) history.add(tenth * 100, tenth / 10);
  const points = history.since(0);
  assert.equal(points.length, 64);
  assert.ok(Math.abs(points.at(-1)![1] - 3599.9) < 0.05);
  const span = points.at(-1)![1] - points[0]![1];
  assert.ok(span >= 58 && span <= 66, `${span} s`);
  assert.equal(points.at(-1)![0], BigInt(Math.round(points.at(-1)![1] * 1e9)));
});

test('a history of numbers that seldom change has all of them since a time', () => {
  const history = new ValueHistory(60);
  for (const second of [1, 5, 9]) history.add(second * 1000, second * 2);
  assert.deepEqual(history.since(5000), [
    [5_000_000_000n, 10],
    [9_000_000_000n, 18],
  ]);
});

test('a history begins anew where the clock was set back, and so has what comes then', () => {
  const history = new ValueHistory(60);
  for (let second = 0; second < 30; second++) history.add(3_600_000 + second * 1000, 1);
  for (let second = 0; second < 10; second++) history.add(second * 2000, 2);
  assert.deepEqual(
    history.since(0).map(([, value]) => value),
    Array.from({ length: 10 }, () => 2),
  );
});
