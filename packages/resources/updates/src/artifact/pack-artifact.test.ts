import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { packArtifact, privateKey } from './pack-artifact.ts';

describe('a packed folder', () => {
  const keys = generateKeyPairSync('ed25519');
  const of = { id: 'nav-1', version: '1.0', target: 'robot', files: { ...systemFiles, ...systemWritableFiles } };
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-pack-')));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'run'), 'go', { mode: 0o700 });
    writeFileSync(join(folder, 'map'), '', { mode: 0o666 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lists all its files, readable by all and writable only by the owner', async () => {
    const { manifest } = await packArtifact({ ...of, folder, key: keys.privateKey });
    assert.deepEqual(
      manifest.files.map(({ path, size, mode }) => [path, size, mode]),
      [
        ['bin/run', 2, '0755'],
        ['map', 0, '0644'],
      ],
    );
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'update.json'), 'utf8')), manifest);
  });

  it('can be packed again, which removes an outdated signature', async () => {
    const first = await packArtifact({ ...of, folder, key: keys.privateKey });
    assert.deepEqual(await packArtifact({ ...of, folder }), first);
    assert.deepEqual(readdirSync(folder).sort(), ['bin', 'map', 'update.json']);
  });

  it('is rejected if it could not be installed', async () => {
    await assert.rejects(packArtifact({ ...of, id: '../x', folder }), /its id is invalid/);
    symlinkSync('/etc/passwd', join(folder, 'link'));
    await assert.rejects(packArtifact({ ...of, folder }), /neither a file nor a folder/);
    assert.equal(readdirSync(folder).includes('update.json'), false);
  });
});

it('a signing key is a private Ed25519 key', () => {
  const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
    String(key.export({ type: 'pkcs8', format: 'pem' }));
  assert.equal(privateKey(pem(generateKeyPairSync('ed25519').privateKey)).asymmetricKeyType, 'ed25519');
  assert.throws(() => privateKey(pem(generateKeyPairSync('x25519').privateKey)), /of x25519, not of Ed25519/);
  assert.throws(() => privateKey('no key'), /not a private key in PEM/);
});
