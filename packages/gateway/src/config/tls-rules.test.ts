import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { ConfigRefused } from './assignment.ts';
import { loadConfig } from './load-config.ts';

const load = (yaml: string) =>
  loadConfig({
    files: new MemoryFiles({ '/etc/medkit.yaml': yaml }),
    folders: { environment: {}, home: '/home/ada', working: '/srv' },
    flags: {},
    defaultFile: '/etc/medkit.yaml',
  });

async function refusalOf(yaml: string): Promise<string> {
  const error = await load(yaml).catch((reason) => reason);
  assert.ok(error instanceof ConfigRefused, String(error));
  return error.message;
}

test('the keys of the reference are accepted unchanged, and relative paths start at the working folder', async () => {
  const { config, notices } = await load(
    'server:\n  tls:\n    enabled: true\n    cert_file: tls/cert.pem\n    key_file: /tls/key.pem\n    min_version: "1.3"\n',
  );
  const { enabled, cert_file, key_file, ca_file, min_version } = config.server.tls;
  assert.deepEqual(
    [enabled, cert_file, key_file, ca_file, min_version],
    [true, '/srv/tls/cert.pem', '/tls/key.pem', '', '1.3'],
  );
  assert.deepEqual(notices, []);
});

test('the files of TLS are not checked if TLS is off', async () => {
  assert.equal((await load('server.tls.cert_file: /nowhere\n')).config.server.tls.enabled, false);
});

test('an invalid version, and TLS without a certificate or with two, keep the gateway from starting', async () => {
  assert.match(await refusalOf('server.tls.min_version: 1.1\n'), /"1\.1" is not a version of TLS: 1\.2 or 1\.3/);
  const missing = await refusalOf('server.tls.enabled: true\nserver.tls.key_file: /k\n');
  assert.equal(missing.split('\n').length, 1);
  assert.match(missing, /^server\.tls\.cert_file is not set: .*server\.tls\.self_signed/);
  assert.match(
    await refusalOf('server.tls: {enabled: true, self_signed: true, cert_file: /c}\n'),
    /^server\.tls\.self_signed generates a certificate: remove it, or remove server\.tls\.cert_file$/,
  );
});

test('a gateway without TLS warns that its traffic can be read, and one with TLS does not', async () => {
  const open = 'server: {host: 0.0.0.0, token: a-token-of-sixteen-letters}\n';
  assert.match((await load(open)).notices[0]?.text ?? '', /without TLS/);
  assert.deepEqual((await load(`${open}server.tls: {enabled: true, self_signed: true}\n`)).notices, []);
});

test('an invalid proxy address stops the start', async () => {
  assert.match(await refusalOf('server.trusted_proxies: [proxy.lan]\n'), /"proxy\.lan" is neither an IP address/);
});
