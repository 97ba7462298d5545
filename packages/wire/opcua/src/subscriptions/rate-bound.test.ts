import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RateBound } from './rate-bound.ts';

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
