import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, suite, test } from 'node:test';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const PASSWORD = 'purple-turbine-42-harbour';

suite('the import of a hub into PostgreSQL', { skip: missingSystemPackages('postgres'), timeout: 180_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'medkit-postgres-import-'));
  const folder = join(root, 'hub');
  const urlFile = join(root, 'url');
  const passwordFile = join(root, 'password');
  const home = { HOME: root, XDG_CONFIG_HOME: join(root, 'config') };
  const onPostgres = { MEDKIT_FLEET_DATABASE: urlFile };
  const running: Program[] = [];
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
    writeFileSync(urlFile, server.url);
    writeFileSync(passwordFile, `${PASSWORD}\n`);
  });
  after(async () => {
    for (const program of running) await program.end();
    await server?.[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });
  const start = (args: readonly string[], env: Record<string, string> = {}): Program => {
    const program = startProgram(args, { env: { ...home, ...env } });
    running.push(program);
    return program;
  };
  const run = async (args: readonly string[], env?: Record<string, string>, code = 0): Promise<string> => {
    const program = start(args, env);
    assert.equal(await program.ended, code, program.output());
    return program.output();
  };
  const hub = async (env?: Record<string, string>) => {
    const program = start(['hub', '--port', '0', '--data-dir', folder], env);
    return { program, url: (await program.printed(/(http:\/\/\S+?)\/?\s/))[1] ?? '' };
  };
  const login = (url: string) => run(['login', '--url', url, '--user', 'ada', '--password-file', passwordFile]);
  const importIt = ['hub', 'import', '--from', folder];

  test('copies robots, users and the audit log once, and refuses everything else', async () => {
    await run(['auth', 'init', '--data-dir', folder, '--name', 'ada', '--password-file', passwordFile]);
    const before = await hub();
    await login(before.url);
    const invited = await run(['fleet', 'invite', 'amr-17', '--auto-approve', '--url', before.url]);
    const [link = ''] = /medkit:\/\/\S+|https?:\/\/\S+#\S+/.exec(invited) ?? [];
    await run(['enrol', link, '--yes', '--data-dir', join(root, 'robot')]);

    const refused = await run(importIt, onPostgres, 1);
    assert.match(refused, /The hub with the process \d+ .* uses .*: stop it/);
    assert.equal(server.psql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'medkit%'"), '0');
    const saved = await run(['hub', 'backup', '--data-dir', folder, '--to', join(root, 'backup')]);
    assert.match(saved, /fleet\.secret/);
    const copy = join(root, 'backup', 'fleet.db');
    assert.equal(statSync(copy).mode & 0o777, 0o600);
    using copied = new DatabaseSync(copy, { readOnly: true });
    assert.deepEqual({ ...copied.prepare('SELECT name FROM fleet_robots').get() }, { name: 'amr-17' });
    await before.program.end();

    assert.match(await run(importIt, {}, 3), /fleet\.database is sqlite/);
    const imported = await run(importIt, onPostgres);
    assert.match(
      imported,
      /medkit\.fleet_robots: 1 rows[\s\S]*medkit_audit\.audit_log: \d+ rows[\s\S]*Imported \d+ rows/,
    );
    assert.match(await run(importIt, onPostgres, 1), /nothing was imported: medkit\.\w+ has \d+ rows already/);

    const after = await hub(onPostgres);
    await login(after.url);
    const robots = await run(['fleet', '--json', '--url', after.url]);
    assert.match(robots, /"amr-17"/);
    assert.match(await run(['audit', 'list', '--url', after.url, '--kind', 'request']), /x-medkit-fleet\/invites/);
    assert.match(await run(['audit', 'verify', '--url', after.url]), /intact/);
    await run(['fleet', 'invite', 'amr-18', '--url', after.url]);
    assert.match(await run(['hub', 'backup', '--data-dir', folder], onPostgres), /pg_dump --format=custom/);
  });
});
