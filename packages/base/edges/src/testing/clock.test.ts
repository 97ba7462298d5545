import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from './clock.ts';

test('timers fire in due order, including those that a callback sets during the same advance', () => {
  const clock = new SimulatedClock();
  const fired: string[] = [];
  clock.after(20, () => fired.push('b'));
  clock.after(10, () => {
    fired.push('a');
    clock.after(5, () => fired.push('a2'));
  });
  clock.advance(20);
  assert.deepEqual(fired, ['a', 'a2', 'b']);
});

test('a periodic timer fires once a period until it is cancelled', () => {
  const clock = new SimulatedClock();
  let count = 0;
  const timer = clock.every(10, () => {
    count += 1;
  });
  clock.advance(35);
  timer.cancel();
  clock.advance(100);
  assert.equal(count, 3);
});

test('a step of the wall clock leaves monotonic time alone', () => {
  const clock = new SimulatedClock({ epochMs: 1000 });
  clock.advance(5);
  clock.stepWall(-500);
  assert.equal(clock.wallMs(), 505);
  assert.equal(clock.wallNs(), 505_000_000n);
  assert.equal(clock.monotonicMs(), 5);
});
