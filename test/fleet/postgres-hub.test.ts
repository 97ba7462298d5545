import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { freePort } from '../federation/free-port.ts';
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
  const hub = async (port?: string) => {
    const program = start(['hub', '--port', port ?? String(await freePort()), '--data-dir', join(root, 'hub')]);
    return { program, url: (await program.printed(/(http:\/\/[\w.:-]+)/))[1] ?? '' };
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
    await second.program.end();
  });

  test('is examined by medkit hub check, which finds what is missing', async () => {
    const folder = join(root, 'hub');
    const check = async (database: string | undefined, url: string, dataFolder = folder) => {
      const program = startProgram(['hub', 'check', '--data-dir', dataFolder, '--json'], {
        env: { MEDKIT_SERVER_PUBLIC_URL: url, ...(database !== undefined && { MEDKIT_FLEET_DATABASE: database }) },
      });
      const code = await program.ended;
      const found = JSON.parse(program.output()) as { subject: string; state: string; text: string }[];
      return { code, lines: found.map(({ subject, state, text }) => `${state} ${subject}: ${text}`) };
    };
    const program = start(['hub', '--port', '0', '--data-dir', folder]);
    const url = (await program.printed(/(http:\/\/\S+?)\/?\s/))[1] ?? '';
    const good = await check(urlFile, url);
    assert.equal(good.code, 0, good.lines.join('\n'));
    assert.match(good.lines[1]!, new RegExp(`^ok database: .* in use by medkit process ${program.pid} on `));
    assert.match(good.lines[2]!, /^ok evidence: .*: stores, returns and removes in \d+ ms$/);
    assert.equal(good.lines[3], `ok address: ${url} answers, and accepts the WebSocket of a robot`);
    await program.end();

    const bad = await check('postgres://medkit:secret@127.0.0.1:1/medkit', url);
    assert.equal(bad.code, 1);
    assert.match(bad.lines[1]!, /^error database: postgres:\/\/medkit@127\.0\.0\.1:1\/medkit is not available/);
    assert.match(bad.lines[3]!, /^error address: /);
    assert.doesNotMatch(bad.lines.join(), /medkit:secret/);
    const files = await check(undefined, '', join(root, 'none'));
    assert.match(files.lines[0]!, /^warning secret: .* does not exist/);
    assert.match(files.lines[1]!, /^warning database: .* has no databases of a hub yet/);
    assert.match(files.lines.at(-1)!, /^warning address: invitations/);
  });

  test('stores artifacts of updates, and protects them while a campaign uses them', async () => {
    const { url, program } = await hub();
    const medkit = async (...args: readonly string[]) => {
      const command = start([...args, '--url', url]);
      return { code: await command.ended, output: command.output() };
    };
    const release = join(root, 'release');
    const pack = async (text: string) => {
      mkdirSync(release, { recursive: true });
      writeFileSync(join(release, 'map.txt'), text);
      const packing = start(['update', 'pack', release, '--id', 'nav-1', '--version', '1.0']);
      assert.equal(await packing.ended, 0, packing.output());
      return medkit('fleet', 'artifacts', 'put', release);
    };
    assert.match((await pack('one')).output, /nav-1: complete/);
    assert.match((await pack('other')).output, /nav-1: complete/);
    server.psql(`INSERT INTO medkit.fleet_campaigns (name, kind, body, state, created_ms, created_by, expires_ms, ended_ms)
      VALUES ('c-1', 'update', '{"artifact":"nav-1"}', 'done', 0, 'ada', 1, 1)`);
    assert.match((await medkit('fleet', 'artifacts')).output, /nav-1 .* anonymous +c-1/);
    assert.match((await pack('third')).output, /campaign c-1 used the artifact nav-1 with other bytes/);
    assert.equal((await medkit('fleet', 'artifacts', 'delete', 'nav-1')).code, 0);
    assert.match((await medkit('fleet', 'artifacts')).output, /no artifacts/);
    await program.end();
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
