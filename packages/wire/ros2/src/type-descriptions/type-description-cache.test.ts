import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { KnownType } from '../types/type-store.ts';
import { TypeDescriptionCache, type TypeQuery } from './type-description-cache.ts';

/** Requests that the test answers manually. */
function open() {
  const clock = new SimulatedClock();
  const queries: (TypeQuery & PromiseWithResolvers<KnownType | 'unknown' | 'nobody'>)[] = [];
  const types = new TypeDescriptionCache({
    clock,
    ask(question) {
      const answer = Promise.withResolvers<KnownType | 'unknown' | 'nobody'>();
      queries.push({ ...question, ...answer });
      return answer.promise;
    },
  });
  return { clock, queries, types };
}

const known = (name: string): KnownType => ({ type: { name, fields: [], constants: [] }, hash: 'h', source: 'x' });

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('types that the graph describes', () => {
  it('are requested once for all callers, and stored', async () => {
    const { types, queries } = open();
    const answers = [types.find('A', ['h']), types.find('A', ['h'])];
    assert.equal(queries.length, 1);
    queries[0].resolve(known('A'));
    const [first, second] = await Promise.all(answers);
    assert.equal(first?.type.name, 'A');
    assert.equal(first, second);
    assert.equal(await types.find('A', ['h']), first);
    assert.equal(types.known('A', ['other', 'h']), first);
    assert.equal(types.known('A', ['other']), undefined);
    assert.equal(queries.length, 1);
  });

  it('are not requested again soon if no node knows them', async () => {
    const { types, queries, clock } = open();
    const answer = types.find('A', ['h']);
    queries[0].resolve('unknown');
    assert.equal(await answer, undefined);
    clock.advance(59_000);
    assert.equal(await types.find('A', ['h']), undefined);
    assert.equal(queries.length, 1);
    clock.advance(2_000);
    void types.find('A', ['h']);
    assert.equal(queries.length, 2);
  });

  it('are requested again immediately if there was no node to ask', async () => {
    const { types, queries } = open();
    const answer = types.find('A', ['h']);
    queries[0].resolve('nobody');
    assert.equal(await answer, undefined);
    void types.find('A', ['h']);
    assert.equal(queries.length, 2);
  });

  it('are requested a few at a time, and the number waiting is bounded', async () => {
    const { types, queries } = open();
    const answers = Array.from({ length: 68 }, (_, index) => types.find(`T${index}`, ['h']));
    assert.equal(queries.length, 4);
    assert.equal(await types.find('late', ['h']), undefined);
    for (let done = 0; done < 68; done++) {
      assert.equal(queries.length, Math.min(68, done + 4));
      queries[done].resolve(known(queries[done].type));
      await turn();
    }
    assert.equal((await Promise.all(answers)).filter((found) => found).length, 68);
    void types.find('late', ['h']);
    assert.equal(queries.length, 69);
  });

  it('are abandoned when no caller waits any more', async () => {
    const { types, queries } = open();
    const answers = Array.from({ length: 6 }, (_, index) => types.find(`T${index}`, ['h']));
    const stopped = types.stop();
    for (const { signal, resolve } of queries) {
      assert.ok(signal.aborted);
      resolve('unknown');
    }
    await stopped;
    assert.deepEqual(await Promise.all(answers), new Array(6).fill(undefined));
    assert.equal(await types.find('T9', ['h']), undefined);
    assert.equal(queries.length, 4);
  });
});
