import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ScriptJob } from '@medkit/core';
import { type PluginRun, runPlugin } from '@medkit/plugin/testing';
import { plugin } from './plugin.ts';

const ID = '0123456789abcdef0123456789abcdef';

for (const isolated of [false, true]) {
  describe(`the container runner ${isolated ? 'in a process of its own' : 'within the gateway'}`, () => {
    let folder: string;
    let run: PluginRun;

    const job = (script: string, more: Partial<ScriptJob> = {}): ScriptJob => ({
      ...{ id: ID, owner: 'apps/lidar', scriptId: 'check', executionId: 'exec_001', format: 'sh', args: [] },
      ...{
        content: Buffer.from(script),
        environment: { MEDKIT_ENTITY: 'apps/lidar', PORT: '/dev/a b' },
        timeoutSec: 9,
      },
      ...more,
    });
    const commands = (): readonly string[][] =>
      readFileSync(join(folder, 'told.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const runner = () => run.scripts!.runner!;
    /** Collects all news of a run until its end. */
    const followed = async (id = ID) => {
      const all = { output: '', errors: '' };
      for (;;) {
        const { output, errors, exit } = await runner().news(id, run.call());
        all.output += Buffer.from(output ?? []).toString();
        all.errors += Buffer.from(errors ?? []).toString();
        if (exit) return { ...all, exit };
      }
    };
    const open = async (options: Readonly<Record<string, unknown>> = {}) => {
      const engine = [process.execPath, join(import.meta.dirname, 'stand-in-engine.ts'), folder];
      run = await runPlugin(plugin, { options: { engine, folder: join(folder, 'files'), ...options }, isolated });
    };

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'container-runner-'));
      mkdirSync(join(folder, 'containers'));
    });
    afterEach(async () => {
      await run.stop();
      rmSync(folder, { recursive: true });
    });

    it('runs a script with nothing but what it is given', async () => {
      await open({ network: 'host', more: ['--device', '/dev/ttyUSB0'] });
      const script = 'cat; echo "$MEDKIT_ENTITY $1"; echo oh >&2; exit 3\n';
      await runner().start(job(script, { input: '{"beams":16}', args: ['--deep'] }), run.call());
      assert.deepEqual(await followed(), {
        output: '{"beams":16}apps/lidar --deep\n',
        errors: 'oh\n',
        exit: { code: 3 },
      });
      const { uid, gid } = userInfo();
      const file = join(folder, 'files', ID, 'script');
      assert.deepEqual(commands(), [
        ['ps', '--all', '--quiet', '--filter', 'label=medkit.runner=medkit'],
        [
          ...['run', '--rm', '--init', '--interactive', '--name', `medkit-${ID}`, '--label', 'medkit.runner=medkit'],
          ...['--network', 'host', '--memory', '256m', '--pids-limit', '64'],
          ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', `${uid}:${gid}`],
          ...['--read-only', '--tmpfs', '/tmp', '--workdir', '/tmp', '--env', 'HOME=/tmp'],
          ...[
            '--mount',
            `type=bind,src=${file},dst=/script,readonly`,
            '--env',
            'MEDKIT_ENTITY',
            '--env',
            'PORT=/dev/a b',
          ],
          ...['--device', '/dev/ttyUSB0', 'debian:stable-slim', 'sh', '/script', '--deep'],
        ],
      ]);
      await assert.rejects(runner().news(ID, run.call()), { status: 500 }, 'what is over is forgotten');
    });

    it('takes another image for Python', async () => {
      await open({ python_image: 'robot/python:3' });
      await runner().start(job('print(6 * 7)', { format: 'python' }), run.call());
      assert.equal((await followed()).output, '42\n');
      assert.deepEqual(commands().at(-1)?.slice(-3), ['robot/python:3', 'python3', '/script']);
    });

    it('ends a script with the signal of the requested action', async () => {
      await open();
      for (const [number, action, signal, code] of [
        ['1', 'stop', 'TERM', 143],
        ['2', 'forced_termination', 'KILL', 137],
      ] as const) {
        const id = ID.replace('0', number);
        await runner().start(job('echo ready; sleep 600', { id }), run.call());
        const begun = await runner().news(id, run.call());
        assert.equal(Buffer.from(begun.output ?? []).toString(), 'ready\n');
        await runner().end(id, action, run.call());
        assert.deepEqual((await followed(id)).exit, { code });
        assert.deepEqual(commands().at(-1), ['kill', '--signal', signal, `medkit-${id}`]);
      }
    });

    it('removes the containers of an earlier plugin, and leaves none itself', async () => {
      writeFileSync(join(folder, 'containers', 'medkit-old'), '999999999');
      await open({ label: 'amr' });
      await runner().start(job('echo ready; sleep 600'), run.call());
      assert.deepEqual(commands().slice(0, 2), [
        ['ps', '--all', '--quiet', '--filter', 'label=medkit.runner=amr'],
        ['rm', '--force', 'medkit-old'],
      ]);
      await runner().news(ID, run.call());
      await run.stop();
      assert.deepEqual(readdirSync(join(folder, 'containers')), []);
    });

    it('runs no script and reports the reason if there is no engine', async () => {
      await open({ engine: ['/no/docker'] });
      const message = 'there is no program /no/docker: install it, or set "engine"';
      await assert.rejects(runner().start(job('echo'), run.call()), { status: 503, message });
      assert.deepEqual(
        (await run.health()).warnings.map((warning) => warning.message),
        [`Scripts cannot run: ${message}`],
      );
    });
  });
}
