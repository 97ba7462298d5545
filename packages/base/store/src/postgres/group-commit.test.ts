import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boundedQueue } from './bounded-queue.ts';
import { groupCommit } from './group-commit.ts';

describe('a group commit', () => {
  /** Runs numbers: those above 99 alone, negative ones fail. */
  function stage(calls = 1000) {
    const groups: (readonly number[])[] = [];
    const run = groupCommit<number, number>({
      queue: boundedQueue({ calls }),
      mayJoin: (item) => item < 100,
      run: async (items) => {
        groups.push(items);
        await new Promise(setImmediate);
        return items.map((item) => (item < 0 ? { error: new Error(`${item} fails`) } : { result: 2 * item }));
      },
    });
    return { groups, run: (item: number) => run(0, item) };
  }

  it('joins items that wait, in their order, and leaves others alone', async () => {
    const { groups, run } = stage();
    assert.deepEqual(await Promise.all([1, 2, 3, 100, 101, 4, 5].map(run)), [2, 4, 6, 200, 202, 8, 10]);
    assert.deepEqual(groups, [[1, 2, 3], [100], [101], [4, 5]]);
  });

  it('rejects with the error of the item only', async () => {
    const { run } = stage();
    const outcomes = await Promise.allSettled([1, -2, 3].map(run));
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message)),
      [2, '-2 fails', 6],
    );
  });

  it('bounds a group and the items that wait', async () => {
    const { groups, run } = stage(150);
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => run(1)));
    assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 50);
    assert.deepEqual(
      groups.map(({ length }) => length),
      [64, 64, 22],
    );
    assert.equal(await run(7), 14, 'a refused item leaves nothing behind');
  });
});
