import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { Sandbox } from './medkit-process.ts';

const PASSWORD = 'tin roof, rain, Tuesday';
const OTHER_PASSWORD = 'seven green apples';
const MADE_UP = /(?:[a-z0-9]{5}-){3}[a-z0-9]{5}/;

/** Creates a folder with the configuration of a gateway without a robot, and files with passwords. */
function configured(sandbox: Sandbox) {
  const file = (name: string, text: string) => {
    const path = join(sandbox.folder, name);
    writeFileSync(path, text);
    return path;
  };
  return {
    config: file(
      'medkit.yaml',
      `ros: {enabled: false}\nserver: {port: 0}\ndata_dir: ${sandbox.folder}/data\nauth: {require_auth_for: all}\n`,
    ),
    password: file('password', `${PASSWORD}\n`),
    otherPassword: file('other-password', `${OTHER_PASSWORD}\n`),
    file,
  };
}

test('the first user is created once, in a folder whose files only its owner can read', {
  timeout: 240_000,
}, async () => {
  await using sandbox = new Sandbox();
  const { config } = configured(sandbox);
  const made = await sandbox.run(['auth', 'init', '--config', config, '--name', 'ada']);
  assert.equal(made.code, 0, made.errors);
  assert.match(made.output, MADE_UP);
  assert.match(made.output, /medkit login --user ada/);
  assert.equal(statSync(join(sandbox.folder, 'data', 'auth.db')).mode & 0o777, 0o600);
  const again = await sandbox.run(['auth', 'init', '--config', config]);
  assert.equal(again.code, 10);
  assert.match(again.errors, /such as ada: .* run `medkit auth reset-admin`/);

  const weak = await sandbox.run(['auth', 'init', '--data-dir', join(sandbox.folder, 'other'), '--name', 'Ada']);
  assert.deepEqual([weak.code, weak.output], [10, '']);
  assert.match(weak.errors, /a user name must have 1 to 64 of a-z/);

  // Without users the gateway does not listen on such an address, but creating one must still be possible.
  const exposed = await sandbox.run(['auth', 'init', '--data-dir', join(sandbox.folder, 'open')], {
    MEDKIT_SERVER_HOST: '0.0.0.0',
  });
  assert.equal(exposed.code, 0, exposed.errors);
});

test('a gateway that was started without accounts needs a restart', { timeout: 240_000 }, async () => {
  await using sandbox = new Sandbox();
  const { config } = configured(sandbox);
  const medkit = sandbox.start(['up', '--config', config]);
  const url = await medkit.printed(/^ +Page +(\S+)\/$/m);
  const made = await sandbox.run(['auth', 'init', '--config', config]);
  assert.match(made.output, /\(process \d+\) was started without accounts: restart it/);
  assert.equal((await fetch(`${url}/api/v1/apps`)).status, 200, 'it goes on as it was');
  medkit.interrupt();
  assert.equal(await medkit.exitCode(), 0, medkit.errors);
  const guarded = sandbox.start(['up', '--config', config]);
  const again = await guarded.printed(/^ +Page +(\S+)\/$/m);
  assert.equal((await fetch(`${again}/api/v1/apps`)).status, 401);
  await guarded.printed(/No plugin and no manifest|Heard/);
  assert.doesNotMatch(guarded.errors, /cannot summarize/);
});

