import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { firstLine, outcomeOf } from './attempt-outcome.ts';
import { RateLimiter } from './rate-limiter.ts';

describe('the rate limiter', () => {
  it('lets the requests of one second start immediately, then one after the other', () => {
    const clock = new SimulatedClock();
    const pace = new RateLimiter(10, clock);
    let begun = 0;
    for (; pace.delayMs === 0; begun++) pace.take();
    assert.equal(begun, 10);
    assert.ok(Math.abs(pace.delayMs - 100) < 1e-6);
    clock.advance(100);
    assert.equal(pace.delayMs, 0);
    pace.take();
    clock.advance(60_000);
    for (begun = 0; pace.delayMs === 0; begun++) pace.take();
    assert.equal(begun, 10, 'a long rest is worth no more than a second');
  });
});

describe('the outcome of an attempt', () => {
  const of = (status: number, headers: Record<string, string> = {}) =>
    outcomeOf({ status, headers, body: 'said\nso' }, new SimulatedClock());

  it('follows from the status', () => {
    for (const status of [200, 202, 204, 299]) assert.deepEqual(of(status), { is: 'delivered' });
    assert.deepEqual(of(410), { is: 'gone', error: 'HTTP 410: said so' });
    for (const status of [400, 413, 422])
      assert.deepEqual(of(status), { is: 'refused', error: `HTTP ${status}: said so` });
    for (const status of [100, 401, 403, 404, 408, 500, 502, 504]) {
      assert.deepEqual(of(status), { is: 'failed', error: `HTTP ${status}: said so` });
    }
    for (const status of [429, 503]) {
      const expected = { is: 'failed', error: `HTTP ${status}: said so`, pauseMs: 7000 };
      assert.deepEqual(of(status, { 'retry-after': '7' }), expected);
    }
  });

  it('names the target of a redirect', () => {
    const { error } = of(302, { location: 'http://169.254.169.254/\nx' }) as { error: string };
    assert.equal(error, 'HTTP 302: it redirects to http://169.254.169.254/ x, which is not followed');
    assert.match((of(301) as { error: string }).error, /to nowhere/);
  });

  it('has the answer of a receiver on one line', () => {
    assert.equal(firstLine('a\r\n\u001b[31mb\u0000c\u2028'), 'a [31mb c');
    assert.equal(firstLine('x'.repeat(1000)).length, 200);
  });
});
