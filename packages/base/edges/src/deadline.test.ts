import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Deadline } from './deadline.ts';
import { SimulatedClock } from './testing/clock.ts';

function deadline() {
  const clock = new SimulatedClock();
  const reached: string[] = [];
  const limit = new Deadline(clock);
  const begin = (name: string, ms: number) => limit.begin(ms, () => reached.push(`${name} at ${clock.monotonicMs()}`));
  return { clock, limit, begin, reached };
}

describe('a deadline', () => {
  it('is reached once, after its time', () => {
    const { clock, begin, reached } = deadline();
    begin('a', 30);
    clock.advance(29);
    assert.deepEqual(reached, []);
    clock.advance(100);
    assert.deepEqual([reached, clock.timers], [['a at 30'], 0]);
  });

  it('is not reached if it ends earlier or is closed', () => {
    const { clock, limit, begin, reached } = deadline();
    begin('a', 30);
    limit.end();
    clock.advance(30);
    begin('b', 30);
    limit.close();
    assert.equal(clock.timers, 0);
    clock.advance(100);
    assert.deepEqual(reached, []);
  });

  it('takes over the timer of the previous one, whether that is longer or shorter', () => {
    const { clock, limit, begin, reached } = deadline();
    for (let n = 0; n < 1000; n += 1) {
      begin('passed', 30);
      limit.end();
    }
    assert.equal(clock.timers, 1);
    clock.advance(20);
    begin('later', 30);
    clock.advance(29);
    assert.deepEqual([reached, clock.timers], [[], 1]);
    clock.advance(1);
    begin('long', 500);
    limit.end();
    begin('short', 5);
    assert.equal(clock.timers, 1);
    clock.advance(1000);
    assert.deepEqual([reached, clock.timers], [['later at 50', 'short at 55'], 0]);
  });

  it('can be started again after it was closed', () => {
    const { clock, limit, begin, reached } = deadline();
    begin('a', 30);
    limit.close();
    begin('b', 40);
    clock.advance(100);
    assert.deepEqual(reached, ['b at 40']);
  });
});
