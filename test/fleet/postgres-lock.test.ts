import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

/** Time in which a hub starts on a busy machine, without the wait for a lock. */
const START_MS = 60_000;

suite('two hubs with one database', { skip: missingSystemPackages('postgres'), timeout: 180_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'medkit-postgres-lock-'));
  const urlFile = join(root, 'url');
  const running: Program[] = [];
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
    writeFileSync(urlFile, server.url);
  });
  after(async () => {
    for (const program of running) await program.end('SIGKILL');
    await server?.[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });

  const start = (folder: string): Program => {
    const args = ['hub', '--port', '0', '--data-dir', join(root, folder)];
    const program = startProgram(args, { env: { MEDKIT_FLEET_DATABASE: urlFile } });
    running.push(program);
    return program;
  };
  const urlOf = async (program: Program): Promise<string> =>
    (await program.printed(/(http:\/\/\S+?)\/?\s/, START_MS))[1] ?? '';
  const invite = async (url: string, robot: string): Promise<number> => {
    const response = await fetch(`${url}/api/v1/x-medkit-fleet/invites`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ robot }),
    });
    await response.text();
    return response.status;
  };

  test('the second one does not start, a killed one starts again, and a cut one continues', async () => {
    const first = start('one');
    const url = await urlOf(first);
    const second = start('two');
    assert.notEqual(await second.ended, 0);
    assert.match(
      second.output(),
      new RegExp(`in use by medkit process ${first.pid} on .* since .*only one process may use it: stop that process`),
    );
    assert.equal(await invite(url, 'amr-1'), 201);

    await first.end('SIGKILL');
    const again = start('one');
    const urlAgain = await urlOf(again);
    assert.doesNotMatch(again.output(), /waiting up to/);
    assert.equal(await invite(urlAgain, 'amr-2'), 201);

    server.psql(
      `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'medkit process ${again.pid} on %'`,
    );
    await eventually('a change after the cut', async () => (await invite(urlAgain, 'amr-3')) === 201);
  });
});
