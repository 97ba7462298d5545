import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScriptProvider } from '@medkit/core';
import { memoryRunner } from '@medkit/core/testing';
import { SimulatedPrograms } from '@medkit/edges/testing';
import type { PluginScripts } from '@medkit/plugin';
import { module, pluginGateway, settled } from '../testing/plugin-gateway.ts';
import { uploadForm } from '../testing/upload-form.ts';

const LIDAR = '/api/v1/apps/lidar/scripts';
const EXECUTIONS = `${LIDAR}/check/executions`;

interface Choice {
  readonly isolated?: boolean;
  readonly runner?: string;
  /** Whether the setup of the plugin fails. */
  readonly broken?: boolean;
}

/** A gateway with a plugin `container` that provides these scripts; the gateway's own programs run nothing. */
async function setUp(scripts: PluginScripts, { isolated = false, runner = 'plain', broken = false }: Choice = {}) {
  const programs = new SimulatedPrograms();
  const programHost = { programs, environment: { PATH: '/bin', LANG: 'C' }, isRoot: false };
  const setup = async () => {
    if (broken) throw new Error('there is no engine');
    return { scripts };
  };
  const { clock, server, close, health } = await pluginGateway(
    { container: module(setup) },
    { isolated, changes: { scripts: { ...CONFIG, runner } }, parts: { programHost } },
  );
  const ask = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object, client = 'alice') => {
    const headers = { host: 'localhost', 'x-client-id': client };
    const asking = server.inject({ method, url, headers, ...(payload && { payload }) });
    // A separate process replies after its messages have arrived.
    const reply = await whileTimePasses(asking);
    return { status: reply.statusCode, body: reply.payload === '' ? undefined : reply.json() };
  };
  const whileTimePasses = async <T>(promise: Promise<T>): Promise<T> => {
    let isOver = false;
    void promise.finally(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 400 && !isOver; turn++) {
      await settled();
      if (turn % 20 === 19) await clock.advanceAsync(5, 5);
    }
    return promise;
  };
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      await clock.advanceAsync(10, 10);
      for (let turn = 0; turn < 4; turn++) await settled();
    }
  };
  const upload = (url = LIDAR) =>
    uploadForm(server, url, [{ name: 'file', filename: 'check.sh', content: 'echo 1\n' }]);
  const start = (url = EXECUTIONS, client = 'alice') => ask('POST', url, { execution_type: 'now' }, client);
  return { ask, upload, start, pass, programs, health, close: () => whileTimePasses(close()) };
}

const CONFIG = {
  scripts_dir: '/scripts',
  allow_uploads: true,
  max_file_size_mb: 1,
  max_concurrent_executions: 2,
  default_timeout_sec: 60,
  max_execution_history: 10,
} as const;

