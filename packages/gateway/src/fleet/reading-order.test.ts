import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { SimulatedClock } from '@medkit/edges/testing';
import type { IngestPart } from '@medkit/fleet';
import { catchUpTurns } from './catch-up-turns.ts';
import { ingestBatches } from './ingest-batches.ts';

/** Time between the starts of two transactions. */
const LEAST_MS = 20;

const part = (robot: string, records = 1, chars = 10): IngestPart => ({
  robot,
  epoch: 1,
  log: 'log',
  after: 0,
  records: Array.from({ length: records }, (_, at) => ({ seq: at + 1, text: 'x'.repeat(chars) })),
});

describe('batches of records', () => {
  /** Hands over parts; the test ends each transaction. */
  function setUp() {
    const batches: string[][] = [];
    const ends: ((error?: Error) => void)[] = [];
    const clock = new SimulatedClock();
    const ingest = ingestBatches<string>(clock, (parts) => {
      batches.push(parts.map(({ robot, records }) => `${robot} ${records.length}`));
      const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, string>>();
      const outcomes = new Map(parts.map(({ robot }) => [robot, 'stored']));
      ends.push((error) => (error ? reject(error) : resolve(outcomes)));
      return promise;
    });
    /** Ends a transaction that took `ms`. */
    const end = async (error?: Error, ms = LEAST_MS): Promise<void> => {
      clock.advance(ms);
      ends.shift()!(error);
      await setImmediate();
    };
    const pass = async (ms: number): Promise<void> => {
      clock.advance(ms);
      await setImmediate();
    };
    return { batches, ingest, end, pass };
  }

  it('begin immediately, and take together what arrives during a transaction', async () => {
    const { batches, ingest, end } = setUp();
    const outcomes = [part('a'), part('b'), part('c')].map((each) => ingest(each));
    assert.deepEqual(batches, [['a 1']]);
    await end();
    assert.deepEqual(batches[1], ['b 1', 'c 1']);
    await end();
    assert.deepEqual(await Promise.all(outcomes), ['stored', 'stored', 'stored']);
  });

  it('have at most 1,000 records and 1 MiB, unless one part is larger', async () => {
    const { batches, ingest, end } = setUp();
    const parts = [part('a'), part('b', 600), part('c', 400), part('d', 1), part('e', 1, 2_000_000), part('f')];
    for (const each of parts) void ingest(each);
    for (let turn = 0; turn < 5; turn += 1) await end();
    assert.deepEqual(batches, [['a 1'], ['b 600', 'c 400'], ['d 1'], ['e 1'], ['f 1']]);
  });

  it('begin at least 20 ms after each other', async () => {
    const { batches, ingest, end, pass } = setUp();
    void ingest(part('a'));
    await end(undefined, 5);
    void ingest(part('b'));
    await pass(LEAST_MS - 6);
    void ingest(part('c'));
    assert.deepEqual(batches, [['a 1']]);
    await pass(1);
    assert.deepEqual(batches, [['a 1'], ['b 1', 'c 1']]);
  });

  it('fail together, and the next one is stored', async () => {
    const { ingest, end } = setUp();
    const [failed, later] = [ingest(part('a')), ingest(part('b'))];
    const rejected = assert.rejects(failed, /disk/);
    await end(new Error('disk full'));
    await rejected;
    await end();
    assert.equal(await later, 'stored');
  });
});

describe('turns of robots with a backlog', () => {
  it('are limited, urgent robots first, and skip robots that have left', async () => {
    const turns = catchUpTurns(new SimulatedClock(), 1);
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const stay = new AbortController();
    const left = new AbortController();
    const take = (name: string, isUrgent = false, { signal } = stay) =>
      turns.take(isUrgent, signal, async () => {
        order.push(name);
        if (name === 'first') await first.promise;
        return name;
      });
    const all = [take('first'), take('second'), take('gone', false, left), take('urgent', true)];
    left.abort();
    await setImmediate();
    assert.deepEqual([order, turns.figures()], [['first'], { running: 1, waiting: 2 }]);
    first.resolve();
    assert.deepEqual(await Promise.all(all), ['first', 'second', undefined, 'urgent']);
    assert.deepEqual(order, ['first', 'urgent', 'second']);
    assert.deepEqual(turns.figures(), { running: 0, waiting: 0 });
    assert.equal(await take('none', false, left), undefined);
  });

  it('end after 2 s, so that robots with a slow link do not delay others', async () => {
    const clock = new SimulatedClock();
    const turns = catchUpTurns(clock, 1);
    const { signal } = new AbortController();
    const slow = Promise.withResolvers<string>();
    const slowTurn = turns.take(false, signal, () => slow.promise);
    const next = turns.take(false, signal, async () => 'next');
    await setImmediate();
    clock.advance(2000);
    assert.equal(await next, 'next');
    slow.resolve('slow');
    assert.equal(await slowTurn, 'slow');
    assert.deepEqual(turns.figures(), { running: 0, waiting: 0 });
  });
});
