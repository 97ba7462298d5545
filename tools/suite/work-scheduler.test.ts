import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scheduleWork, type Work } from './work-scheduler.ts';

/** Work that ends on request, and a record of what ran at the same time. */
function works() {
  const ends = new Map<string, () => void>();
  const begun: string[] = [];
  return {
    begun,
    begin: ({ name }: { readonly name: string }) => {
      begun.push(name);
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.set(name, resolve);
      return promise;
    },
    async end(...names: readonly string[]) {
      for (const name of names) ends.get(name)?.();
      await new Promise(setImmediate);
    },
  };
}
const work = (name: string, cores: number, turn?: string): Work & { readonly name: string } => ({
  name,
  cores,
  ...(turn !== undefined && { turn }),
});

describe('queued work', () => {
  it('uses at most the available cores, in the order of the list', async () => {
    const { begun, begin, end } = works();
    const done = scheduleWork([work('a', 1), work('b', 0.5), work('c', 0.5), work('d', 1)], 2, begin);
    assert.deepEqual(begun, ['a', 'b', 'c']);
    await end('b');
    assert.deepEqual(begun, ['a', 'b', 'c'], 'half a core is too little for d');
    await end('c');
    assert.deepEqual(begun, ['a', 'b', 'c', 'd']);
    await end('a', 'd');
    await done;
  });

  it('waits for a job that does not fit yet, so that small ones do not postpone it to the end', async () => {
    const { begun, begin, end } = works();
    const done = scheduleWork([work('a', 1), work('b', 0.5), work('large', 1), work('c', 0.5)], 2, begin);
    assert.deepEqual(begun, ['a', 'b']);
    await end('b');
    assert.deepEqual(begun, ['a', 'b', 'large']);
    await end('a', 'large');
    assert.deepEqual(begun, ['a', 'b', 'large', 'c']);
    await end('c');
    await done;
  });

  it('runs alone if it takes all cores, however few there are', async () => {
    const { begun, begin, end } = works();
    const done = scheduleWork([work('all', Number.POSITIVE_INFINITY), work('a', 0.5)], 1, begin);
    assert.deepEqual(begun, ['all']);
    await end('all');
    assert.deepEqual(begun, ['all', 'a']);
    await end('a');
    await done;
  });

  it('runs jobs that share a turn one at a time', async () => {
    const { begun, begin, end } = works();
    const done = scheduleWork([work('a', 0.5, 'heavy'), work('b', 0.5, 'heavy'), work('c', 0.5)], 2, begin);
    assert.deepEqual(begun, ['a', 'c']);
    await end('a');
    assert.deepEqual(begun, ['a', 'c', 'b']);
    await end('b', 'c');
    await done;
  });

  it('ends with the error of a failed job', async () => {
    const failing = () => Promise.reject(new Error('no such file'));
    await assert.rejects(scheduleWork([work('a', 1)], 1, failing), /no such file/);
  });
});
