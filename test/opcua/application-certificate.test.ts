import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startPlc } from '../../packages/programs/plc/src/index.ts';
import { loadOpcua } from '../../packages/wire/opcua/src/opcua-library.ts';
import { unmetRequirements } from '../../packages/wire/opcua/src/security/certificate-demands.ts';
import { OPEN, openLink } from './opened-link.ts';
import { makeRsaCertificate, type RsaCertificate } from './rsa-certificate.ts';

describe('The certificate of a client of OPC UA', () => {
  let folder: string;
  let server: RsaCertificate;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'medkit-client-'));
    server = makeRsaCertificate({ folder, name: 'server', uri: 'urn:medkit:plc' });
  });
  after(() => rmSync(folder, { recursive: true }));

  const secured = () => ({
    ...OPEN,
    ...({ policy: 'Basic256Sha256', mode: 'SignAndEncrypt' } as const),
    generatedPath: join(folder, 'own'),
    trustListPaths: [server.certFile],
  });
  const start = (trusted: readonly string[]) =>
    startPlc({ security: { certificateFile: server.certFile, privateKeyFile: server.keyFile, trusted } });

  test('is created if the configuration names none, and the refusal of a server that does not trust it is explained', async () => {
    const lines: string[] = [];
    const strict = await start([]);
    const opened = openLink({
      endpointUrl: strict.endpointUrl,
      security: secured(),
      log: (_, line) => void lines.push(line),
    });
    const problem = await opened.problem(/trust/);
    assert.match(problem, /does not trust this client's certificate/);
    assert.doesNotMatch(problem, /0x80/);
    assert.match(lines.join('\n'), /made a certificate for this client, thumbprint [0-9a-f]{40}.*client\.der/);
    await opened.link.stop();
    await strict.stop();
    const certFile = join(folder, 'own', 'client.pem');
    assert.ok(existsSync(certFile));
    const trusting = await start([certFile]);
    const again = openLink({ endpointUrl: trusting.endpointUrl, security: secured() });
    assert.equal((await again.session()).server.isAuthenticated, true);
    await again.link.stop();
    await trusting.stop();
  });

  test('that lacks a field is reported with that field when a server refuses it', async () => {
    const [certFile, keyFile] = [join(folder, 'poor.pem'), join(folder, 'poor.key')];
    execFileSync(
      '/usr/bin/openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=poor'],
        ...['-keyout', keyFile, '-out', certFile, '-addext', 'subjectAltName=URI:urn:test:poor'],
        ...['-addext', 'keyUsage=digitalSignature,keyEncipherment'],
      ],
      { stdio: 'pipe' },
    );
    const missing = unmetRequirements(await loadOpcua(), new X509Certificate(readFileSync(certFile)));
    assert.deepEqual(missing, [
      'keyUsage nonRepudiation, dataEncipherment, keyCertSign',
      'extendedKeyUsage clientAuth',
      'basicConstraints CA:FALSE',
    ]);
    const strict = await start([]);
    const opened = openLink({
      endpointUrl: strict.endpointUrl,
      security: { ...secured(), certificatePath: certFile, keyPath: keyFile },
    });
    await opened.problem(/poor\.pem lacks keyUsage .*keyCertSign.*CA:FALSE/);
    await opened.link.stop();
    await strict.stop();
  });
});
