import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { SAMPLE_MS, sampled } from './sampled.ts';

describe('a sampled figure', () => {
  it('is read once per period, and is the last one while the next is read', async () => {
    const clock = new SimulatedClock();
    const reads: PromiseWithResolvers<number>[] = [];
    const figure = sampled(clock, () => {
      const read = Promise.withResolvers<number>();
      reads.push(read);
      return read.promise;
    });
    const first = figure();
    reads[0]?.resolve(1);
    assert.equal(await first, 1);
    clock.advance(SAMPLE_MS - 1);
    assert.equal(await figure(), 1);
    assert.equal(reads.length, 1);
    clock.advance(1);
    assert.equal(await figure(), 1);
    assert.equal(reads.length, 2);
    reads[1]?.resolve(2);
    await reads[1]?.promise;
    assert.equal(await figure(), 2);
  });

  it('survives a failed read, and tries a first one again', async () => {
    const clock = new SimulatedClock();
    const replies: (number | Error)[] = [new Error('EIO'), 1, new Error('EIO'), 2];
    const figure = sampled(clock, async () => {
      const reply = replies.shift();
      if (typeof reply !== 'number') throw reply;
      return reply;
    });
    await assert.rejects(figure(), /EIO/);
    assert.equal(await figure(), 1);
    clock.advance(SAMPLE_MS);
    assert.equal(await figure(), 1);
    assert.equal(await figure(), 1);
    clock.advance(SAMPLE_MS);
    assert.equal(await figure(), 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await figure(), 2);
  });
});
