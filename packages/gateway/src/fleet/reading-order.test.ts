import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { IngestPart } from '@medkit/fleet';
import { catchUpTurns } from './catch-up-turns.ts';
import { ingestBatches } from './ingest-batches.ts';

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
    const ingest = ingestBatches<string>((parts) => {
      batches.push(parts.map(({ robot, records }) => `${robot} ${records.length}`));
      const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, string>>();
      const outcomes = new Map(parts.map(({ robot }) => [robot, 'stored']));
      ends.push((error) => (error ? reject(error) : resolve(outcomes)));
      return promise;
    });
    const end = async (error?: Error): Promise<void> => {
      ends.shift()!(error);
      await setImmediate();
    };
    return { batches, ingest, end };
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
    const turns = catchUpTurns(1);
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
});