for (const isolated of [false, true]) {
  describe(`a plugin that runs scripts ${isolated ? 'in a separate process' : 'within the gateway'}`, () => {
    it('runs those that the gateway stores, with the usual interface: upload, list, progress, output, result', async () => {
      const { runner, jobs, tell } = memoryRunner();
      const { ask, upload, start, pass, programs, close } = await setUp({ runner }, { isolated });
      assert.equal((await upload()).statusCode, 201);
      const started = await ask('POST', EXECUTIONS, { execution_type: 'now', parameters: { beams: 16 } });
      assert.deepEqual([started.status, started.body.status, started.body.id], [202, 'running', 'exec_001']);
      const [job] = jobs;
      assert.deepEqual(
        [job?.owner, job?.scriptId, job?.executionId, job?.format, Buffer.from(job?.content ?? []).toString()],
        ['apps/lidar', 'check', 'exec_001', 'sh', 'echo 1\n'],
      );
      assert.deepEqual([job?.input, job?.environment['MEDKIT_PARAM_BEAMS']], ['{"beams":16}', '16']);
      assert.equal(job?.environment['PATH'], undefined, 'what the gateway has of the machine is not for elsewhere');

      tell({ output: Buffer.from('PROGRESS 30\n{"ok":'), errors: Buffer.from('hm\n') });
      await pass(200);
      const running = (await ask('GET', `${EXECUTIONS}/exec_001`)).body;
      assert.deepEqual([running.status, running.progress, running['x-medkit'].stderr], ['running', 30, 'hm\n']);
      tell({ progress: 79.6 });
      await pass(200);
      assert.equal((await ask('GET', `${EXECUTIONS}/exec_001`)).body.progress, 80);
      tell({ output: Buffer.from('true}'), exit: { code: 0 } });
      await pass(200);
      const ended = (await ask('GET', `${EXECUTIONS}/exec_001`)).body;
      assert.deepEqual([ended.status, ended.parameters, ended.progress], ['completed', { ok: true }, 100]);
      assert.equal(ended['x-medkit'].runner, 'container');
      assert.deepEqual(
        (await ask('GET', EXECUTIONS)).body.items.map(({ id, status }: Record<string, string>) => `${id} ${status}`),
        ['exec_001 completed'],
      );
      assert.equal(programs.started.length, 0, 'nothing is run by the gateway itself');
      const second = await start();
      tell({ exit: { code: 3 }, errors: Buffer.from('no lidar') });
      await pass(200);
      const failed = (await ask('GET', `${EXECUTIONS}/${second.body.id}`)).body;
      assert.deepEqual([failed.status, failed.error.message, failed.error.exit_code], ['failed', 'no lidar', 3]);
      await close();
    });

    it('has to end them: for a client, after the timeout, and again if the plugin no longer knows the execution', async () => {
      const { runner, tell, ends, forget } = memoryRunner();
      const { ask, upload, start, pass, close } = await setUp({ runner }, { isolated });
      await upload();
      const end = async (action: string) => {
        const { id } = (await start()).body;
        const ending = ask('PUT', `${EXECUTIONS}/${id}`, { action });
        await pass(200);
        const { status, error } = (await ending).body;
        return `${status} ${error.reason}`;
      };
      assert.deepEqual(
        [await end('stop'), await end('forced_termination')],
        ['terminated stopped', 'terminated stopped'],
      );
      const { id } = (await start()).body;
      tell({ output: Buffer.from('begun') });
      await pass(61_000);
      const late = (await ask('GET', `${EXECUTIONS}/${id}`)).body;
      assert.deepEqual([late.status, late.error.reason, late['x-medkit'].stdout], ['terminated', 'timed-out', 'begun']);
      assert.deepEqual(ends, ['exec_001 stop', 'exec_002 forced_termination', 'exec_003 stop']);

      await start();
      forget();
      await pass(200);
      const lost = (await ask('GET', `${EXECUTIONS}/exec_004`)).body;
      assert.deepEqual([lost.status, lost.error.reason], ['terminated', 'runner-lost']);
      assert.equal(ends.at(-1), 'exec_004 forced_termination');
      await close();
    });

    it('does not run scripts that a lock closes, and the audit log contains each run', async () => {
      const { runner, jobs, tell } = memoryRunner();
      const { ask, upload, start, pass, close } = await setUp({ runner }, { isolated });
      await upload();
      const lock = { lock_expiration: 300, scopes: ['scripts'] };
      assert.equal((await ask('POST', '/api/v1/apps/lidar/locks', lock, 'bob')).status, 201);
      assert.deepEqual([(await start()).status, jobs.length], [409, 0]);
      assert.equal((await start(EXECUTIONS, 'bob')).status, 202);
      tell({ exit: { code: 0 } });
      await pass(200);
      const { items } = (await ask('GET', '/api/v1/x-medkit-audit')).body;
      const ran = items.map((item: object) => JSON.stringify(item)).find((text: string) => text.includes('exec_001'));
      assert.match(ran, /"sha256":"[0-9a-f]{64}"/);
      await close();
    });

    it('can provide all scripts of entities of another owner', async () => {
      const calls: string[] = [];
      const entry = { id: 'check', name: 'check', managed: false };
      const execution = { id: 'exec_7', status: 'running', startedMs: 1000 } as const;
      const noted = <T>(asking: string, answer: T): T => {
        calls.push(asking);
        return answer;
      };
      const provider: ScriptProvider = {
        list: async (owner) => noted(`list ${owner}`, [entry]),
        get: async (owner) => noted(`get ${owner}`, entry),
        upload: async (owner, { content }) => noted(`upload ${content.length} ${owner}`, entry),
        remove: async (owner) => noted(`remove ${owner}`, undefined),
        start: async (owner) => noted(`start ${owner}`, execution),
        executions: async (owner) => noted(`executions ${owner}`, [execution]),
        execution: async (owner) => noted(`execution ${owner}`, execution),
        control: async (owner, _script, id, action) => noted(`${id} ${action} ${owner}`, execution),
        removeExecution: async (owner) => noted(`removeExecution ${owner}`, undefined),
      };
      const { ask, upload, start, close } = await setUp({ entities: ['lid*'], provider }, { isolated });
      const camera = '/api/v1/apps/camera/scripts';
      assert.deepEqual([(await upload()).statusCode, (await upload(camera)).statusCode], [201, 201]);
      assert.equal((await ask('GET', LIDAR)).body.items[0].id, 'check');
      assert.equal((await start()).body.id, 'exec_7');
      await ask('PUT', `${EXECUTIONS}/exec_7`, { action: 'stop' });
      await ask('GET', EXECUTIONS);
      await ask('GET', `${EXECUTIONS}/exec_7`);
      await ask('DELETE', `${EXECUTIONS}/exec_7`);
      await ask('DELETE', `${LIDAR}/check`);
      const verbs = [
        'upload 7',
        'list',
        'start',
        'exec_7 stop',
        'executions',
        'execution',
        'removeExecution',
        'remove',
      ];
      assert.deepEqual(
        calls,
        verbs.map((verb) => `${verb} apps/lidar`),
      );
      await close();
    });
  });
}

