import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ProgramStart, ProgramStream } from '../programs.ts';
import { systemPrograms } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-programs-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a shell script that waits at its gate, and collects its output. */
async function shell(script: string, more: Partial<ProgramStart> = {}) {
  const written: Record<ProgramStream, string> = { output: '', errors: '', report: '' };
  const program = await systemPrograms.start({
    command: ['sh', '-c', script],
    environment: { PATH: process.env['PATH'] ?? '' },
    folder,
    onOutput: (stream, octets) => {
      written[stream] += Buffer.from(octets).toString();
    },
    ...more,
  });
  return { program, written };
}

async function run(script: string, more: Partial<ProgramStart> = {}) {
  const { program, written } = await shell(script, more);
  program.begin();
  return { exit: await program.ended, ...written };
}

const isAlive = (processId: string) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${processId.trim()}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a program', { timeout: 20_000 }, () => {
  it('writes to three streams, which it can also open by name', async () => {
    const ended = await run('echo out; echo err > /dev/stderr; echo more > /dev/stdout; echo 40 >&3; exit 3');
    assert.deepEqual(ended, { exit: { code: 3 }, output: 'out\nmore\n', errors: 'err\n', report: '40\n' });
  });

  it('has its streams and no further descriptor, whatever descriptors this process inherited', async () => {
    const script = `
      const { systemPrograms } = await import(${JSON.stringify(import.meta.resolve('./programs.ts'))});
      let written = '';
      const program = await systemPrograms.start({
        command: ['bash', '-c', 'cd /proc/$$/fd && echo *'], environment: { PATH: process.env.PATH }, folder: '/',
        onOutput: (_stream, octets) => { written += Buffer.from(octets); },
      });
      program.begin();
      await program.ended;
      process.stdout.write(written);
      process.exit();
    `;
    const args = [
      '-c',
      'exec 77</dev/null 251>/dev/null; exec "$0" --input-type=module -e "$1"',
      process.execPath,
      script,
    ];
    const { stdout } = await promisify(execFile)('bash', args);
    // The last descriptor is the folder being listed.
    assert.equal(stdout, '0 1 2 3 4\n');
  });

  it('does not run before its gate is opened', async () => {
    const { program, written } = await shell('echo begun');
    // Long enough for another program to run.
    assert.equal((await run('echo other')).output, 'other\n');
    assert.equal(written.output, '');
    program.begin();
    assert.deepEqual(await program.ended, { code: 0 });
    assert.equal(written.output, 'begun\n');
  });

  it('inherits nothing: no variables, no input, no terminal', async () => {
    process.env['MEDKIT_SERVER_TOKEN'] = 'secret';
    const { output } = await run('env | grep -c MEDKIT; cat; test -t 0 || echo no terminal', {
      environment: { PATH: process.env['PATH'] ?? '', LANG: 'C' },
    });
    delete process.env['MEDKIT_SERVER_TOKEN'];
    assert.equal(output, '0\nno terminal\n');
  });

  it('reads its input file, also by name, and further files by their descriptors', async () => {
    const path = join(folder, 'input');
    writeFileSync(path, 'read me');
    const ended = await run('cat /dev/stdin; echo; cat <&5', { inputFile: path, files: [path] });
    assert.equal(ended.output, 'read me\nread me');
  });

  it('is killed with its process group, also if a process of the group still holds its streams', async () => {
    const { exit, output } = await run('sleep 6000 & echo $!');
    assert.deepEqual(exit, { code: 0 });
    // A killed process may take a moment to end.
    while (isAlive(output)) await nextTurn();
  });

  it('ends without waiting for a process that left its group and holds its streams', async () => {
    // The program ends only when the other process has its own session, the sixth field of /proc/<pid>/stat.
    const hasLeft = 'read -r _ _ _ _ _ session _ < /proc/$other/stat && [ "$session" = "$other" ]';
    const { exit, output } = await run(`setsid sleep 60 & other=$!; until ${hasLeft}; do :; done; echo $other`);
    assert.deepEqual(exit, { code: 0 });
    assert.equal(isAlive(output), true);
    process.kill(Number(output), 'SIGKILL');
  });

  it('receives signals with its whole group, and no signal after its exit', async () => {
    const { program, written } = await shell('trap "echo bye; exit 5" TERM; echo up; sleep 60 & wait');
    program.begin();
    while (written.output === '') await nextTurn();
    program.signal('SIGTERM');
    assert.deepEqual(await program.ended, { code: 5 });
    assert.equal(written.output, 'up\nbye\n');
    program.signal('SIGKILL');
    const { program: stubborn } = await shell('trap "" TERM; sleep 60');
    stubborn.begin();
    stubborn.signal('SIGKILL');
    assert.deepEqual(await stubborn.ended, { signal: 'SIGKILL' });
  });

  it('has exit code 127 if it does not exist, and cannot be started in a missing folder', async () => {
    const { exit } = await run('', { command: ['no-such-program'] });
    assert.deepEqual(exit, { code: 127 });
    await assert.rejects(shell('', { folder: join(folder, 'nothing') }), /ENOENT/);
  });

  it('is recognised by another process, which signals no other program with the same process id', async () => {
    const { program, written } = await shell('sleep 60 & echo $!; exec 3>&-; kill -9 $$');
    const { identity } = program;
    assert.ok(identity.startTicks > 0 && identity.bootId !== '');
    assert.equal(await systemPrograms.signalLeftOver({ ...identity, startTicks: 1 }, 'SIGKILL'), 'gone');
    assert.equal(await systemPrograms.signalLeftOver({ ...identity, bootId: 'another' }, 'SIGKILL'), 'gone');
    assert.equal(await systemPrograms.signalLeftOver(identity, 'SIGKILL'), 'sent');
    assert.deepEqual(await program.ended, { signal: 'SIGKILL' });
    assert.equal(await systemPrograms.signalLeftOver(identity, 'SIGKILL'), 'gone');
    assert.equal(written.output, '');
  });
});
