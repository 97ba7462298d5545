import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { testCertificate } from '../testing/test-certificate.ts';
import { readCredentialFiles } from './credential-files.ts';
import { serveCertificate } from './served-certificate.ts';
import { tlsHealth } from './tls-health.ts';

const DAY_MS = 86_400_000;
const PATHS = { cert_file: '/tls/cert.pem', key_file: '/tls/key.pem', ca_file: '' };

async function served() {
  const clock = new SimulatedClock();
  const first = testCertificate(clock.wallMs());
  const files = new MemoryFiles({ '/tls/cert.pem': first.cert, '/tls/key.pem': first.key });
  const lines: string[] = [];
  const changes: string[] = [];
  const certificate = await serveCertificate({
    read: () => readCredentialFiles(PATHS, files, clock.wallMs()),
    clock,
    log: (level, message) => lines.push(`${level}: ${message}`),
    onChange: ({ cert }) => changes.push(cert),
  });
  const health = () => tlsHealth(certificate, { min_version: '1.2', client_auth: 'off' }, clock.wallMs());
  const codes = () => health().warnings.map(({ code }) => code);
  return { clock, first, files, lines, changes, certificate, health, codes };
}

test('the fingerprint and the expiry of the served certificate are logged at the start', async () => {
  const { lines, certificate } = await served();
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^info: TLS: a self-signed certificate, until .* UTC, is served: sha256:/);
  assert.ok(lines[0]?.endsWith(certificate.credentials.facts.fingerprint));
});

test('a new pair is served when it appears, and an unchanged pair is not reported', async () => {
  const { clock, files, changes, certificate, lines, codes } = await served();
  await certificate.reload();
  assert.deepEqual([changes, lines.length], [[], 1]);
  const next = testCertificate(clock.wallMs());
  files.put('/tls/cert.pem', next.cert);
  files.put('/tls/key.pem', next.key);
  await certificate.reload();
  assert.deepEqual(changes, [next.cert]);
  assert.match(lines[1] ?? '', /^info: TLS: from now on a self-signed certificate/);
  assert.deepEqual(codes(), []);
});

test('a pair that does not match is refused: the old one stays in use, with a log message and a warning in health', async () => {
  const { clock, first, files, changes, certificate, lines, health, codes } = await served();
  const next = testCertificate(clock.wallMs());
  files.put('/tls/cert.pem', next.cert);
  await certificate.reload();
  await certificate.reload();
  assert.deepEqual([changes, certificate.credentials.cert, lines.length], [[], first.cert, 2]);
  assert.match(
    lines[1] ?? '',
    /^error: TLS: the key in .* does not belong to .*; the previous certificate remains in use/,
  );
  assert.deepEqual(codes(), ['tls_certificate_refused']);
  assert.match(
    health().warnings[0]?.message ?? '',
    /A new certificate is not used: the key in \/tls\/key\.pem does not/,
  );
  assert.match(String(health().blocks['x-medkit-tls']?.['problem']), /^the key in/);
  files.put('/tls/key.pem', next.key);
  await certificate.reload();
  assert.deepEqual([changes, codes()], [[next.cert], []]);
});

test('missing files and an expired certificate are refused as well', async () => {
  const { clock, first, files, changes, certificate } = await served();
  await files.remove('/tls/key.pem');
  await certificate.reload();
  assert.match(certificate.problem ?? '', /the file \/tls\/key\.pem does not exist/);
  files.put('/tls/key.pem', first.key);
  const ended = testCertificate(clock.wallMs(), { notAfterMs: clock.wallMs() - 1, key: first.key });
  files.put('/tls/cert.pem', ended.cert);
  await certificate.reload();
  assert.match(certificate.problem ?? '', /expired at .*: renew it/);
  assert.deepEqual(changes, []);
});

test('health warns from twenty-one days before the expiry, and reports the expiry after it', async () => {
  const { clock, codes, health } = await served();
  clock.advance(69 * DAY_MS - 1);
  assert.deepEqual(codes(), []);
  clock.advance(2);
  assert.deepEqual(codes(), ['tls_certificate_expiring']);
  assert.match(
    health().warnings[0]?.message ?? '',
    /expires in 21 days, at .*Replace the file .*; no restart is needed/,
  );
  clock.advance(21 * DAY_MS);
  assert.match(health().warnings[0]?.message ?? '', /of this gateway expired at /);
});

test('a certificate that is not valid yet is served, with a warning about the clock', async () => {
  const clock = new SimulatedClock();
  const pair = testCertificate(clock.wallMs() + 2 * DAY_MS);
  const files = new MemoryFiles({ '/tls/cert.pem': pair.cert, '/tls/key.pem': pair.key });
  const lines: string[] = [];
  await serveCertificate({
    read: () => readCredentialFiles(PATHS, files, clock.wallMs()),
    clock,
    log: (_level, message) => lines.push(message),
    onChange: () => undefined,
  });
  assert.match(lines[1] ?? '', /is valid only from .*: check the clock of this machine/);
});
