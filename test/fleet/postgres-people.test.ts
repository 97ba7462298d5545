import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const PASSWORD = 'purple-turbine-42-harbour';

suite('the accounts and the audit log of a hub on PostgreSQL', {
  skip: missingSystemPackages('postgres'),
  timeout: 120_000,
}, () => {
  const root = mkdtempSync(join(tmpdir(), 'medkit-postgres-people-'));
  const file = (name: string, text: string): string => {
    const path = join(root, name);
    writeFileSync(path, text);
    return path;
  };
  const running: Program[] = [];
  let server: Postgres;
  let environment: Record<string, string>;
  let passwordFile: string;
  before(async () => {
    server = await startPostgres();
    environment = { MEDKIT_FLEET_DATABASE: file('url', server.url), HOME: root, XDG_CONFIG_HOME: join(root, 'config') };
    passwordFile = file('password', `${PASSWORD}\n`);
  });
  after(async () => {
    for (const program of running) await program.end();
    await server?.[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });
  const start = (args: readonly string[]): Program => {
    const program = startProgram(args, { env: environment });
    running.push(program);
    return program;
  };
  const run = async (...args: readonly string[]): Promise<string> => {
    const program = start(args);
    assert.equal(await program.ended, 0, program.output());
    return program.output();
  };
  const hub = async (folder: string): Promise<{ readonly program: Program; readonly url: string }> => {
    const program = start(['hub', '--port', '0', '--data-dir', folder]);
    return { program, url: (await program.printed(/(http:\/\/\S+?)\/?\s/))[1] ?? '' };
  };

  test('users, rights and the audit log survive the loss of its machine', async () => {
    const [first, second] = [join(root, 'first'), join(root, 'second')];
    const made = await run('auth', 'init', '--data-dir', first, '--name', 'ada', '--password-file', passwordFile);
    assert.match(made, /Created the admin user "ada" in postgres:\/\/medkit@/);
    const before = await hub(first);
    assert.equal((await fetch(`${before.url}/api/v1/x-medkit-fleet/invites`, { method: 'POST' })).status, 401);
    await run('login', '--url', before.url, '--user', 'ada', '--password-file', passwordFile);
    await run('fleet', 'invite', 'amr-17', '--url', before.url);
    const listed = await run('audit', 'list', '--url', before.url, '--kind', 'request');
    assert.match(listed, /x-medkit-fleet\/invites/);
    assert.ok(
      !readdirSync(first).some((name) => /^(?:auth|gateway|fault_audit|fleet)\.db/.test(name)),
      `${readdirSync(first)}`,
    );
    await before.program.end();

    mkdirSync(second);
    cpSync(join(first, 'fleet.secret'), join(second, 'fleet.secret'));
    const again = await hub(second);
    await run('login', '--url', again.url, '--user', 'ada', '--password-file', passwordFile);
    assert.match(await run('audit', 'list', '--url', again.url, '--kind', 'request'), /x-medkit-fleet\/invites/);
    assert.match(await run('audit', 'verify', '--url', again.url), /intact/);
  });

  test('the commands that read an audit log in a file state how to read this one', async () => {
    const program = start(['audit', 'list', '--data-dir', join(root, 'second')]);
    assert.equal(await program.ended, 2, program.output());
    assert.match(program.output(), /the audit log of this hub is in PostgreSQL .*: use --url/);
  });
});
