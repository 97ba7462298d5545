import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReadQueue } from './read-queue.ts';

/** Reads that the test ends. */
function setUp() {
  const turns = new ReadQueue();
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const take = (name: string, first = false): Promise<string> => {
    const end = Promise.withResolvers<string>();
    ends.set(name, end);
    return turns.take(
      () => {
        begun.push(name);
        return end.promise;
      },
      { first },
    );
  };
  return {
    begun,
    take,
    end: (name: string) => ends.get(name)?.resolve(name),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the queue of reads of past events', () => {
  it('runs four reads at a time in the order of arrival, and an urgent read before the others', async () => {
    const { begun, take, end, fail } = setUp();
    const reads = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => take(name));
    const urgent = take('urgent', true);
    assert.deepEqual(begun, ['a', 'b', 'c', 'd']);
    end('b');
    assert.equal(await reads[1], 'b');
    assert.equal(begun.at(-1), 'urgent');
    fail('a');
    await assert.rejects(reads[0] as Promise<string>, /^Error: a$/);
    assert.equal(begun.at(-1), 'e');
    end('urgent');
    assert.equal(await urgent, 'urgent');
    assert.equal(begun.at(-1), 'f');
    for (const name of ['c', 'd', 'e', 'f']) end(name);
    await Promise.all(reads.slice(1));
    const next = ['g', 'h', 'i', 'j', 'k'].map((name) => take(name));
    assert.equal(begun.at(-1), 'j', 'every place was given back');
    for (const name of ['g', 'h', 'i', 'j', 'k']) end(name);
    await Promise.all(next);
  });

  it('rejects a read if too many wait', async () => {
    const { begun, take, end } = setUp();
    const reads = Array.from({ length: 4100 }, (_, at) => take(String(at)));
    const surplus = take('one too many');
    end('one too many');
    await assert.rejects(surplus, { code: 'service-unavailable' });
    for (let at = 0; at < reads.length; at++) end(String(at));
    assert.equal((await Promise.all(reads)).length, 4100);
    await turn();
    assert.equal(begun.length, 4100);
  });
});
