import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isAlive, type ScriptGateway, startScriptGateway } from './script-gateway.ts';

/** Ignores SIGTERM, and has a child process. */
const STUBBORN = 'trap "" TERM; sleep 300 & echo $$ $!; wait; wait; sleep 300';

describe('scripts of a gateway that is killed', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-orphans-'));
  const lives: ScriptGateway[] = [];
  const live = async (): Promise<ScriptGateway> => {
    const life = await startScriptGateway(folder, 'scripts.runner=plain');
    lives.push(life);
    return life;
  };
  after(async () => {
    for (const { program } of lives) await program.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('are found, ended and reported by the next gateway', async () => {
    const first = await live();
    await first.upload('stubborn', STUBBORN);
    await first.upload('quick', 'echo fine');
    const done = await first.run('quick');
    const { id } = await first.start('stubborn');
    const running = await first.until('stubborn', id, (execution) => execution['x-medkit'].stdout.includes('\n'));
    const processes = running['x-medkit'].stdout.trim().split(' ').map(Number);
    assert.equal(processes.length, 2);

    assert.equal(await first.program.end('SIGKILL'), 'SIGKILL');
    assert.deepEqual(processes.map(isAlive), [true, true]);

    const second = await live();
    assert.deepEqual(processes.map(isAlive), [false, false]);
    const orphan = await second.execution('stubborn', id);
    assert.deepEqual([orphan.status, orphan.error?.reason], ['terminated', 'gateway-ended']);
    assert.deepEqual(await second.execution('quick', done.id), done);
    assert.equal((await second.start('quick')).id, 'exec_002');
    assert.match(second.program.output(), /apps\/driver\/stubborn exec_001 was still running/);
  });
});
