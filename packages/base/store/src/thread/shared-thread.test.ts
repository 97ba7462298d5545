import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Port, Thread } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { StoreUnavailable } from '../errors.ts';
import { NOTES, note } from '../testing/sample-data.ts';
import { startEngine } from './engine.ts';
import { IDLE_MS, serveStores, TIDIED_AFTER_MESSAGES } from './serve-stores.ts';
import { sharedThread } from './shared-thread.ts';

/** Returns two connected ports, which deliver messages a microtask later. */
function channel(): readonly [Port, Port] {
  const listeners: ((value: unknown) => void)[][] = [[], []];
  const end = (side: number): Port => ({
    on: (_event, listener) => listeners[side].push(listener),
    postMessage: (value) =>
      queueMicrotask(() => listeners[1 - side].forEach((receive) => void receive(structuredClone(value)))),
  });
  return [end(0), end(1)];
}

/** Starts shared threads that run in this one. */
function staged() {
  const clock = new SimulatedClock();
  const tidied: number[] = [];
  const started: { readonly crash: (reason: string) => void; isOver: boolean }[] = [];
  const start = (): Thread => {
    const [port, inside] = channel();
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    const over = (reason: string) => {
      control.isOver = true;
      resolve(reason);
    };
    const control = { crash: over, isOver: false };
    started.push(control);
    serveStores({ port: inside, clock, tidyMemory: () => void tidied.push(clock.monotonicMs()) });
    return { port, ended, end: async () => over('exit code 1') };
  };
  const shared = sharedThread(start);
  const open = () => startEngine(shared, { path: ':memory:', migrations: NOTES }, clock);
  return { started, clock, open, tidied };
}

const write = (name: string) => ({ statements: [note(name)], records: {} });

describe('a thread that works for several stores', () => {
  it('starts with the first store and ends with the last, and each store has a separate database', async () => {
    const { started, open } = staged();
    const [first, second] = await Promise.all([open(), open()]);
    const names = ['a', 'b', 'c'];
    // The same name twice in one database would be rejected.
    const writes = [first, second].flatMap(({ writer }) => names.map((name) => writer.call('write', [write(name)])));
    assert.equal((await Promise.all(writes)).length, 6);
    assert.equal(started.length, 1);

    await first.end();
    assert.equal(started[0].isOver, false);
    await second.writer.call('write', [write('d')]);
    await second.end();
    assert.equal(started[0].isOver, true);

    const third = await open();
    assert.equal(started.length, 2, 'whoever comes later gets another');
    await third.writer.call('write', [write('a')]);
  });

  it('fails only the pending calls of a store that is closed', async () => {
    const { open, clock } = staged();
    const [first, second] = await Promise.all([open(), open()]);
    const failing = first.writer.call('write', [write('a')]);
    const going = second.writer.call('write', [write('a')]);
    const rejected = assert.rejects(failing, StoreUnavailable);
    await first.end();
    await rejected;
    await going;
    await assert.rejects(first.writer.call('usage', []), StoreUnavailable);
    // The periodic checks of the closed database have ended too.
    clock.advance(60_000);
    await second.writer.call('write', [write('b')]);
  });

  it('ends for all stores when it ends by itself, and the next store starts another thread', async () => {
    const { started, open } = staged();
    const engines = await Promise.all([open(), open()]);
    started[0].crash('out of memory');
    const reasons = await Promise.all(engines.map(({ ended }) => ended));
    assert.deepEqual(
      reasons.map(({ reason }) => reason),
      ['out of memory', 'out of memory'],
    );
    const again = await open();
    await again.writer.call('write', [write('a')]);
    assert.equal(started.length, 2);
  });

  it('releases memory once when it becomes idle: after its start, and after heavy use', async () => {
    const { open, clock, tidied } = staged();
    const { writer } = await open();
    const pass = (periods: number) => clock.advance(periods * IDLE_MS);
    pass(1);
    await writer.call('usage', []);
    pass(1);
    assert.equal(tidied.length, 0, 'it has just been asked');
    pass(20);
    assert.equal(tidied.length, 1);

    const ask = async (times: number) => {
      for (let calls = 0; calls < times; calls += 1) await writer.call('usage', []);
    };
    await ask(10);
    pass(20);
    assert.equal(tidied.length, 1, 'little is not worth while');
    await ask(TIDIED_AFTER_MESSAGES);
    assert.equal(tidied.length, 1);
    pass(20);
    assert.equal(tidied.length, 2);
  });
});
