import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { Link } from '@medkit/edges/link';
import { SimulatedClock } from '@medkit/edges/testing';
import { openForWriting } from '../engine/open-database.ts';
import { type Write, Writer } from '../engine/writer.ts';
import { ConstraintViolated, StatementFailed, StoreBusy, StoreUnavailable } from '../errors.ts';
import { NOTES, note } from '../testing/sample-data.ts';
import { STORE_ERRORS } from './link-errors.ts';
import type { WriterCalls } from './protocol.ts';
import { serveWriter } from './serve-writer.ts';

const write = (...statements: Write['statements']): Write => ({ statements, records: {} });

/** A writer that records the number of writes in each transaction. */
class CountingWriter extends Writer {
  readonly groups: number[] = [];
  folds = 0;

  override commit(writes: readonly Write[]) {
    this.groups.push(writes.length);
    return super.commit(writes);
  }

  override foldLog() {
    this.folds += 1;
  }
}

function served(bounds = { calls: 10_000, bytes: 1_000_000 }, clock = new SimulatedClock()) {
  const options = {
    path: ':memory:',
    migrations: NOTES,
  };
  const { database } = openForWriting(options, clock);
  const writer = new CountingWriter({ database, options, clock });
  const { port1, port2 } = new MessageChannel();
  const found = { setAside: undefined, lostCommits: 0 };
  serveWriter({ port: port2, open: () => ({ writer, found }), clock });
  const messages: number[] = [];
  port2.on('message', (calls: readonly unknown[]) => messages.push(calls.length));
  const link = new Link<WriterCalls>({ port: port1, bounds, errors: STORE_ERRORS, gathers: true });
  return { writer, database, link, messages, [Symbol.dispose]: () => port1.close() };
}

describe('a writer behind a channel', () => {
  it('commits waiting writes together in groups of bounded size, and answers in order', async () => {
    using scene = served();
    const answered: number[] = [];
    const writes = Array.from({ length: 1100 }, async (_, index) => {
      const added = note(`n${index}`);
      const { results } = await scene.link.call('write', [write({ ...added, sql: `${added.sql} RETURNING id` })]);
      answered.push(Number(results[0].rows[0].id));
    });
    await Promise.all(writes);
    assert.deepEqual(
      answered,
      Array.from({ length: 1100 }, (_, index) => index + 1),
    );
    assert.ok(scene.writer.groups.length < 20, `in few groups: ${scene.writer.groups}`);
    assert.ok(Math.max(...scene.writer.groups) <= 512, `none too large: ${scene.writer.groups}`);
  });

  it('receives the calls of one turn in one message, and commits them together', async () => {
    using scene = served();
    await Promise.all(['a', 'b', 'c'].map((name) => scene.link.call('write', [write(note(name))])));
    assert.deepEqual(scene.messages, [3]);
    assert.deepEqual(scene.writer.groups, [3]);
  });

  it('keeps the order of other calls relative to writes', async () => {
    using scene = served();
    const order: string[] = [];
    await Promise.all([
      scene.link.call('write', [write(note('a'))]).then(() => order.push('first')),
      scene.link.call('usage', []).then(() => order.push('usage')),
      scene.link.call('write', [write(note('b'))]).then(() => order.push('second')),
      scene.link.call('checkpoint', []).then(() => order.push('checkpoint')),
    ]);
    assert.deepEqual(order, ['first', 'usage', 'second', 'checkpoint']);
    assert.deepEqual(scene.writer.groups, [1, 1]);
  });

  it('checkpoints committed writes into the database every few seconds', () => {
    const clock = new SimulatedClock();
    using scene = served(undefined, clock);
    clock.advance(4999);
    assert.equal(scene.writer.folds, 0);
    clock.advance(5001);
    assert.equal(scene.writer.folds, 2);
  });

  it('returns errors with their class', async () => {
    using scene = served();
    await scene.link.call('write', [write(note('a'))]);
    await assert.rejects(scene.link.call('write', [write(note('a'))]), ConstraintViolated);
    await assert.rejects(scene.link.call('write', [write(note('b'), { sql: 'x' })]), StatementFailed);
  });
});

describe('the link to a thread', () => {
  it('rejects calls beyond its limits of calls and bytes, and accepts them again later', async () => {
    using scene = served({ calls: 3, bytes: 100 });
    const call = (name: string, bytes: number) => scene.link.call('write', [write(note(name))], { bytes });
    const large = call('larger than all that may wait', 1000);
    await assert.rejects(call('no octet more', 1), (error: Error) => {
      assert.ok(error instanceof StoreBusy);
      assert.match(error.message, /1 pending calls with 1000 bytes/);
      return true;
    });
    await large;
    const three = [call('a', 1), call('b', 1), call('c', 1)];
    await assert.rejects(call('d', 1), StoreBusy);
    assert.equal(scene.link.underWay, 3);
    await Promise.all(three);
    assert.equal(scene.link.underWay, 0);
    await call('d', 100);
  });

  it('fails pending and later calls when it is broken', async () => {
    using scene = served();
    const waiting = scene.link.call('write', [write(note('a'))]);
    const idle = scene.link.idle();
    scene.link.break(new StoreUnavailable('gone'));
    await assert.rejects(waiting, { name: StoreUnavailable.name, message: 'gone' });
    await assert.rejects(scene.link.call('usage', []), StoreUnavailable);
    await idle;
  });

  it('rejects a call that cannot be cloned, and stays usable', async () => {
    using scene = served();
    const sound = scene.link.call('write', [write(note('a'))]);
    await assert.rejects(scene.link.call('write', [write(note('b', (() => 1) as never))]), StatementFailed);
    await sound;
    assert.equal(scene.link.underWay, 0);
  });
});
