import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { AUDIENCE, testIdentityProvider } from '../harness/identity-provider.ts';
import { Sandbox } from './medkit-process.ts';

test('a user logs in with the company account, and the login is renewed until the logout', {
  timeout: 120_000,
}, async () => {
  // Each command renews a token that expires so soon.
  const provider = await testIdentityProvider(undefined, { accessTokenSec: 20 });
  await using sandbox = new Sandbox();
  const config = join(sandbox.folder, 'medkit.yaml');
  const settings = {
    ...{ ros: { enabled: false }, server: { port: 0 }, data_dir: join(sandbox.folder, 'data') },
    auth: {
      oidc: {
        ...{ issuer: provider.issuer, audience: AUDIENCE, cli_client_id: 'medkit-cli' },
        role_map: { 'robot-operators': 'operator' },
      },
    },
  };
  writeFileSync(config, JSON.stringify(settings));
  const url = await sandbox.start(['up', '--config', config]).printed(/^ +Page +(\S+)\/$/m);
  const run = (...args: string[]) => sandbox.run(args, { MEDKIT_URL: url });
  const file = join(sandbox.folder, '.config', 'medkit', 'credentials.json');
  const stored = () => JSON.parse(readFileSync(file, 'utf8'))[url];
  const logIn = async () => {
    const login = sandbox.start(['login', '--oidc'], { MEDKIT_URL: url });
    const address = await eventually(
      'the address',
      async () => /^ {2}(http\S+user_code=\S+)$/m.exec(login.errors)?.[1],
    );
    await provider.confirmDevice(address);
    return { code: await login.exitCode(), output: login.output, errors: login.errors };
  };

  provider.logIn({ subject: 'bob', groups: ['sales'] });
  const refused = await logIn();
  assert.equal(refused.code, 8, refused.errors);
  assert.match(refused.errors, /none of its groups has a role here/);
  assert.throws(() => statSync(file), /ENOENT/);

  provider.logIn({ subject: 'alice', groups: ['robot-operators'] });
  const done = await logIn();
  assert.equal(done.code, 0, done.errors);
  assert.match(done.output, /Logged in to http\S+ as oidc:127\.0\.0\.1:\d+:alice\n/);
  assert.equal(statSync(file).mode & 0o777, 0o600);

  const before = stored();
  const who = await run('whoami');
  assert.match(who.output, /identity +oidc:\S+:alice\n.*identity provider\n.*role +operator\n/s, who.errors);
  const after = stored();
  assert.notEqual(after.access_token, before.access_token, 'it was renewed');
  assert.notEqual(after.refresh_token, before.refresh_token);
  assert.equal((await run('apps')).code, 0);

  const last = stored();
  const out = await run('logout');
  assert.deepEqual([out.code, out.errors], [0, '']);
  assert.throws(() => statSync(file), /ENOENT/);
  // The refresh token is revoked at the provider: a copy of the file is of no use.
  writeFileSync(file, JSON.stringify({ [url]: { ...last, access_token: 'gone' } }));
  const copy = await run('whoami');
  assert.equal(copy.code, 8);
  assert.match(copy.errors, /cannot be renewed: status 400, invalid_grant/);

  const wrong = await run('login', '--oidc', '--user', 'jan');
  assert.equal(wrong.code, 2);
  assert.match(wrong.errors, /--oidc takes no user/);
  await provider.close();
});

test('a gateway without it names the setting', { timeout: 240_000 }, async () => {
  await using sandbox = new Sandbox();
  const config = join(sandbox.folder, 'medkit.yaml');
  writeFileSync(config, `ros: {enabled: false}\nserver: {port: 0}\ndata_dir: ${sandbox.folder}/data\n`);
  const url = await sandbox.start(['up', '--config', config]).printed(/^ +Page +(\S+)\/$/m);
  const { code, errors } = await sandbox.run(['login', '--oidc', '--url', url]);
  assert.equal(code, 10);
  assert.match(errors, /offers no login at an identity provider: set auth\.oidc\.cli_client_id/);
});
