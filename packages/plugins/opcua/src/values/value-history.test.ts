import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueHistory } from './value-history.ts';

test('a history has evenly spaced numbers of one minute, and always the newest', () => {
  const history = new ValueHistory(60);
  for (let tenth = 0; tenth < 36_000; tenth++) history.add(tenth * 100, tenth / 10);
  const points = history.since(0);
  assert.equal(points.length, 64);
  assert.ok(Math.abs(points.at(-1)![1] - 3599.9) < 0.05);
  const span = points.at(-1)![1] - points[0]![1];
  assert.ok(span >= 58 && span <= 66, `${span} s`);
  assert.equal(points.at(-1)![0], BigInt(Math.round(points.at(-1)![1] * 1e9)));
});

test('a history of rarely changing numbers has all of them since a given time', () => {
  const history = new ValueHistory(60);
  for (const second of [1, 5, 9]) history.add(second * 1000, second * 2);
  assert.deepEqual(history.since(5000), [
    [5_000_000_000n, 10],
    [9_000_000_000n, 18],
  ]);
});

test('a history of rarely changing numbers reaches as far back as one of frequent changes, and no further', () => {
  const history = new ValueHistory(60);
  for (let second = 0; second <= 3600; second += 5) history.add(second * 1000, second);
  const [first] = history.since(0);
  const reachSec = 3600 - first![1];
  assert.ok(reachSec >= 70 && reachSec <= 80, `${reachSec} s`);
  // The number at the start of the minute is the first point.
  assert.deepEqual(history.since(3_538_000)[0], [3_538_000_000_000n, 3535]);
});

test('a history begins with the number that is valid at its begin, even if it was reported earlier', () => {
  const history = new ValueHistory(60);
  history.add(1000, 85);
  history.add(600_000, 93);
  assert.deepEqual(history.since(540_000), [
    [540_000_000_000n, 85],
    [600_000_000_000n, 93],
  ]);
  assert.deepEqual(history.since(600_000), [[600_000_000_000n, 93]]);
  assert.deepEqual(history.since(700_000), [[700_000_000_000n, 93]]);
});

test('a history has no number for an unknown time: after a gap the last one before it is not valid', () => {
  const history = new ValueHistory(60);
  history.breakOff();
  history.add(1000, 85);
  history.breakOff();
  history.add(600_000, 93);
  assert.deepEqual(history.since(540_000), [[600_000_000_000n, 93]]);
  assert.deepEqual(history.since(1000).length, 2);
  assert.deepEqual(history.since(700_000), [[700_000_000_000n, 93]]);
  history.breakOff();
  assert.deepEqual(history.since(700_000), []);
});

test('a history has the number that caused a fault, even if others arrive at the same moment', () => {
  const history = new ValueHistory(60);
  for (const [timeMs, value] of [
    [0, 80],
    [2000, 85],
    [2100, 93],
  ] as const) {
    history.add(timeMs, value);
  }
  history.keepLast();
  for (const tenth of [1, 2, 3]) history.add(2100 + tenth * 100, 93 + tenth);
  assert.deepEqual(
    history.since(0).map(([, value]) => value),
    [80, 85, 93, 96],
  );
});

test('a history covers at least half its time span even if every number caused a fault', () => {
  const history = new ValueHistory(60);
  history.keepLast();
  for (let tenth = 0; tenth < 1200; tenth++) {
    history.add(tenth * 100, tenth);
    history.keepLast();
  }
  const points = history.since(0);
  assert.ok(Number(points.at(-1)![0] - points[0]![0]) > 30e9, `${points}`);
});

test('a history restarts if the clock is set back, and has the numbers after that', () => {
  const history = new ValueHistory(60);
  for (let second = 0; second < 30; second++) history.add(3_600_000 + second * 1000, 1);
  for (let second = 0; second < 10; second++) history.add(second * 2000, 2);
  assert.deepEqual(
    history.since(0).map(([, value]) => value),
    Array.from({ length: 10 }, () => 2),
  );
});
