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
  it('returns its exit code and output', async () => {
    const end = await run('console.log(process.env.LC_ALL); console.error("no"); process.exitCode = 4');
    assert.deepEqual(end, { outcome: 'exited', code: 4, output: 'C\n', errors: 'no\n' });
  });

  it('receives only the given environment, if one is given', async () => {
    const end = await runProgram({
      program: process.execPath,
      args: ['-e', 'console.log(JSON.stringify(process.env))'],
      environment: { LANG: 'de_DE.UTF-8' },
      timeoutMs: 20_000,
      maxOutputBytes: 1000,
    });
    assert.deepEqual(end.outcome === 'exited' && JSON.parse(end.output), { LANG: 'de_DE.UTF-8' });
  });

  it('is killed when it exceeds its time or its output limit', async () => {
    assert.deepEqual(await run('setInterval(() => 0, 1000)', { timeoutMs: 200 }), { outcome: 'late' });
    assert.deepEqual(await run('for (;;) console.log("more")', { maxOutputBytes: 100 }), {
      outcome: 'too-much-output',
    });
  });

  it('has no exit code if it does not exist or is killed from outside', async () => {
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
