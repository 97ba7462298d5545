import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { CommandFailed } from '../command/failure.ts';
import { trustConfigured } from './trust.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-trust-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const URL = 'https://127.0.0.1:9';

const refusal = (message: RegExp) => (error: unknown) => error instanceof CommandFailed && message.test(error.message);

it('a file without a certificate, or a missing file, is refused before any request', async () => {
  const file = join(folder, 'ca.pem');
  await assert.rejects(trustConfigured(URL, { 'ca-file': file }, {}), refusal(/^--ca-file: ENOENT/));
  writeFileSync(file, 'hello');
  await assert.rejects(
    trustConfigured(URL, {}, { MEDKIT_CA_FILE: file }),
    refusal(/ca\.pem contains no PEM certificate/),
  );
});

it('an invalid fingerprint is refused, and one for http is ignored', async () => {
  for (const fingerprint of ['sha256:abc', 'sha1:'.padEnd(69, '0'), 'x'.repeat(64)]) {
    await assert.rejects(
      trustConfigured(URL, { fingerprint }, {}),
      refusal(/expected sha256: and 64 hexadecimal digits, found/),
    );
  }
  await trustConfigured('http://127.0.0.1:9', { fingerprint: `sha256:${'0'.repeat(64)}` }, {});
});

it('if no gateway answers, the message says so', async () => {
  const fingerprint = Array(32).fill('AB').join(':');
  await assert.rejects(
    trustConfigured(URL, {}, { MEDKIT_FINGERPRINT: fingerprint }),
    refusal(/no gateway at https:\/\/127\.0\.0\.1:9: /),
  );
});
