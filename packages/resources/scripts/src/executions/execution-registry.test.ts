import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { errorOf } from '@medkit/core/testing';
import { SimulatedClock, SimulatedPrograms } from '@medkit/edges/testing';
import { memoryStore, type Store } from '@medkit/store';
import { ExecutionRegistry, type PreparedRun } from './execution-registry.ts';
import { ExecutionStorage } from './execution-storage.ts';
import { SCRIPT_TABLES } from './execution-tables.ts';
import { GRACE_MS, MAX_STREAMED_BYTES, ScriptRun } from './script-run.ts';

const CHECK = { owner: 'apps/lidar_driver', scriptId: 'check' };
const OTHER = { owner: 'apps/lidar_driver', scriptId: 'other' };

describe('the registry of executions', () => {
  let clock: SimulatedClock;
  let programs: SimulatedPrograms;
  let store: Store;
  let registry: ExecutionRegistry;
  let log: string[];
  let cleaned: number;
  /** While set, the disk fails with this error. */
  let diskFailure: Error | undefined;

  const open = (limits: { readonly maxRunning?: number; readonly maxHistory?: number } = {}) => {
    const disk = async <T>(work: () => Promise<T>): Promise<T> => {
      if (diskFailure) throw diskFailure;
      return work();
    };
    const storage = new ExecutionStorage({
      exists: async () => true,
      read: (sql, parameters) => disk(() => store.read(sql, parameters)),
      write: (statements) => disk(() => store.write(statements)),
    });
    const options = { storage, programs, clock, maxRunning: 2, maxHistory: 3, ...limits };
    return new ExecutionRegistry({ ...options, log: (_level, message) => log.push(message) });
  };
  const prepare = async (): Promise<PreparedRun> => ({
    run: new ScriptRun({
      start: (onOutput) => programs.start({ command: ['sh'], environment: {}, folder: '/', onOutput }),
      clock,
      timeoutSec: 60,
    }),
    digest: 'abc',
    runner: 'plain',
    clientId: 'alice',
    cleanUp: async () => {
      cleaned += 1;
    },
  });
  const start = (script = CHECK) => registry.start(script, undefined, prepare);
  const last = () => programs.started.at(-1)!;
  const settled = () => clock.advanceAsync(1);
  const run = async (code: number, text = '') => {
    const { id } = await start();
    last().write(text);
    last().exit(code);
    await settled();
    return id;
  };

  beforeEach(() => {
    clock = new SimulatedClock();
    programs = new SimulatedPrograms();
    store = memoryStore({ clock, migrations: { scripts: SCRIPT_TABLES } });
    log = [];
    cleaned = 0;
    diskFailure = undefined;
    registry = open();
  });
  afterEach(() => store.close());

  it('follows an execution to its end', async () => {
    const started = await start();
    assert.deepEqual(started, {
      id: 'exec_001',
      status: 'running',
      startedMs: clock.wallMs(),
      clientId: 'alice',
      digest: 'abc',
      runner: 'plain',
    });
    last().write('PROGRESS 50\nfine\n');
    const halfway = await registry.get(CHECK, 'exec_001');
    assert.deepEqual([halfway.status, halfway.progress, halfway.output?.text], ['running', 50, 'fine\n']);
    clock.advance(3000);
    last().exit(0);
    await settled();
    const ended = await registry.get(CHECK, 'exec_001');
    assert.deepEqual(ended, {
      ...started,
      status: 'completed',
      progress: 100,
      completedMs: clock.wallMs(),
      exitCode: 0,
      result: { stdout: 'fine\n' },
      output: { text: 'fine\n', truncated: false },
      errors: { text: '', truncated: false },
    });
    assert.equal(cleaned, 1);
    assert.equal(registry.running, 0);
  });

  it('opens the gate of a script only after its process is on disk', async () => {
    let begunBefore: boolean | undefined;
    programs.onStart = (program) => {
      queueMicrotask(() => {
        begunBefore = program.begun;
      });
    };
    await start();
    assert.equal(begunBefore, false);
    const [row] = await store.read('SELECT process_id, start_ticks, boot_id FROM script_executions');
    assert.deepEqual({ ...row }, { process_id: 1000, start_ticks: 5, boot_id: 'boot' });
    assert.equal(last().begun, true);
  });

  it('runs nothing that cannot be recorded', async () => {
    await registry.loaded();
    diskFailure = new Error('disk failed');
    await assert.rejects(start(), /disk failed/);
    assert.deepEqual([last().begun, last().signals], [false, ['SIGKILL']]);
    assert.deepEqual([registry.running, cleaned], [0, 1]);
    diskFailure = undefined;
    assert.equal((await start()).id, 'exec_001');
  });

  it('returns a result as JSON if the output is JSON', async () => {
    await run(0, ' {"range": 12.5, "id": 4611686018427387904}\n');
    assert.deepEqual((await registry.get(CHECK, 'exec_001')).result, { range: 12.5, id: 2n ** 62n });
    await run(1, '[1, 2]');
    const failed = await registry.get(CHECK, 'exec_002');
    assert.deepEqual([failed.status, failed.result], ['failed', [1, 2]]);
    await run(0, '{broken');
    assert.deepEqual((await registry.get(CHECK, 'exec_003')).result, { stdout: '{broken' });
  });

  it('reports the error output of a failed script', async () => {
    const { id } = await start();
    last().write(`no echo${'.'.repeat(600)}\n`, 'errors');
    last().exit(3);
    await settled();
    const { error, exitCode } = await registry.get(CHECK, id);
    assert.equal(exitCode, 3);
    assert.deepEqual([error?.reason, error?.message.length], ['exit-code', 500]);
    assert.equal((await registry.get(CHECK, await run(4))).error?.message, 'Script exited with code 4');
  });

  it('ends a script that exceeds its time: with SIGTERM first, then SIGKILL', async () => {
    await start();
    clock.advance(60_000);
    assert.deepEqual(last().signals, ['SIGTERM']);
    clock.advance(GRACE_MS);
    assert.deepEqual(last().signals, ['SIGTERM', 'SIGKILL']);
    await settled();
    const { status, error } = await registry.get(CHECK, 'exec_001');
    assert.deepEqual([status, error?.reason], ['terminated', 'timed-out']);
    assert.match(error?.message ?? '', /timed out.* 60 s/);
    assert.equal(clock.timers, 0);
  });

  it('stops a script on request, and answers when it has ended', async () => {
    await start();
    last().onSignal = () => last().exit(7);
    const stopped = await registry.control(CHECK, 'exec_001', 'stop');
    assert.deepEqual([stopped.status, stopped.error?.reason, stopped.exitCode], ['terminated', 'stopped', 7]);
    assert.ok(stopped.completedMs !== undefined);
    assert.deepEqual(last().signals, ['SIGTERM']);
    await start();
    assert.equal((await registry.control(CHECK, 'exec_002', 'forced_termination')).status, 'terminated');
    assert.deepEqual(last().signals, ['SIGKILL']);
    assert.equal((await errorOf(registry.control(CHECK, 'exec_002', 'stop'))).code, 'x-medkit-script-not-running');
    assert.equal(clock.timers, 0);
  });

  it('ends a script that writes without end, and keeps the beginning of its output', async () => {
    await start();
    const chunk = 'x'.repeat(1024 * 1024);
    for (let written = 0; written <= MAX_STREAMED_BYTES; written += chunk.length) last().write(chunk);
    assert.deepEqual(last().signals, ['SIGKILL']);
    await settled();
    const { error, output } = await registry.get(CHECK, 'exec_001');
    assert.deepEqual([error?.reason, output?.truncated, output?.text.length], ['too-much-output', true, chunk.length]);
  });

  it('limits the number of concurrent executions', async () => {
    await start();
    await start(OTHER);
    const { code, status } = await errorOf(start(OTHER));
    assert.deepEqual([code, status], ['x-medkit-concurrency-limit', 429]);
    last().exit(0);
    await settled();
    assert.equal((await start(OTHER)).id, 'exec_002');
  });

  it('removes the oldest ended executions', async () => {
    for (let index = 0; index < 4; index++) await run(0);
    const ids = (await registry.list(CHECK)).map(({ id }) => id);
    assert.deepEqual(ids, ['exec_004', 'exec_003', 'exec_002']);
    const rows = await store.read('SELECT number FROM script_executions ORDER BY number');
    assert.deepEqual(
      rows.map(({ number }) => number),
      [2, 3, 4],
    );
    assert.equal((await errorOf(registry.get(CHECK, 'exec_001'))).code, 'resource-not-found');
  });

  it('finds an execution by its exact id and only under its script', async () => {
    await run(0);
    for (const id of ['exec_1', 'exec_0001', 'exec_002', 'EXEC_001', '001', 'exec_-01']) {
      assert.equal((await errorOf(registry.get(CHECK, id))).code, 'resource-not-found', id);
    }
    assert.equal((await errorOf(registry.get(OTHER, 'exec_001'))).code, 'resource-not-found');
  });

  it('removes no execution and no script that runs', async () => {
    await start();
    let removed = false;
    const remove = async () => {
      removed = true;
    };
    assert.equal((await errorOf(registry.remove(CHECK, 'exec_001'))).code, 'x-medkit-script-running');
    assert.equal((await errorOf(registry.removeScript(CHECK, remove))).code, 'x-medkit-script-running');
    assert.equal(removed, false);
    last().exit(0);
    await settled();
    await registry.remove(CHECK, 'exec_001');
    assert.deepEqual(await registry.list(CHECK), []);
    assert.equal((await start()).id, 'exec_002', 'no id is given twice');
    last().exit(0);
    await settled();
    await registry.removeScript(CHECK, remove);
    assert.equal((await start()).id, 'exec_001', 'another script of the same name begins anew');
  });

  it('starts no script that is being removed', async () => {
    const going = Promise.withResolvers<void>();
    const removing = registry.removeScript(CHECK, () => going.promise);
    await settled();
    assert.equal((await errorOf(start())).code, 'resource-not-found');
    going.resolve();
    await removing;
    await start();
  });

  it('ends all executions when it is closed, and starts no more', async () => {
    await start();
    const stubborn = last();
    const closed = registry.close();
    await clock.advanceAsync(GRACE_MS + 200, 100);
    await closed;
    assert.deepEqual(stubborn.signals, ['SIGTERM', 'SIGKILL']);
    assert.equal((await registry.get(CHECK, 'exec_001')).error?.reason, 'gateway-ended');
    assert.equal((await errorOf(start())).code, 'x-medkit-gateway-shutdown');
  });

  it('remembers executions after a restart, and continues their numbers', async () => {
    await run(0, 'fine');
    registry = open();
    const ended = await registry.get(CHECK, 'exec_001');
    assert.deepEqual([ended.status, ended.output?.text, ended.clientId], ['completed', 'fine', 'alice']);
    assert.equal((await start()).id, 'exec_002');
  });

  it('reports the same second of the end before and after a restart', async () => {
    const second = (ms: number | undefined) => Math.floor((ms ?? 0) / 1000);
    await start();
    // The wall clock of the system has fractions of a millisecond.
    clock.advance(998.9 - (clock.wallMs() % 1000));
    last().exit(0);
    await settled();
    const before = await registry.get(CHECK, 'exec_001');
    registry = open();
    const after = await registry.get(CHECK, 'exec_001');
    assert.ok(before.completedMs !== undefined);
    assert.equal(second(after.completedMs), second(before.completedMs));
  });

  it('ends still running scripts after a restart, and reports their end', async () => {
    await start();
    await start(OTHER);
    programs.leftOver.set(1000, 'SIGTERM').set(1001, 'SIGKILL');
    registry = open();
    const loading = registry.loaded();
    await clock.advanceAsync(GRACE_MS + 100, 10);
    await loading;
    assert.deepEqual([...programs.leftOver], []);
    for (const script of [CHECK, OTHER]) {
      const { status, error, completedMs } = await registry.get(script, 'exec_001');
      assert.deepEqual([status, error?.reason, completedMs !== undefined], ['terminated', 'gateway-ended', true]);
    }
    assert.equal(registry.running, 0);
    assert.equal(log.length, 2);
  });

  it('removes executions beyond a lowered limit from disk after a restart', async () => {
    for (let n = 0; n < 3; n++) await run(0);
    registry = open({ maxHistory: 1 });
    assert.deepEqual(
      (await registry.list(CHECK)).map(({ id }) => id),
      ['exec_003'],
    );
    const rows = await store.read('SELECT number FROM script_executions');
    assert.deepEqual(
      rows.map(({ number }) => Number(number)),
      [3],
    );
  });

  it('has each execution once after a first read that failed halfway', async () => {
    await run(0);
    await start();
    registry = open();
    const read = store.read.bind(store);
    store.read = async (...args) => {
      const rows = await read(...args);
      // The disk fails before the end of the running execution is written.
      if (args[0].includes('script_numbers')) diskFailure ??= new Error('the disk is gone');
      return rows;
    };
    await assert.rejects(registry.loaded());
    store.read = read;
    diskFailure = undefined;
    await registry.loaded();
    assert.equal(registry.remembered, 2);
  });

  it('reports a failed read, and repeats it with the next request', async () => {
    diskFailure = new Error('disk failed');
    await assert.rejects(registry.list(CHECK), /disk failed/);
    assert.equal(registry.failure, 'disk failed');
    diskFailure = undefined;
    assert.deepEqual(await registry.list(CHECK), []);
    assert.equal(registry.failure, undefined);
  });

  it('shows and logs an end that could not be written', async () => {
    await start();
    diskFailure = new Error('disk failed');
    last().write('fine');
    last().exit(0);
    await settled();
    assert.deepEqual((await registry.get(CHECK, 'exec_001')).output?.text, 'fine');
    assert.match(log.at(-1) ?? '', /apps\/lidar_driver\/check exec_001 is not on disk: disk failed/);
  });
});
