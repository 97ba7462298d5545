import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { within } from './clock.ts';
import { SimulatedClock } from './testing/index.ts';

describe('a promise within a time', () => {
  it('settles like the promise, and leaves no timer', async () => {
    const clock = new SimulatedClock();
    assert.equal(await within(clock, 100, Promise.resolve('done'), assert.fail), 'done');
    await assert.rejects(within(clock, 100, Promise.reject(new Error('broken')), assert.fail), /broken/);
    clock.advance(1000);
  });

  it('returns the substitute if the promise is late', async () => {
    const clock = new SimulatedClock();
    const waiting = within(clock, 100, new Promise<string>(() => undefined), () => 'late');
    clock.advance(100);
    assert.equal(await waiting, 'late');
  });
});
