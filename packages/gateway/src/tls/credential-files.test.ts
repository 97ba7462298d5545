import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { testCertificate } from '../testing/test-certificate.ts';
import { readCredentialFiles } from './credential-files.ts';
import { CertificateRefused } from './tls-credentials.ts';

const NOW_MS = Date.UTC(2026, 2, 23, 2, 14);
const PATHS = { cert_file: '/tls/cert.pem', key_file: '/tls/key.pem', ca_file: '' };
const { cert, key } = testCertificate(NOW_MS);

const filesOf = (more: Readonly<Record<string, string>> = {}) =>
  new MemoryFiles({ '/tls/cert.pem': cert, '/tls/key.pem': key, ...more });
const read = (files: MemoryFiles, paths = PATHS) => readCredentialFiles(paths, files, NOW_MS);

async function refusal(files: MemoryFiles, paths = PATHS): Promise<string> {
  const error = await read(files, paths).catch((reason) => reason);
  assert.ok(error instanceof CertificateRefused, String(error));
  assert.doesNotMatch(error.message, /\n/);
  return error.message;
}

test('a certificate and its key are read, with the chain to an authority that clients trust', async () => {
  const { credentials, warnings } = await read(filesOf());
  assert.deepEqual([credentials.cert, credentials.key, credentials.ca, warnings], [cert, key, undefined, []]);
  assert.match(credentials.facts.fingerprint, /^sha256:[\da-f]{64}$/);
  const ca = testCertificate(NOW_MS).cert;
  const files = filesOf({ '/tls/ca.pem': ca });
  assert.equal((await read(files, { ...PATHS, ca_file: '/tls/ca.pem' })).credentials.ca, ca);
});

test('a file that is missing or has other content is named with the expected content', async () => {
  assert.equal(
    await refusal(filesOf(), { ...PATHS, cert_file: '/tls/robot.pem' }),
    'server.tls.cert_file: the file /tls/robot.pem does not exist',
  );
  assert.match(
    await refusal(filesOf(), { ...PATHS, ca_file: '/tls/ca.pem' }),
    /^server\.tls\.ca_file: the file .* does not exist/,
  );
  assert.match(await refusal(filesOf(), { ...PATHS, cert_file: '/tls' }), /\/tls cannot be read: it is not a file/);
  assert.match(
    await refusal(filesOf({ '/tls/cert.pem': 'hello' })),
    /\/tls\/cert\.pem does not contain a certificate as PEM text/,
  );
  assert.match(
    await refusal(filesOf({ '/tls/key.pem': cert })),
    /\/tls\/key\.pem does not contain a private key without a pass/,
  );
  assert.match(await refusal(filesOf({ '/tls/cert.pem': 'x'.repeat(300_000) })), /300000 bytes, more than 262144/);
  const files = filesOf({ '/tls/ca.pem': 'nobody' });
  assert.match(
    await refusal(files, { ...PATHS, ca_file: '/tls/ca.pem' }),
    /\/tls\/ca\.pem does not contain a certificate as PEM text/,
  );
  const unreadable = filesOf();
  unreadable.readFailure = new Error('EACCES: permission denied');
  assert.match(await refusal(unreadable), /^server\.tls\.cert_file: \/tls\/cert\.pem cannot be read: EACCES/);
});

test('an error about a file without the right PEM block says what the file contains, without messages of OpenSSL', async () => {
  const pem = (label: string, content = 'AAAA') => `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
  const cases: readonly (readonly [file: 'cert' | 'key', text: string, problem: RegExp])[] = [
    ['cert', '', /: it is empty$/],
    ['cert', 'hello', /: it has no line that begins with -----BEGIN$/],
    ['cert', '0\x82\x03\0\uFFFD', /: it is binary, such as DER: openssl x509 -inform der -in \/tls\/cert\.pem /],
    [
      'cert',
      pem('CERTIFICATE REQUEST'),
      /: it is a certificate request, which a certificate authority must sign first$/,
    ],
    ['cert', key, /: it is a private key: server\.tls\.cert_file and server\.tls\.key_file may be swapped$/],
    ['cert', pem('CERTIFICATE'), /: its content is damaged$/],
    ['cert', cert.slice(0, 200), /: it is truncated: the line -----END is missing$/],
    ['key', '0\x82\0\uFFFD', /: it is binary, such as DER: openssl pkey -inform der -in \/tls\/key\.pem /],
    ['key', pem('ENCRYPTED PRIVATE KEY'), /: the key has a passphrase: openssl pkey -in \/tls\/key\.pem /],
    ['key', pem('PUBLIC KEY'), /: it is the public key$/],
    ['key', cert, /: it is a certificate: server\.tls\.cert_file and/],
  ];
  for (const [file, text, problem] of cases) {
    const message = await refusal(filesOf({ [`/tls/${file}.pem`]: text }));
    assert.match(message, problem);
    assert.doesNotMatch(message, /routines|error:/i);
  }
});

test('files with a byte order mark and Windows line endings are read', async () => {
  const saved = (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
  const files = filesOf({ '/tls/cert.pem': saved(cert), '/tls/key.pem': saved(key) });
  assert.match((await read(files)).credentials.facts.fingerprint, /^sha256:/);
});

test('a key of another certificate, and an expired certificate, are refused', async () => {
  const other = testCertificate(NOW_MS);
  assert.equal(
    await refusal(filesOf({ '/tls/key.pem': other.key })),
    'the key in /tls/key.pem does not belong to the certificate in /tls/cert.pem',
  );
  const ended = testCertificate(NOW_MS, { notAfterMs: NOW_MS, key });
  assert.equal(
    await refusal(filesOf({ '/tls/cert.pem': ended.cert })),
    'the certificate in /tls/cert.pem expired at 2026-03-23 02:14 UTC: renew it',
  );
});

test('a key that every user can read is refused, and one that a group can read causes a warning', async () => {
  const files = filesOf();
  files.modes.set('/tls/key.pem', 0o644);
  assert.equal(
    await refusal(files),
    'every user of this machine can read the key in /tls/key.pem: chmod 600 /tls/key.pem',
  );
  files.modes.set('/tls/key.pem', 0o640);
  assert.deepEqual((await read(files)).warnings, [
    'the group of /tls/key.pem can read the key of this gateway: chmod 600 /tls/key.pem, unless this is intended',
  ]);
  files.modes.set('/tls/key.pem', 0o400);
  files.modes.set('/tls/cert.pem', 0o644);
  assert.deepEqual((await read(files)).warnings, []);
});