describe('which runner runs a script', () => {
  it('is that of the first plugin for the entity, otherwise that of the gateway', async () => {
    const { runner, jobs } = memoryRunner();
    const { upload, start, programs, close } = await setUp({ entities: ['apps/cam*'], runner });
    await upload();
    await upload('/api/v1/apps/camera/scripts');
    assert.equal((await start()).body['x-medkit'].runner, 'plain');
    assert.equal((await start('/api/v1/apps/camera/scripts/check/executions')).body['x-medkit'].runner, 'container');
    assert.deepEqual([programs.started.length, jobs.length], [1, 1]);
    programs.started[0]?.exit(0);
    await close();
  });

  it('is only the plugin that scripts.runner names: not for other entities, and not if the plugin is left out', async () => {
    const { runner } = memoryRunner();
    for (const choice of [{ entities: ['camera'] }, { broken: true }]) {
      const scripts = { runner, ...choice };
      const { upload, start, programs, health, close } = await setUp(scripts, { runner: 'container', ...choice });
      await upload();
      const { status, body } = await start();
      assert.deepEqual([status, programs.started.length], [503, 0]);
      assert.match(
        body.message,
        /^scripts\.runner is container, (which does not run scripts of this entity|but no plugin)/,
      );
      const refusals = (await health()).warnings.filter(
        ({ code }: { code: string }) => code === 'scripts_refused',
      ).length;
      assert.equal(refusals, 'broken' in choice ? 1 : 0);
      await close();
    }
  });

  it('is not awaited for ever: an execution that it does not end in ten seconds is lost', async () => {
    const { runner } = memoryRunner({ deaf: true });
    const { ask, upload, start, pass, close } = await setUp({ runner });
    await upload();
    await start();
    const ending = ask('PUT', `${EXECUTIONS}/exec_001`, { action: 'forced_termination' });
    await pass(10_100);
    const { status, error } = (await ending).body;
    assert.deepEqual([status, error.reason], ['terminated', 'runner-lost']);
    await close();
  });
});
