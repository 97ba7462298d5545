import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

suite('a hub that records its fleet in PostgreSQL', {
  skip: missingSystemPackages('postgres'),
  timeout: 120_000,
}, () => {
  const root = mkdtempSync(join(tmpdir(), 'medkit-postgres-hub-'));
  const urlFile = join(root, 'url');
  const running: Program[] = [];
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
    writeFileSync(urlFile, server.url);
  });
  after(async () => {
    for (const program of running) await program.end();
    await server?.[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });

  const start = (args: readonly string[], database = urlFile): Program => {
    const program = startProgram(args, { env: { MEDKIT_FLEET_DATABASE: database } });
    running.push(program);
    return program;
  };
  const hub = async (port = '0') => {
    const program = start(['hub', '--port', port, '--data-dir', join(root, 'hub')]);
    return { program, url: (await program.printed(/(http:\/\/\S+?)\/?\s/))[1] ?? '' };
  };
  const robots = async (url: string) => {
    const response = await fetch(`${url}/api/v1/x-medkit-fleet/robots`);
    assert.equal(response.status, 200, await response.clone().text());
    const { items } = (await response.json()) as { items: readonly { id: string; presence: string }[] };
    return items.map(({ id, presence }) => [id, presence]);
  };

  test('enrols a robot, knows it after a restart, and returns after the database was away', async () => {
    const first = await hub();
    const invited = await fetch(`${first.url}/api/v1/x-medkit-fleet/invites`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ robot: 'amr-17', auto_approve: true }),
    });
    const { link } = (await invited.json()) as { link: string };
    const enrolling = start(['enrol', link, '--yes', '--data-dir', join(root, 'robot')]);
    assert.equal(await enrolling.ended, 0, enrolling.output());
    assert.deepEqual(await robots(first.url), [['amr-17', 'never']]);
    assert.ok(!readdirSync(join(root, 'hub')).includes('fleet.db'));
    await first.program.end();

    const second = await hub(new URL(first.url).port);
    assert.deepEqual(await robots(second.url), [['amr-17', 'never']]);
    await server.kill();
    const refused = await eventually('an error without the database', async () => {
      const response = await fetch(`${second.url}/api/v1/x-medkit-fleet/robots`);
      return response.status !== 200 && response;
    });
    assert.equal(refused.status, 503);
    await server.restart();
    await eventually('the list of robots', async () => (await robots(second.url)).length === 1);
  });

  test('does not start without its database, and states the remedy', async () => {
    const program = start(
      ['hub', '--port', '0', '--data-dir', join(root, 'other')],
      'postgres://medkit:secret@127.0.0.1:1/medkit',
    );
    assert.notEqual(await program.ended, 0);
    assert.match(program.output(), /postgres:\/\/medkit@127\.0\.0\.1:1\/medkit is not available.*start PostgreSQL/);
    assert.doesNotMatch(program.output(), /medkit:secret/);
  });
});
