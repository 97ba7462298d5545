import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import type { Port, Thread } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { openForReading } from '../engine/open-database.ts';
import { Reader } from '../engine/reader.ts';
import { StoreUnavailable } from '../errors.ts';
import { NOTES } from '../testing/sample-data.ts';
import { EARLY_MS, startEngine } from './engine.ts';
import type { ThreadData } from './protocol.ts';
import { serveReader } from './serve-reader.ts';
import { serveStore } from './serve-store.ts';

/** Starts an engine whose threads run in this one. The first `failures` readers fail to open the database. */
async function staged(failures: number) {
  const clock = new SimulatedClock();
  const roles: ThreadData['role'][] = [];
  const readers = () => roles.filter((role) => role !== 'writer').length;
  const channels: MessageChannel[] = [];
  const serve = (port: Port, data: ThreadData) => {
    roles.push(data.role);
    if (data.role === 'writer') return serveStore({ port, data, clock });
    const fails = readers() <= failures;
    const open = () => {
      if (fails) throw new StoreUnavailable('too many open files');
      return new Reader({ database: openForReading(data.options), options: data.options });
    };
    return serveReader({ port, open });
  };
  const start = (data: ThreadData): Thread => {
    const channel = new MessageChannel();
    channels.push(channel);
    const close = serve(channel.port2 as Port, data);
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    const end = async () => {
      close();
      resolve('it was stopped');
    };
    return { port: channel.port1 as Port, ended, end };
  };
  const engine = await startEngine(start, { path: ':memory:', migrations: NOTES }, clock);
  const close = async () => {
    await engine.end();
    for (const { port1 } of channels) port1.close();
  };
  return { engine, clock, roles, readers, [Symbol.asyncDispose]: close };
}

describe('a thread that reads', () => {
  it('fails each call with the reason why it cannot open the database, and the next call tries another thread', async () => {
    await using scene = await staged(1);
    const select = { sql: 'SELECT 1 AS one' };
    const reader = scene.engine.reader();
    const calls = [reader.call('read', [select]), reader.call('eventsAfter', [0, 10])];
    for (const call of calls) await assert.rejects(call, { name: StoreUnavailable.name, message: /too many open/ });
    assert.equal(scene.engine.startedReader, undefined);
    assert.deepEqual(await scene.engine.reader().call('read', [select]), [{ one: 1 }]);
    assert.equal(scene.readers(), 2);
  });

  it('reads from the writer thread during startup, unless that takes long', async () => {
    await using scene = await staged(0);
    const { engine, clock, roles } = scene;
    const select = { sql: 'SELECT 1 AS one' };
    assert.deepEqual(await engine.reader().call('read', [select]), [{ one: 1 }]);
    clock.advance(EARLY_MS);
    const reads = [engine.reader(), engine.reader()].map((reader) => reader.call('read', [select]));
    assert.deepEqual(await Promise.all(reads), [[{ one: 1 }], [{ one: 1 }]]);
    assert.deepEqual(roles, ['writer', 'early-reader', 'reader']);

    await using another = await staged(0);
    await another.engine.reader({ isLong: true }).call('read', [select]);
    await another.engine.reader().call('read', [select]);
    assert.deepEqual(another.roles, ['writer', 'reader'], 'it is there, so it reads the rest too');
  });
});
