import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadOpcua } from '../opcua-library.ts';
import { applicationUriOf } from './application-certificate.ts';
import { unmetRequirements } from './certificate-demands.ts';
import { generatedClientCertificate, writeClientCertificate } from './client-certificate-files.ts';

const NOW_MS = Date.UTC(2026, 5, 1);

function folder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'medkit-own-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

describe('The certificate that a client generates for itself', () => {
  test('meets OPC 10000-6, 6.2.2, and its key is readable by its user alone', async () => {
    using place = folder();
    const wish = {
      folder: join(place.path, 'own'),
      applicationUri: 'urn:hall-3:medkit',
      hosts: ['10.0.0.7'],
      days: 30,
    };
    const made = await writeClientCertificate({ ...wish, nowMs: NOW_MS });
    const certificate = new X509Certificate(readFileSync(made.certificatePath));
    assert.deepEqual(unmetRequirements(await loadOpcua(), certificate), []);
    assert.equal(applicationUriOf(certificate), 'urn:hall-3:medkit');
    assert.ok(certificate.checkIP('10.0.0.7') && !certificate.ca);
    assert.ok(certificate.verify(certificate.publicKey), 'it is signed by itself');
    assert.ok(certificate.checkPrivateKey(createPrivateKey(readFileSync(made.keyPath))));
    assert.deepEqual(readFileSync(made.derPath), certificate.raw);
    assert.equal(Date.parse(certificate.validTo), NOW_MS + 30 * 86_400_000);
    assert.equal(statSync(made.keyPath).mode & 0o777, 0o600);
  });

  test('is generated once, also for several PLCs at a time, and stays', async () => {
    using place = folder();
    const made: string[] = [];
    const generate = () =>
      generatedClientCertificate({ folder: place.path, nowMs: NOW_MS }, ({ thumbprint }) => void made.push(thumbprint));
    const files = await Promise.all([generate(), generate()]);
    const before = readFileSync(files[0].certificatePath);
    await generate();
    assert.equal(made.length, 1);
    assert.deepEqual(readFileSync(files[0].certificatePath), before);
  });
});
