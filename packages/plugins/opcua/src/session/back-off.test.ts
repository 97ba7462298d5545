import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { backOffMs } from './back-off.ts';
import { RateBound } from './rate-bound.ts';

const random = (float: number) => ({ float: () => float, bytes: () => new Uint8Array() });

describe('The wait before the next attempt', () => {
  test('doubles from half a second up to half a minute', () => {
    const waits = [1, 2, 3, 7, 8, 1000].map((attempts) => backOffMs(attempts, random(0)));
    assert.deepEqual(waits, [500, 1000, 2000, 30_000, 30_000, 30_000]);
  });

  test('is randomly shortened', () => {
    assert.equal(backOffMs(1, random(0.5)), 375);
  });
});

describe('A rate limit', () => {
  test('lets a burst through, and then a fixed number a second', () => {
    const bound = new RateBound({ perSecond: 10, burst: 3, nowMs: 0 });
    assert.deepEqual(
      [0, 0, 0, 0, 50, 100, 101].map((nowMs) => bound.take(nowMs)),
      [true, true, true, false, false, true, false],
    );
  });

  test('returns the time to wait once it is exceeded', () => {
    const bound = new RateBound({ perSecond: 1000, burst: 100, nowMs: 0 });
    assert.equal(bound.spend(100, 0), 0);
    assert.equal(bound.spend(500, 0), 500);
    assert.equal(bound.spend(0, 600), 0);
  });
});
