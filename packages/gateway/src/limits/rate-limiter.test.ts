import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { RateLimiter, type RateLimiterOptions, type RateLimitRequest } from './rate-limiter.ts';

function limits(options: Partial<RateLimiterOptions> = {}) {
  const clock = new SimulatedClock();
  const limiter = new RateLimiter({
    clock,
    clientPerMinute: 5,
    globalPerMinute: 600,
    cleanupMs: 300_000,
    maxIdleMs: 600_000,
    ...options,
  });
  return {
    clock,
    limiter,
    /** Returns how many of the demands are admitted. */
    admitted: (times: number, demand: Partial<RateLimitRequest> & Pick<RateLimitRequest, 'client'>) =>
      Array.from({ length: times }, () => limiter.judge({ cost: 1, ...demand })).filter((each) => each.isAdmitted)
        .length,
  };
}

it('each client has a separate allowance, which is refilled evenly', () => {
  const { clock, limiter, admitted } = limits();
  assert.equal(admitted(7, { client: 'a' }), 5);
  assert.equal(admitted(7, { client: 'b' }), 5);
  assert.deepEqual(limiter.judge({ client: 'a', cost: 1 }), {
    isAdmitted: false,
    perMinute: 5,
    remaining: 0,
    waitMs: 12_000,
  });
  clock.advance(12_000);
  assert.equal(admitted(7, { client: 'a' }), 1);
});

it('a decision contains the remaining requests, and the time until the allowance is full again', () => {
  const { limiter } = limits();
  const verdict = { isAdmitted: true, perMinute: 5 };
  assert.deepEqual(limiter.judge({ client: 'a', cost: 1 }), { ...verdict, remaining: 4, waitMs: 12_000 });
  assert.deepEqual(limiter.judge({ client: 'a', cost: 2 }), { ...verdict, remaining: 2, waitMs: 36_000 });
});

it('a refused client uses nothing of the global allowance', () => {
  const { limiter, admitted } = limits({ globalPerMinute: 8 });
  assert.equal(admitted(100, { client: 'a' }), 5);
  assert.equal(admitted(100, { client: 'b' }), 3);
  const { perMinute, remaining } = limiter.judge({ client: 'c', cost: 1 });
  assert.deepEqual([perMinute, remaining], [8, 0], 'it is the limit of all that is told');
});

it('requests outside the global limit use only the allowance of their client', () => {
  const { admitted } = limits({ globalPerMinute: 8 });
  assert.equal(admitted(100, { client: 'stranger', isGlobal: false }), 5);
  assert.equal(admitted(100, { client: 'stranger 2', isGlobal: false }), 5);
  assert.equal(admitted(5, { client: 'a' }), 5);
});

it('an endpoint limit is a separate allowance, whatever its requests cost elsewhere', () => {
  const { admitted } = limits();
  const endpoint = { pattern: '/apps/*', perMinute: 3 };
  assert.equal(admitted(9, { client: 'a', endpoint, cost: 2 }), 3);
  assert.equal(admitted(9, { client: 'a' }), 5);
  assert.equal(admitted(9, { client: 'b', endpoint }), 3);
});

it('a client that has been idle for long is forgotten, but not before its allowance is full again', () => {
  const { clock, limiter, admitted } = limits({ cleanupMs: 10_000, maxIdleMs: 20_000 });
  admitted(9, { client: 'a' });
  clock.advance(40_000);
  admitted(1, { client: 'b' });
  assert.equal(limiter.size, 2);
  clock.advance(21_000);
  admitted(1, { client: 'c' });
  assert.equal(limiter.size, 2);
});

it('the number of allowances is bounded, however many clients there are', () => {
  const { limiter, admitted } = limits({ maxBuckets: 100 });
  for (let client = 0; client < 10_000; client += 1) admitted(1, { client: String(client), isGlobal: false });
  assert.equal(limiter.size, 100);
});
