import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CommandFailed } from '../command/failure.ts';
import { credentialsFile, storeCredential, storedCredential } from './credential-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-credentials-'));
after(() => rmSync(folder, { recursive: true }));
const ROBOT = 'http://robot-01:8080';
const credential = { user: 'alice', id: '4fmd81xk', key: 'mdk_4fmd81xk_secret' };

test('the credential of a gateway is used for that gateway alone, and no other user can read it', () => {
  const environment = { XDG_CONFIG_HOME: join(folder, 'one') };
  storeCredential(ROBOT, credential, environment);
  storeCredential('https://robot-02', { ...credential, user: 'bob' }, environment);
  assert.deepEqual(storedCredential(ROBOT, environment), credential);
  assert.equal(storedCredential('https://robot-02', environment)?.user, 'bob');
  for (const other of ['https://robot-01:8080', 'http://robot-01', 'http://robot-01:8081', 'toString']) {
    assert.equal(storedCredential(other, environment), undefined, other);
  }
  const file = credentialsFile(environment);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  chmodSync(file, 0o644);
  storeCredential(ROBOT, undefined, environment);
  assert.equal(storedCredential(ROBOT, environment), undefined);
  assert.equal(statSync(file).mode & 0o777, 0o600, 'it is put right');
  storeCredential('https://robot-02', undefined, environment);
  assert.equal(existsSync(file), false);
});

test('it is in the home of the user if no other folder is configured', () => {
  assert.equal(credentialsFile({ HOME: '/home/a' }), '/home/a/.config/medkit/credentials.json');
  assert.equal(
    credentialsFile({ HOME: '/home/a', XDG_CONFIG_HOME: 'relative' }),
    '/home/a/.config/medkit/credentials.json',
  );
});

test('a file with other content stays unchanged', () => {
  const environment = { XDG_CONFIG_HOME: folder };
  storeCredential(ROBOT, credential, environment);
  for (const text of [
    '{',
    '[1]',
    `{"${ROBOT}": {"user": "a", "id": "b", "key": "c\\nd"}}`,
    `{"${ROBOT}": {"user": "a", "access_token": "b", "issuer": "c"}}`,
  ]) {
    writeFileSync(credentialsFile(environment), text);
    assert.throws(() => storedCredential(ROBOT, environment), CommandFailed, text);
    assert.throws(() => storeCredential(ROBOT, credential, environment), CommandFailed, text);
  }
});
