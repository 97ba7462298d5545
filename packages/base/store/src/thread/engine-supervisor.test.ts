import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Port } from '@medkit/edges';
import { Link } from '@medkit/edges/link';
import { SimulatedClock } from '@medkit/edges/testing';
import { StoreClosed, StoreLocked, StoreUnavailable } from '../errors.ts';
import { type Engine, type EngineEnd, finishEngine } from './engine.ts';
import { CLOSE_TIMEOUT_MS, superviseEngine } from './engine-supervisor.ts';
import { STORE_ERRORS } from './link-errors.ts';

const PATH = '/var/lib/medkit/faults.db';
const NO_CALLS = { writesUnderWay: 0, readsUnderWay: 0 };

/** A port that receives calls, and answers them if `answers` is set. */
function scriptedPort(answers: boolean): Port {
  const listeners: ((value: unknown) => void)[] = [];
  return {
    on: (_event, listener) => listeners.push(listener),
    postMessage(calls) {
      if (!answers) return;
      const replies = (calls as readonly { id: number }[]).map(({ id }) => ({ id, value: undefined }));
      queueMicrotask(() => {
        for (const listener of listeners) listener(replies);
      });
    },
  };
}

/** Starts a supervised engine with fake threads, which end on request. */
function staged({ answers = true, setAside = undefined as string | undefined, lostCommits = 0 } = {}) {
  const clock = new SimulatedClock();
  const warnings: string[] = [];
  const started: { end: (reason: string, isRewritten?: boolean) => void; wasEnded: boolean }[] = [];
  let failure: Error | undefined;
  const start = async (): Promise<Engine> => {
    if (failure) throw failure;
    const { promise: ended, resolve } = Promise.withResolvers<EngineEnd>();
    const end = (reason: string, isRewritten = false) => resolve({ reason, isRewritten });
    const options = { bounds: { calls: 10, bytes: 1000 }, errors: STORE_ERRORS, gathers: true };
    const links = {
      writer: new Link({ port: scriptedPort(answers), ...options }),
      reader: new Link({ port: scriptedPort(answers), ...options }),
    };
    const control = { end, wasEnded: false };
    started.push(control);
    return {
      writer: links.writer as Engine['writer'],
      startedReader: links.reader as Engine['startedReader'],
      reader: () => assert.fail(),
      found: { setAside, lostCommits },
      ended,
      async end() {
        control.wasEnded = true;
        const gone = new StoreUnavailable('ended');
        links.writer.break(gone);
        links.reader.break(gone);
      },
    };
  };
  return {
    clock,
    warnings,
    started,
    fail: (error: Error | undefined) => {
      failure = error;
    },
    keep: () =>
      superviseEngine({ path: PATH, start, finish: finishEngine, clock, warn: (message) => warnings.push(message) }),
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

describe('a supervised engine', () => {
  it('is restarted when it ends by itself, and reports the outage meanwhile', async () => {
    const stage = staged();
    const supervised = await stage.keep();
    const first = supervised.current();
    stage.started[0].end('out of memory');
    await stage.settle();
    assert.equal(stage.started[0].wasEnded, true, 'its other thread is ended with it');
    assert.throws(() => supervised.current(), { name: StoreUnavailable.name, message: /out of memory/ });
    const { running, ends, lastReason } = supervised.facts(() => NO_CALLS);
    assert.deepEqual([running, ends, lastReason], [false, 1, 'out of memory']);
    stage.clock.advance(249);
    assert.equal(stage.started.length, 1);
    stage.clock.advance(1);
    await stage.settle();
    assert.notEqual(supervised.current(), first);
    assert.equal(supervised.facts(() => NO_CALLS).running, true);
    assert.deepEqual(stage.warnings, [`the store ${PATH} is down (out of memory) and is opened again in 250 ms`]);
  });

  it('is restarted with growing delays while it fails, and quickly after it ran well', async () => {
    const stage = staged();
    const supervised = await stage.keep();
    stage.fail(new StoreLocked('held by another'));
    stage.started[0].end('crash');
    await stage.settle();
    const waits = [250, 1000, 5000, 30_000, 30_000];
    for (const ms of waits) {
      assert.match(stage.warnings.at(-1) ?? '', new RegExp(`in ${ms} ms$`));
      stage.clock.advance(ms);
      await stage.settle();
    }
    assert.equal(supervised.facts(() => NO_CALLS).lastReason, 'held by another');
    stage.fail(undefined);
    stage.clock.advance(30_000);
    await stage.settle();
    assert.equal(supervised.facts(() => NO_CALLS).running, true);
    stage.clock.advance(60_000);
    stage.started[1].end('crash');
    await stage.settle();
    assert.match(stage.warnings.at(-1) ?? '', /in 250 ms$/);
    assert.equal(supervised.facts(() => NO_CALLS).ends, 2);
  });

  it('is not supervised if its first start fails', async () => {
    const stage = staged();
    stage.fail(new StoreLocked('held by another'));
    await assert.rejects(stage.keep(), StoreLocked);
    stage.clock.advance(60_000);
    assert.equal(stage.started.length, 0);
  });

  it('reports a damaged file', async () => {
    const stage = staged({ setAside: `${PATH}.corrupt-1` });
    const supervised = await stage.keep();
    assert.equal(supervised.facts(() => NO_CALLS).setAside, `${PATH}.corrupt-1`);
    assert.deepEqual(stage.warnings, [
      `${PATH} was damaged and was moved to ${PATH}.corrupt-1: a new database was created`,
    ]);
  });

  it('is reopened immediately after removed files were restored', async () => {
    const stage = staged();
    const supervised = await stage.keep();
    stage.started[0].end('its files were removed', true);
    await stage.settle();
    assert.equal(stage.started.length, 2);
    assert.equal(stage.started[0].wasEnded, true, 'what was under way fails');
    const { running, ends, rewrites } = supervised.facts(() => NO_CALLS);
    assert.deepEqual([running, ends, rewrites], [true, 0, 1]);
    assert.deepEqual(stage.warnings, [
      `the files of ${PATH} were removed while they were in use: the store recreates them with their full content`,
    ]);
  });

  it('reports how many commits a file lost', async () => {
    const stage = staged({ lostCommits: 12 });
    const supervised = await stage.keep();
    assert.equal(supervised.facts(() => NO_CALLS).lostCommits, 12);
    assert.match(stage.warnings.join(), /lost its last 12 acknowledged transactions/);
  });

  it('is ended when it is closed, and is not started again', async () => {
    const stage = staged();
    const supervised = await stage.keep();
    await Promise.all([supervised.close(), supervised.close()]);
    stage.started[0].end('exit code 1');
    await stage.settle();
    stage.clock.advance(60_000);
    await stage.settle();
    assert.equal(stage.started.length, 1);
    assert.equal(stage.started[0].wasEnded, true);
    assert.throws(() => supervised.current(), StoreClosed);
    assert.deepEqual(stage.warnings, []);
  });

  it('is closed without waiting for it forever', async () => {
    const stage = staged({ answers: false });
    const supervised = await stage.keep();
    const write = supervised.current().writer.call('write', [{ statements: [], records: {} }]);
    const closed = supervised.close();
    stage.clock.advance(CLOSE_TIMEOUT_MS - 1);
    await stage.settle();
    assert.equal(stage.started[0].wasEnded, false);
    stage.clock.advance(1);
    await assert.rejects(write, StoreUnavailable);
    await closed;
    assert.equal(stage.started[0].wasEnded, true);
  });

  it('stays down if it is closed while it is down', async () => {
    const stage = staged();
    const supervised = await stage.keep();
    stage.started[0].end('crash');
    await stage.settle();
    await supervised.close();
    stage.clock.advance(60_000);
    await stage.settle();
    assert.equal(stage.started.length, 1);
  });
});
