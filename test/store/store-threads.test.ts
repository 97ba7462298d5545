import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Thread } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import { openStore, type Store, StoreBusy, StoreLocked, StoreUnavailable } from '@medkit/store';
import { temporaryFolder } from '../../packages/base/store/src/testing/temporary-folder.ts';
import { EARLY_MS, finishEngine, READER_IDLE_MS, startEngine } from '../../packages/base/store/src/thread/engine.ts';
import { superviseEngine } from '../../packages/base/store/src/thread/engine-supervisor.ts';
import { startStoreThread, storeThreads } from '../../packages/base/store/src/thread/thread.ts';
import { threadedStore } from '../../packages/base/store/src/thread/threaded-store.ts';
import { eventually } from '../harness/eventually.ts';

const migrations = { rows: [['CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)']] };
const row = (id: number, text = '') => ({ sql: 'INSERT INTO rows (id, text) VALUES (?, ?)', parameters: [id, text] });
const warn = () => undefined;

/** Threads of a failed test would keep the process alive. */
const closing = (store: Store): AsyncDisposable => ({ [Symbol.asyncDispose]: () => store.close() });

describe('the threads of a store', () => {
  for (const role of ['writer', 'reader'] as const) {
    it(`restart when the ${role} ends, with all acknowledged writes`, async () => {
      using folder = temporaryFolder();
      const path = join(folder.path, 'a.db');
      const threads: { role: string; thread: Thread }[] = [];
      const startThread = storeThreads((started) => {
        const thread = startStoreThread(started);
        threads.push({ role: started, thread });
        return thread;
      });
      // Long enough ago for a separate thread to read.
      const clock = new SimulatedClock();
      const start = () => startEngine(startThread, { path, migrations }, clock);
      const store = threadedStore(
        await superviseEngine({ path, start, finish: finishEngine, clock: systemClock, warn }),
      );
      await using _closing = closing(store);
      clock.advance(EARLY_MS);
      const acknowledged: number[] = [];
      const failures: unknown[] = [];
      const writes = Array.from({ length: 3000 }, (_, id) =>
        store.write([row(id)]).then(
          () => acknowledged.push(id),
          (error) => failures.push(error),
        ),
      );
      await Promise.all([writes[0], store.read('SELECT 1')]);
      await threads.find((started) => started.role === role)?.thread.end();
      await Promise.all(writes);
      assert.ok(failures.every((error) => error instanceof StoreUnavailable));
      const stored = await eventually('the store is back', async () => {
        const rows = await store.read('SELECT id FROM rows').catch(() => undefined);
        return rows && new Set(rows.map(({ id }) => id));
      });
      assert.ok(acknowledged.length > 0);
      assert.deepEqual(
        acknowledged.filter((id) => !stored.has(id)),
        [],
      );
      await store.write([row(5000)]);
      const { running, ends, lastReason } = store.facts();
      assert.deepEqual([running, ends], [true, 1]);
      assert.match(lastReason ?? '', /exit code/);
    });
  }

  it('are one thread until the first read, and again after a while without reads', async () => {
    using folder = temporaryFolder();
    const roles: string[] = [];
    const ended: string[] = [];
    const clock = new SimulatedClock();
    const startThread = storeThreads((role) => {
      roles.push(role);
      const thread = startStoreThread(role);
      void thread.ended.then(() => ended.push(role));
      return thread;
    });
    const start = () => startEngine(startThread, { path: join(folder.path, 'a.db'), migrations }, clock);
    const store = threadedStore(
      await superviseEngine({ path: 'a.db', start, finish: finishEngine, clock: systemClock, warn }),
    );
    await using _closing = closing(store);
    await store.write([row(1)]);
    assert.deepEqual(await store.read('SELECT id FROM rows'), [{ id: 1 }]);
    assert.deepEqual(roles, ['writer'], 'what was kept is read at the start in the thread that writes');
    clock.advance(EARLY_MS);
    const reads = [store.read('SELECT id FROM rows'), store.read('SELECT count(*) AS n FROM rows')];
    assert.deepEqual(await Promise.all(reads), [[{ id: 1 }], [{ n: 1 }]]);
    assert.deepEqual(roles, ['writer', 'reader']);

    clock.advance(READER_IDLE_MS);
    assert.deepEqual(await store.read('SELECT count(*) AS n FROM rows'), [{ n: 1 }]);
    assert.deepEqual([roles.length, ended], [2, []], 'something was read meanwhile');
    clock.advance(READER_IDLE_MS);
    clock.advance(READER_IDLE_MS);
    await eventually('the end of the thread that reads', async () => ended.length === 1);
    await store.write([row(2)]);
    assert.deepEqual(await store.read('SELECT count(*) AS n FROM rows'), [{ n: 2 }]);
    assert.deepEqual([roles, ended, store.facts().ends], [['writer', 'reader', 'reader'], ['reader'], 0]);
  });

  it('accept writes up to the limit of pending ones, and again when those are done', async () => {
    using folder = temporaryFolder();
    const store = await openStore({ path: join(folder.path, 'a.db'), clock: systemClock, warn, migrations });
    await using _closing = closing(store);
    const outcomes = await Promise.allSettled(Array.from({ length: 5000 }, (_, id) => store.write([row(id)])));
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    assert.equal(refused.length, 5000 - 4096);
    assert.ok(refused.every(({ reason }) => reason instanceof StoreBusy));
    await store.write([row(9000)]);
    assert.deepEqual(await store.read('SELECT count(*) AS n FROM rows'), [{ n: 4097 }]);
  });

  it('keep the log short during continuous writes and reads', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.db');
    const store = await openStore({ path, clock: systemClock, warn, migrations });
    await using _closing = closing(store);
    let largest = 0;
    let id = 0;
    let reading = true;
    const reads = (async () => {
      while (reading) await store.read('SELECT count(*) FROM rows');
    })();
    for (let round = 0; round < 120; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => store.write([row(id++, 'x'.repeat(4000))])));
      largest = Math.max(largest, statSync(`${path}-wal`).size);
    }
    reading = false;
    await reads;
    const { databaseBytes, logBytes } = await store.usage();
    assert.ok(databaseBytes > 40_000_000, `${databaseBytes} octets`);
    // 16 MiB, or twice that if a read did not finish in time.
    assert.ok(largest < 40_000_000, `the log grew to ${largest} octets`);
    assert.ok(logBytes <= largest);
    assert.equal(await store.checkpoint(), true);
    assert.equal((await store.usage()).logBytes, 0);
  });

  it('are refused a file that another process holds, and get it when it is released', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.db');
    await (await openStore({ path, clock: systemClock, warn, migrations })).close();
    const hold = `
      const { DatabaseSync } = require('node:sqlite');
      new DatabaseSync(${JSON.stringify(path)}).exec('BEGIN EXCLUSIVE');
      console.log('held');
      process.stdin.resume();`;
    const holder = spawn(process.execPath, ['--no-warnings', '-e', hold], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    const open = (busyTimeoutMs: number) => openStore({ path, clock: systemClock, warn, migrations, busyTimeoutMs });
    await assert.rejects(open(50), StoreLocked);
    const waiting = open(10_000);
    holder.kill('SIGKILL');
    const store = await waiting;
    await using _closing = closing(store);
    await store.write([row(1)]);
  });
});
