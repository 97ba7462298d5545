import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runProgram } from './run-program.ts';

const run = (code: string, limits: { timeoutMs?: number; maxOutputBytes?: number } = {}) =>
  runProgram({
    program: process.execPath,
    args: ['-e', code],
    timeoutMs: 20_000,
    maxOutputBytes: 1000,
    ...limits,
  });

describe('a program', () => {
  it('gives its exit code and what it said', async () => {
    const end = await run('console.log(process.env.LC_ALL); console.error("no"); process.exitCode = 4');
    assert.deepEqual(end, { outcome: 'exited', code: 4, output: 'C\n', errors: 'no\n' });
  });

  it('is told of nothing but what it is given, where it is given something', async () => {
    const end = await runProgram({
      program: process.execPath,
      args: ['-e', 'console.log(JSON.stringify(process.env))'],
      environment: { LANG: 'de_DE.UTF-8' },
      timeoutMs: 20_000,
      maxOutputBytes: 1000,
    });
    assert.deepEqual(end.outcome === 'exited' && JSON.parse(end.output), { LANG: 'de_DE.UTF-8' });
  });

  it('is killed when its time is over, and when it says too much', async () => {
    assert.deepEqual(await run('setInterval(() => 0, 1000)', { timeoutMs: 200 }), { outcome: 'late' });
    assert.deepEqual(await run('for (;;) console.log("more")', { maxOutputBytes: 100 }), {
      outcome: 'too-much-output',
    });
  });

  it('that does not exist, or that somebody else kills, has no exit code', async () => {
    const missing = await runProgram({
      program: 'no-such-program',
      args: [],
      timeoutMs: 1000,
      maxOutputBytes: 1,
    });
    assert.deepEqual(missing, { outcome: 'missing' });
    assert.deepEqual(await run('process.kill(process.pid, "SIGKILL")'), { outcome: 'killed' });
  });
});