test('a user logs in, creates keys and users, and gets access again after a lost password', {
  timeout: 240_000,
}, async () => {
  await using sandbox = new Sandbox();
  const { config, password, otherPassword, file } = configured(sandbox);
  const run = (...args: string[]) => sandbox.run(args, { MEDKIT_URL: url });
  const done = async (...args: string[]) => {
    const { code, output, errors } = await run(...args);
    assert.equal(code, 0, `${args.join(' ')}: ${output}${errors}`);
    return output;
  };
  await sandbox.run(['auth', 'init', '--config', config, '--password-file', password]);
  const medkit = sandbox.start(['up', '--config', config]);
  const url = await medkit.printed(/^ +Page +(\S+)\/$/m);

  const stranger = await run('apps');
  assert.equal(stranger.code, 8);
  assert.match(
    stranger.errors,
    /requires authentication: log in with `medkit login --url http\S+`, or pass an API key/,
  );
  const wrong = await run('login', '--user', 'admin', '--password-file', otherPassword);
  assert.deepEqual([wrong.code, wrong.errors], [8, 'medkit: wrong name or password\n']);

  await done('login', '--user', 'admin', '--password-file', password);
  assert.match(await done('whoami'), /identity +admin \(key:\w+\)\n[\s\S]*role +admin\n/);
  const credentialsFile = join(sandbox.folder, '.config', 'medkit', 'credentials.json');
  assert.equal(statSync(credentialsFile).mode & 0o777, 0o600);
  assert.ok(!readFileSync(credentialsFile, 'utf8').includes(PASSWORD));

  // A user with a generated password has to change it first.
  const bob = MADE_UP.exec(await done('auth', 'users', 'add', 'bob', '--role', 'operator'))?.[0] ?? '';
  const bobs = file('bob', bob);
  const first = await run('login', '--user', 'bob', '--password-file', bobs);
  assert.equal(first.code, 8);
  assert.match(first.errors, /must be changed first: pass a new one with --new-password-file/);
  await done('login', '--user', 'bob', '--password-file', bobs, '--new-password-file', otherPassword);
  const notHis = await run('auth', 'users');
  assert.equal(notHis.code, 8);
  assert.match(notHis.errors, /needs the permission accounts/);
  const line = (await done('auth', 'keys', 'create', 'line', '--role', 'operator', '--permissions', 'read')).trim();
  assert.match(await done('auth', 'keys'), /line +operator +user:bob +never .* read\n/);
  await done('auth', 'users', 'passwd', '--password-file', otherPassword, '--new-password-file', password);
  await done('logout');

  // An API key outlives the login that created it, and ends with its owner.
  const asLine = () => sandbox.run(['apps'], { MEDKIT_URL: url, MEDKIT_TOKEN: line });
  assert.equal((await asLine()).code, 0);
  await done('login', '--user', 'admin', '--password-file', password);
  await done('auth', 'users', 'disable', 'bob');
  assert.match(await done('auth', 'users'), /bob +operator .* disabled\n/);
  assert.equal((await asLine()).code, 8);

  const reset = await sandbox.run(['auth', 'reset-admin', '--config', config]);
  assert.match(reset.output, /\(process \d+\) is reloading its accounts/);
  const madeUp = file('reset', MADE_UP.exec(reset.output)?.[0] ?? '');
  await eventually('the gateway has read it', async () => {
    const { code } = await run(
      'login',
      '--user',
      'admin',
      '--password-file',
      madeUp,
      '--new-password-file',
      otherPassword,
    );
    return code === 0;
  });
  assert.match(await done('audit', 'list', '--limit', '50'), /auth\/users/);
  const printed = medkit.output + medkit.errors;
  for (const secret of [PASSWORD, OTHER_PASSWORD, bob, line]) assert.ok(!printed.includes(secret));
});

test('a user of an image has a hash in the users file', { timeout: 240_000 }, async () => {
  await using sandbox = new Sandbox();
  const { config, password, file } = configured(sandbox);
  const hashed = await sandbox.run(['auth', 'hash', '--password-file', password]);
  assert.equal(hashed.code, 0, hashed.errors);
  const users = file('users.yaml', `users: [{name: ada, role: admin, password: "${hashed.output.trim()}"}]\n`);
  const medkit = sandbox.start(['up', '--config', config, '--set', `auth.users_file=${users}`]);
  const url = await medkit.printed(/^ +Page +(\S+)\/$/m);
  const login = await sandbox.run(['login', '--url', url, '--user', 'ada', '--password-file', password]);
  assert.equal(login.code, 0, login.errors);
  const weak = await sandbox.run(['auth', 'hash', '--password-file', file('weak', 'short\n')]);
  assert.equal(weak.code, 10);
  assert.match(weak.errors, /the minimum is 12/);
});
