import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { settle } from '../testing/running-runtime.ts';
import { TaskQueue } from './task-queue.ts';

const clock = new SimulatedClock();

/** Tasks that run until the test ends them. */
function tasks(turns: TaskQueue, count: number) {
  const begun: number[] = [];
  const works = Array.from({ length: count }, (_, at) => {
    const end = Promise.withResolvers<number>();
    const abort = new AbortController();
    const done = turns.take(abort.signal, () => {
      begun.push(at);
      return end.promise;
    });
    return { end: () => end.resolve(at), fail: () => end.reject(new Error('no')), abort: () => abort.abort(), done };
  });
  return { begun, works };
}

describe('turns in a task queue', () => {
  it('run a bounded number of tasks at a time and the others in order, also after a failure', async () => {
    const { begun, works } = tasks(new TaskQueue({ clock, turnMs: 100, concurrency: 2, maxWaiting: 10 }), 5);
    await settle();
    assert.deepEqual(begun, [0, 1]);
    works[1]?.end();
    works[0]?.fail();
    await assert.rejects(works[0]!.done, /no/);
    await settle();
    assert.deepEqual(begun, [0, 1, 2, 3]);
    for (const work of works) work.end();
    await Promise.all(works.slice(1).map(({ done }) => done));
    assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  });

  it('pass from tasks that only wait to the next, and those take no second turn when they end', async () => {
    const turns = new TaskQueue({ clock, turnMs: 100, concurrency: 1, maxWaiting: 10 });
    const { begun, works } = tasks(turns, 4);
    await settle();
    clock.advance(100);
    await settle();
    assert.deepEqual(begun, [0, 1]);
    works[0]?.end();
    await works[0]?.done;
    await settle();
    assert.deepEqual(begun, [0, 1]);
    works[1]?.end();
    await settle();
    assert.deepEqual(begun, [0, 1, 2]);
    for (const work of works) work.end();
    await Promise.all(works.map(({ done }) => done));
  });

  it('are refused if too many tasks are waiting', async () => {
    const { works } = tasks(new TaskQueue({ clock, turnMs: 100, concurrency: 1, maxWaiting: 1 }), 3);
    await assert.rejects(works[2]!.done, { code: 'service-unavailable', message: /already 1 queued calls/ });
  });

  it('leave room for others while one client asks for as many as it can', async () => {
    const turns = new TaskQueue({ clock, turnMs: 100, concurrency: 1, maxWaiting: 10 });
    const never = new AbortController().signal;
    const answer = Promise.withResolvers<void>();
    const ask = (owner: string) => turns.take(never, () => answer.promise, owner);
    const queued = Array.from({ length: 6 }, () => ask('user:greedy'));
    await assert.rejects(ask('user:greedy'), { code: 'rate-limit-exceeded' });
    const other = ask('user:other');
    assert.deepEqual(turns.quota.figures(), { held: 6, capacity: 10, owners: 2, largest: 5, refused: 1 });
    answer.resolve();
    await Promise.all([...queued, other]);
    assert.equal(turns.quota.figures().held, 0);
  });

  it('skip tasks whose caller does not wait any more', async () => {
    const turns = new TaskQueue({ clock, turnMs: 100, concurrency: 1, maxWaiting: 10 });
    const { begun, works } = tasks(turns, 3);
    works[1]?.abort();
    await assert.rejects(works[1]!.done, { code: 'service-unavailable' });
    works[0]?.end();
    await settle();
    assert.deepEqual(begun, [0, 2]);
    works[2]?.end();
    await works[2]?.done;
    assert.equal(await turns.take(new AbortController().signal, async () => 'free again'), 'free again');
  });
});
