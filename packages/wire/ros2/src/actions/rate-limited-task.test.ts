import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { rateLimitedTask } from './rate-limited-task.ts';

const PAUSE_MS = 10;

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function pacedWork(work: (count: number) => Promise<void> = async () => undefined) {
  const clock = new SimulatedClock();
  const doneMs: number[] = [];
  const failures: unknown[] = [];
  const { ask, stop } = rateLimitedTask({
    clock,
    pauseMs: PAUSE_MS,
    work: () => work(doneMs.push(clock.monotonicMs())),
    onFailure: (error) => failures.push(error),
  });
  return { clock, doneMs, failures, ask, stop };
}

test('the first run is immediate, and all further requests within the pause cause one run after it', async () => {
  const { clock, doneMs, ask } = pacedWork();
  ask();
  ask();
  await settle();
  await clock.advanceAsync(3);
  ask();
  assert.deepEqual(doneMs, [0]);
  await clock.advanceAsync(50);
  assert.deepEqual(doneMs, [0, PAUSE_MS]);
  ask();
  assert.deepEqual(doneMs, [0, PAUSE_MS, 53]);
});

test('a task never runs twice at a time, and the pause begins when a run ends', async () => {
  const slow = Promise.withResolvers<void>();
  const { clock, doneMs, ask } = pacedWork((count) => (count === 1 ? slow.promise : Promise.resolve()));
  ask();
  ask();
  await clock.advanceAsync(100);
  assert.deepEqual(doneMs, [0]);
  slow.resolve();
  await clock.advanceAsync(50);
  assert.equal(doneMs.length, 2);
  assert.ok(doneMs[1] >= 100 + PAUSE_MS);
});

test('a failure is reported and does not stop later runs', async () => {
  const { clock, failures, ask } = pacedWork(async (count) => {
    throw new Error(`${count}`);
  });
  ask();
  ask();
  await clock.advanceAsync(50);
  assert.deepEqual(failures, [new Error('1'), new Error('2')]);
});

test('no run begins once the task is stopped', async () => {
  const { clock, doneMs, ask, stop } = pacedWork();
  ask();
  ask();
  await clock.advanceAsync(1);
  stop();
  ask();
  await clock.advanceAsync(50);
  assert.deepEqual(doneMs, [0]);
});
