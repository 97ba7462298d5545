import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from './clock.ts';

test('the wall clock has a fraction and stays within the millisecond of the system clock', () => {
  const fractions = new Set<number>();
  for (let round = 0; round < 20_000; round += 1) {
    const before = Date.now();
    const wallMs = systemClock.wallMs();
    const after = Date.now();
    assert.ok(wallMs >= before && wallMs <= after + 1, `${wallMs} is not between ${before} and ${after + 1}`);
    fractions.add(wallMs % 1);
  }
  assert.ok(fractions.size > 100, `${fractions.size} different fractions`);
});

test('nanoseconds and milliseconds of the wall clock are the same time', () => {
  const apartMs = Math.abs(Number(systemClock.wallNs()) / 1e6 - systemClock.wallMs());
  assert.ok(apartMs < 50, `${apartMs} ms apart`);
});

test('immediate tasks run after the current turn of the event loop, unless they are cancelled', async () => {
  const done: string[] = [];
  systemClock.after(0, () => done.push('cancelled')).cancel();
  systemClock.after(0, () => done.push('turn'));
  await Promise.resolve();
  assert.deepEqual(done, []);
  await new Promise(setImmediate);
  assert.deepEqual(done, ['turn']);
});
