import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CUTS, type Cut, installedRobot, installOldAndPrepareNew } from '@medkit/updates/testing';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';

/** Its release `old` is active, and `new` is prepared. */
const model = installedRobot();

before(async () => {
  await installOldAndPrepareNew(model);
  writeFileSync(model.at('key.pem'), model.keys.publicKey.export({ type: 'spki', format: 'pem' }));
});
after(() => model.remove());

/** Creates a folder like the robot's for the duration of a test. */
function disk() {
  const path = mkdtempSync(join(tmpdir(), 'medkit-update-kill-'));
  cpSync(model.folder, path, { recursive: true, verbatimSymlinks: true });
  return {
    path,
    inUse: () => readFileSync(join(path, 'installed', 'current', 'bin', 'run'), 'utf8').trim(),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

interface Cutting {
  readonly at?: number;
  readonly cut?: Cut;
  readonly end?: 'well' | 'fault' | 'unstartable';
}

/** Runs a separate process that works on the update `new`. */
async function run(folder: string, task: 'execute' | 'resume', { at = 0, cut = 'after', end = 'well' }: Cutting = {}) {
  const script = join(import.meta.dirname, 'update-installer.ts');
  const program = startProgram([folder, task, 'new', String(at), cut, end], { script });
  return { ended: await program.ended, output: program.output() };
}

describe('kill -9 at any disk write while an update is executed', () => {
  for (const [end, cuts] of [
    ['well', CUTS],
    ['fault', ['during']],
    ['unstartable', ['during']],
  ] as const) {
    for (const cut of cuts) {
      it(`that ends ${end}, ${cut} the change, leaves one whole release in use, which the next start reports`, {
        timeout: 120_000,
      }, async () => {
        let kills = 0;
        for (let at = 1, killed = true; killed; at++) {
          using robot = disk();
          const { ended, output } = await run(robot.path, 'execute', { at, cut, end });
          killed = ended === 'SIGKILL';
          assert.ok(killed || output.includes('whole'), output);
          kills += killed ? 1 : 0;
          assert.ok(['old', 'new'].includes(robot.inUse()));
          const next = await run(robot.path, 'resume');
          const isNew = /^done$/m.test(next.output);
          assert.equal(robot.inUse(), isNew ? 'new' : 'old', `${at}: ${next.output}`);
          assert.match(
            next.output,
            /^done$|^failed: new was rolled back|^failed: The gateway exited before new replaced/m,
          );
        }
        assert.ok(kills >= 4, `${kills} kills`);
      });
    }
  }
});

describe('a gateway that is killed with -9', () => {
  /**
   * Starts the gateway of the robot on this disk, with a program that takes `startSec` seconds to start the new
   * release.
   */
  async function start(robot: ReturnType<typeof disk>, startSec: number, gateSec: number) {
    const activate = join(robot.path, 'activate.sh');
    writeFileSync(
      activate,
      `#!/bin/sh\nreadlink "${robot.path}/installed/current" >> "${robot.path}/started"\nsleep ${startSec}\n`,
    );
    chmodSync(activate, 0o755);
    const settings = {
      'updates.dir': join(robot.path, 'incoming'),
      'updates.install_dir': join(robot.path, 'installed'),
      'updates.trusted_keys': join(robot.path, 'key.pem'),
      'updates.activate': activate,
      'updates.gate_sec': gateSec,
    };
    const args = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
    const program = startProgram([robot.path, ...args], { script: join(import.meta.dirname, 'audited-gateway.ts') });
    const [, url = ''] = await program.printed(/listening (\S+)/);
    const ask = async (method: string, path: string) => {
      const reply = await fetch(`${url}/api/v1/updates/new${path}`, { method });
      const text = await reply.text();
      return text === '' ? undefined : JSON.parse(text);
    };
    const until = (phase: string, is = (_: { sub_progress?: readonly { progress: number }[] }) => true) =>
      eventually(phase, async () => {
        const status = await ask('GET', '/status');
        return status['x-medkit-phase'] === phase && is(status) && status;
      });
    return { program, ask, until, [Symbol.asyncDispose]: async () => void (await program.end('SIGKILL')) };
  }

  it('while it starts an update has the old version running after its next start, and reports why', {
    timeout: 240_000,
  }, async () => {
    using robot = disk();
    {
      await using gateway = await start(robot, 30, 30);
      await gateway.ask('PUT', '/prepare');
      await gateway.until('prepared');
      await gateway.ask('PUT', '/execute');
      const current = join(robot.path, 'installed', 'current');
      await eventually('the switch', async () => readlinkSync(current) === 'releases/new');
      await gateway.program.end('SIGKILL');
    }
    await using gateway = await start(robot, 0, 30);
    const { error, 'x-medkit': more } = await gateway.until('failed');
    assert.equal(error, 'new was rolled back: the gateway exited while it replaced the release in use');
    assert.equal(more.error.vendor_code, 'x-medkit-update-rolled-back');
    assert.equal(robot.inUse(), 'old');
    assert.equal(readFileSync(join(robot.path, 'started'), 'utf8').trim().split('\n').at(-1), 'releases/old');
  });

  it('while an update is at its gate passes the gate after its next start', { timeout: 240_000 }, async () => {
    using robot = disk();
    {
      await using gateway = await start(robot, 0, 60);
      await gateway.ask('PUT', '/prepare');
      await gateway.until('prepared');
      await gateway.ask('PUT', '/execute');
      await gateway.until('executing', ({ sub_progress = [] }) => sub_progress[0]?.progress === 100);
      await gateway.program.end('SIGKILL');
    }
    await using gateway = await start(robot, 0, 1);
    assert.equal((await gateway.until('executed')).status, 'completed');
    assert.equal(robot.inUse(), 'new');
  });
});
