import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MemoryBudget } from '../history/memory-budget.ts';
import type { Sample } from '../model/sample.ts';
import { payloadOf } from '../testing/scene.ts';
import { ReorderBuffer } from './reorder-buffer.ts';

const sample = (sequenceNumber: number, bytes = 8): Sample =>
  ({ sequenceNumber, payload: payloadOf(sequenceNumber, bytes) }) as Sample;

function open(limitBytes = 1e9) {
  const delivered: number[] = [];
  const losses: number[] = [];
  const budget = new MemoryBudget(limitBytes);
  const buffer = new ReorderBuffer({
    deliver: ({ sequenceNumber }) => delivered.push(sequenceNumber),
    lost: (count) => losses.push(count),
    budget,
  });
  return { buffer, delivered, losses, budget };
}

describe('a reorder buffer', () => {
  it('delivers every relevant sample once and in order, whatever the order of samples and gaps', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = seededRandom(seed);
      const { buffer, delivered, losses, budget } = open();
      const numbers = Array.from({ length: 120 }, (_, index) => index + 1);
      const irrelevant = new Set(numbers.filter(() => random.float() < 0.3));
      const events = [...numbers, ...numbers.slice(0, 40)]
        .map((number) => ({ number, at: number + random.float() * 30 }))
        .sort((a, b) => a.at - b.at);
      const startAt = Math.floor(random.float() * 20);
      events.forEach(({ number }, index) => {
        if (index === startAt) buffer.start(1);
        if (irrelevant.has(number)) buffer.skip(number, number + 1);
        else assert.equal(buffer.put(sample(number)), true);
        assert.equal(buffer.has(number), true);
      });
      assert.deepEqual(
        delivered,
        numbers.filter((number) => !irrelevant.has(number)),
      );
      assert.deepEqual(losses, []);
      assert.equal(buffer.next, 121);
      assert.equal(budget.usedBytes, 0);
    }
  });

  it('delivers in order a sample that it holds when the writer declares it irrelevant after overwriting it', () => {
    const { buffer, delivered, losses, budget } = open();
    buffer.start(1);
    for (const number of [4, 5, 9]) buffer.put(sample(number));
    // The range lies ahead of the missing samples, so it is stored; then the missing samples arrive.
    buffer.skip(3, 7);
    for (const number of [1, 2, 7]) buffer.put(sample(number));
    buffer.loseBelow(10);
    assert.deepEqual(delivered, [1, 2, 4, 5, 7, 9]);
    assert.deepEqual([losses, buffer.next, budget.usedBytes], [[1], 10, 0]);
  });

  it('counts as lost what was neither received nor irrelevant when the writer moves on', () => {
    const { buffer, delivered, losses } = open();
    buffer.start(1);
    buffer.put(sample(3));
    buffer.skip(5, 7);
    buffer.put(sample(12));
    buffer.loseBelow(11);
    assert.deepEqual(delivered, [3]);
    assert.deepEqual(losses, [10 - 1 - 2]);
    buffer.put(sample(11));
    assert.deepEqual(delivered, [3, 11, 12]);
  });

  it('holds no more than its budget, and returns it', () => {
    const { buffer, delivered, budget } = open(10_000);
    buffer.start(1);
    assert.equal(buffer.put(sample(2, 4000)), true);
    assert.equal(buffer.put(sample(3, 4000)), true);
    assert.equal(buffer.put(sample(4, 4000)), false);
    assert.equal(buffer.has(4), false);
    assert.equal(buffer.put(sample(1, 4000)), true);
    assert.deepEqual(delivered, [1, 2, 3]);
    assert.equal(budget.usedBytes, 0);
    buffer.put(sample(9, 4000));
    buffer.close();
    assert.equal(budget.usedBytes, 0);
  });

  it('skips a gap of any width in constant time', () => {
    const { buffer, delivered } = open();
    buffer.start(1);
    buffer.skip(1, 2 ** 50);
    buffer.put(sample(2 ** 50));
    assert.deepEqual(delivered, [2 ** 50]);
  });
});
