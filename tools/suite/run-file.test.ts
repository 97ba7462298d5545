import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { eventually } from '../../test/harness/eventually.ts';
import type { FileOutcome } from './run-files.ts';

const FILES = {
  'ends.test.ts': `test('one', () => undefined);`,
  'open.test.ts': `test('one', () => void spawn('sleep', ['600'], { stdio: 'inherit' }));`,
  'endless.test.ts': `describe('a group', () => { test('one', () => new Promise((resolve) => setTimeout(resolve, 600_000))); });`,
};

describe('a test file that is run', { concurrency: true }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medkit-run-file-'));
    const head = `import { spawn } from 'node:child_process'; import { describe, test } from 'node:test';`;
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), `${head}\n${text}\n`);
  });
  after(() => rm(folder, { recursive: true }));

  /** Runs in a separate process, because node:test does not run files in a process that already runs one. */
  async function outcome(file: keyof typeof FILES): Promise<FileOutcome & { readonly failures: readonly string[] }> {
    const program = join(folder, `${file}.program.ts`);
    await writeFile(
      program,
      `import { runFile } from ${JSON.stringify(join(import.meta.dirname, 'run-file.ts'))};
      const outcome = await runFile(${JSON.stringify(folder)}, '${file}', 5000);
      const failed = outcome.events.filter(({ type }) => type === 'test:fail');
      const failures = failed.map(({ data }) => data.details.error.cause?.message ?? data.details.error.message);
      console.log(JSON.stringify({ ...outcome, failures }));`,
    );
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
    return JSON.parse(stdout);
  }

  it('reports the results of its tests', async () => {
    const { failures, counts } = await outcome('ends.test.ts');
    assert.deepEqual(failures, []);
    assert.equal(counts['passed'], 1);
  });

  it('fails if an open handle keeps it from ending, and is ended with the processes that it started', async () => {
    const { failures, counts } = await outcome('open.test.ts');
    assert.equal(failures.length, 1);
    assert.match(
      failures[0] ?? '',
      /^no output for 5 s, all its tests were over; ended: .*open\.test\.ts · \d+ sleep 600$/,
    );
    assert.deepEqual([counts['passed'], counts['cancelled']], [1, 1]);
    const [pid] = /\d+(?= sleep)/.exec(failures[0] ?? '') ?? [];
    await eventually('its child is gone', async () => !existsSync(`/proc/${pid}/exe`));
  });

  it('fails if a test hangs, and names it', async () => {
    const { failures } = await outcome('endless.test.ts');
    assert.match(failures.join(), /no output for 5 s, under way: a group, > one; ended: .*endless\.test\.ts/);
  });
});
