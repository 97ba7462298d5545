import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { callContext, type JsonValue, type ManagedScript, type ScriptExecution, type ScriptStart } from '@medkit/core';
import { errorOf } from '@medkit/core/testing';
import type { QuotaFigures } from '@medkit/edges';
import { systemClock, systemFiles, systemPrograms, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import { memoryStore } from '@medkit/store';
import { SCRIPT_TABLES } from './executions/execution-tables.ts';
import { openScripts, type Scripts } from './open-scripts.ts';

const LIDAR = 'apps/lidar_driver';

/** Runs scripts in real processes. */
describe('scripts', { timeout: 30_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-scripts-'));
  const home = join(folder, 'scripts');
  const store = memoryStore({ clock: systemClock, migrations: { scripts: SCRIPT_TABLES } });
  const managed: ManagedScript[] = [];
  const call = callContext({ clock: systemClock, timeoutMs: 10_000, clientId: 'alice' });
  let scripts: Scripts;
  const open = () =>
    openScripts({
      folder: home,
      files: { ...systemFiles, ...systemWritableFiles },
      programs: systemPrograms,
      database: {
        exists: async () => true,
        read: (sql, parameters) => store.read(sql, parameters),
        write: (statements) => store.write(statements),
      },
      clock: systemClock,
      random: systemRandom,
      log: () => undefined,
      managed: () => managed,
      problemsOf: (_schema, parameters) =>
        (parameters as { readonly beams?: JsonValue }).beams === undefined
          ? [{ field: 'parameters.beams', message: 'missing required field' }]
          : [],
      environment: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' },
      wantedRunner: 'plain',
      confinedRunners: [],
      defaultTimeoutSec: 20,
      maxRunning: 3,
      maxHistory: 100,
    });
  before(async () => {
    scripts = await open();
  });
  after(async () => {
    await scripts.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const upload = (filename: string, text: string, more: object = {}) =>
    scripts.provider.upload(LIDAR, { filename, content: Buffer.from(text), ...more }, call);
  const ended = async (scriptId: string, { id }: ScriptExecution): Promise<ScriptExecution> => {
    for (;;) {
      const execution = await scripts.provider.execution(LIDAR, scriptId, id, call);
      if (execution.status !== 'running') return execution;
      await nextTurn();
    }
  };
  const run = async (scriptId: string, parameters?: JsonValue): Promise<ScriptExecution> => {
    const start: ScriptStart = { executionType: 'now', parameters };
    return ended(scriptId, await scripts.provider.start(LIDAR, scriptId, start, call));
  };
  const stateOf = (processId: number): string => {
    try {
      return readFileSync(`/proc/${processId}/status`, 'utf8');
    } catch {
      // The process no longer exists.
      return '';
    }
  };
  const codeOf = async (promise: Promise<unknown>) => (await errorOf(promise)).code;

  it('run with the interpreter of their extension, and return their output', async () => {
    await upload('shell.sh', 'echo "$0" | grep -o "shell.sh$"; echo warned > /dev/stderr');
    const shell = await run('shell');
    assert.deepEqual(
      [shell.status, shell.progress, shell.exitCode, shell.output?.text, shell.errors?.text, shell.runner],
      ['completed', 100, 0, 'shell.sh\n', 'warned\n', 'plain'],
    );
    await upload('snake.py', 'import json\nprint(json.dumps({"beams": [1, 2]}))');
    assert.deepEqual((await run('snake')).result, { beams: [1, 2] });
    await upload('arrays.bash', 'a=(1 2); echo $a');
    assert.equal((await run('arrays')).output?.text, '1\n');
  });

  it('run also with Windows line endings', async () => {
    const text = '\u{feff}#!/bin/bash\nset -e\nif true; then\n  echo "hello $MEDKIT_SCRIPT_ID"\nfi';
    for (const name of ['windows.sh', 'windows2.bash']) {
      const [id = ''] = name.split('.');
      await upload(name, text.replaceAll('\n', '\r\n'));
      const { status, output } = await run(id);
      assert.deepEqual([status, output?.text], ['completed', `hello ${id}\n`]);
    }
    await upload('unix.sh', "set -e\nprintf '%s' 'a\r\nb'\n");
    assert.equal((await run('unix')).output?.text, 'a\r\nb', 'what a script of Linux has is left as it is');
  });

  it('have a clean environment, a separate folder, and nothing of the gateway', async () => {
    process.env['MEDKIT_SERVER_TOKEN'] = 'secret';
    // The test process may have inherited open descriptors.
    const inherited = new Set(readdirSync('/proc/self/fd').filter((id) => Number(id) > 100));
    await upload(
      'surroundings.sh',
      'env | cut -d= -f1 | sort | tr "\\n" " "; test "$HOME" = "$PWD" && ls; ls /proc/self/fd',
    );
    const { output } = await run('surroundings', { beams: 16 });
    delete process.env['MEDKIT_SERVER_TOKEN'];
    const [line = '', ...rest] = output?.text.split('\n') ?? [];
    const added = 'MEDKIT_ENTITY MEDKIT_EXECUTION_ID MEDKIT_PARAMETERS MEDKIT_PARAM_BEAMS MEDKIT_SCRIPT_ID PATH PWD ';
    assert.equal(line.replace(/(OLDPWD|SHLVL|_) /g, ''), `HOME LANG ${added}parameters.json`);
    // The rest are its files and its descriptors: three streams, the progress stream, and the listed folder.
    assert.deepEqual(
      rest.filter((text) => text !== '' && !inherited.has(text)),
      ['surroundings.sh', ...'01234'],
    );
  });

  it('read their parameters from their input, which is empty without parameters', async () => {
    await upload('echo.sh', 'cat');
    assert.deepEqual((await run('echo', { beams: 16 })).result, { beams: 16 });
    assert.equal((await run('echo')).output?.text, '');
  });

  it('report their progress on descriptor 3', async () => {
    await upload('slow.sh', 'echo 40 >&3; echo begun; sleep 20');
    const started = await scripts.provider.start(LIDAR, 'slow', { executionType: 'now', parameters: undefined }, call);
    for (;;) {
      const { progress, output } = await scripts.provider.execution(LIDAR, 'slow', started.id, call);
      if (output?.text === 'begun\n' && progress === 40) break;
      await nextTurn();
    }
    const stopped = await scripts.provider.control(LIDAR, 'slow', started.id, 'stop', call);
    assert.deepEqual([stopped.status, stopped.progress, stopped.error?.reason], ['terminated', 40, 'stopped']);
  });

  it('end with their first process, and their background processes are killed', { timeout: 60_000 }, async () => {
    await upload('daemon.sh', 'sleep 600 & echo $!');
    const { status, output } = await run('daemon');
    assert.equal(status, 'completed');
    assert.match(output?.text ?? '', /^\d+\n$/);
    // A killed process may take a moment to disappear; without the kill it would run for ten minutes.
    while (/^State:\s+[SR]/m.test(stateOf(Number(output?.text)))) await nextTurn();
  });

  it('that write without end are ended', async () => {
    await upload('flood.sh', 'yes');
    const { status, error, output } = await run('flood');
    assert.deepEqual([status, error?.reason, output?.truncated], ['terminated', 'too-much-output', true]);
  });

  it('whose interpreter is missing fail as in a shell', async () => {
    managed.push({ ...MANAGED, id: 'nothing', path: join(folder, 'check.sh'), env: { PATH: '/nowhere' } });
    writeFileSync(join(folder, 'check.sh'), 'echo never');
    const { status, exitCode } = await run('nothing');
    assert.deepEqual([status, exitCode], ['failed', 127]);
    managed.pop();
  });

  it('do not run after their file was changed or replaced with a link', async () => {
    await upload('changed.sh', 'echo fine');
    const file = join(home, LIDAR, 'changed', 'script.sh');
    chmodSync(file, 0o600);
    writeFileSync(file, 'echo evil');
    assert.equal(await codeOf(run('changed')), 'precondition-not-fulfilled');
    rmSync(file);
    writeFileSync(join(folder, 'same.sh'), 'echo fine');
    symlinkSync(join(folder, 'same.sh'), file);
    assert.equal(await codeOf(run('changed')), 'precondition-not-fulfilled');
    assert.deepEqual(await scripts.provider.executions(LIDAR, 'changed', call), []);
  });

  it('are neither read nor written through an entity folder that is a link', async () => {
    const outside = join(folder, 'elsewhere');
    mkdirSync(outside);
    mkdirSync(join(home, 'apps'), { recursive: true });
    symlinkSync(outside, join(home, 'apps', 'linked'));
    await assert.rejects(
      scripts.provider.upload('apps/linked', { filename: 'check.sh', content: Buffer.from('id') }, call),
      /resolves to/,
    );
    assert.deepEqual(readdirSync(outside), []);
  });

  it('of the manifest run with their arguments and variables, and cannot be deleted', async () => {
    writeFileSync(join(folder, 'check.sh'), 'echo "$1 $2 $LEVEL"; cat');
    managed.push({
      ...MANAGED,
      path: join(folder, 'check.sh'),
      args: [{ name: 'beams', type: 'named', flag: '--beams' }],
      env: { LEVEL: '3' },
      parametersSchema: { type: 'object' },
      entityFilter: ['components/*', 'lidar_driver'],
    });
    assert.equal((await run('managed', { beams: 16 })).output?.text, '--beams 16 3\n');
    const { status, parameters } = await errorOf(run('managed', { other: 1 }));
    assert.equal(status, 400);
    assert.deepEqual(parameters?.['fields'], [{ field: 'parameters.beams', message: 'missing required field' }]);
    assert.equal((await scripts.provider.get(LIDAR, 'managed', call)).managed, true);
    assert.equal(await codeOf(scripts.provider.remove(LIDAR, 'managed', call)), 'x-medkit-managed-script');
    assert.equal((await upload('managed.sh', 'id')).id, 'managed_2');
    assert.equal(await codeOf(scripts.provider.get('apps/other', 'managed', call)), 'resource-not-found');
    rmSync(join(folder, 'check.sh'));
    assert.equal(await codeOf(run('managed', { beams: 1 })), 'precondition-not-fulfilled');
    managed.pop();
  });

  it('can be placed on disk in the layout of ros2_medkit, and are listed, run and removed like uploads', async () => {
    const place = join(folder, 'scripts', 'lidar_driver', 'restore-normal');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'metadata.json'), '{"name":"Restore","description":"All as it was","format":"bash"}');
    writeFileSync(join(place, 'script.bash'), 'echo "$BASH_VERSION" | grep -q . && echo restored\n');
    const entry = (await scripts.provider.list(LIDAR, call)).find(({ id }) => id === 'restore-normal');
    assert.deepEqual([entry?.name, entry?.description, entry?.managed], ['Restore', 'All as it was', false]);
    const ended = await run('restore-normal');
    assert.equal(ended.output?.text, 'restored\n');
    assert.match(ended.digest ?? '', /^[0-9a-f]{64}$/);
    await scripts.provider.remove(LIDAR, 'restore-normal', call);
    assert.equal(existsSync(place), false);
    assert.equal(await codeOf(scripts.provider.get(LIDAR, 'restore-normal', call)), 'resource-not-found');
  });

  it('can be started only immediately', async () => {
    await upload('later.sh', 'true');
    const start = { executionType: 'on-restart', parameters: undefined };
    assert.equal(await codeOf(scripts.provider.start(LIDAR, 'later', start, call)), 'invalid-parameter');
  });

  it('are removed with their executions', async () => {
    await upload('gone.sh', 'true');
    await run('gone');
    await scripts.provider.remove(LIDAR, 'gone', call);
    assert.equal(existsSync(join(home, LIDAR, 'gone')), false);
    assert.equal(await codeOf(scripts.provider.get(LIDAR, 'gone', call)), 'resource-not-found');
    assert.equal(await codeOf(scripts.provider.execution(LIDAR, 'gone', 'exec_001', call)), 'resource-not-found');
  });

  it('show their runner in health', () => {
    const { blocks, warnings } = scripts.health();
    assert.deepEqual(warnings, []);
    const { runner, running } = blocks['x-medkit-scripts'] as Record<string, unknown>;
    assert.deepEqual([runner, running], ['plain', 0]);
  });

  it('leave nothing behind in their working folder', async () => {
    await scripts.close();
    assert.deepEqual(readdirSync(join(home, '.runs')), []);
  });

  it('count for the clients that uploaded them, also after a restart', async () => {
    scripts = await open();
    await upload('kiosk.sh', 'true', { uploader: 'user:kiosk' });
    await scripts.close();
    scripts = await open();
    const { owners, largest } = (scripts.health().blocks['x-medkit-quotas'] as Record<string, QuotaFigures>).scripts!;
    assert.deepEqual([owners, largest], [1, 1]);
  });
});

const MANAGED: ManagedScript = {
  id: 'managed',
  name: 'managed',
  path: '',
  format: 'sh',
  timeoutSec: 20,
  entityFilter: [],
  env: {},
  args: [],
};
