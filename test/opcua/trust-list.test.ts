import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { EndpointDescription } from 'node-opcua-client';
import { startPlc } from '../../packages/programs/plc/src/index.ts';
import { MAX_REVOCATION_BYTES } from '../../packages/wire/opcua/src/bounds.ts';
import { trustedCertificate } from '../../packages/wire/opcua/src/channel/server-trust.ts';
import { loadOpcua } from '../../packages/wire/opcua/src/opcua-library.ts';
import { makeAuthority, makeRevocationList } from './authority.ts';
import { openLink } from './opened-link.ts';
import { makeRsaCertificate, type RsaCertificate } from './rsa-certificate.ts';

const URI = 'urn:medkit:plc';

describe('The trust list of a link to a server of OPC UA', () => {
  let folder: string;
  let root: RsaCertificate;
  let between: RsaCertificate;
  let server: RsaCertificate;
  let direct: RsaCertificate;
  const place = (...names: string[]) => join(folder, ...names);
  const certified = (name: string, ca: RsaCertificate) => makeRsaCertificate({ folder, name, uri: URI, ca });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'medkit-trust-'));
    root = makeAuthority({ folder, name: 'root' });
    between = makeAuthority({ folder, name: 'between', ca: root });
    server = certified('server', between);
    direct = certified('direct', root);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Checks the result for a server that presents this chain, with these paths trusted. */
  const judge = async (presented: readonly RsaCertificate[], trustListPaths: readonly string[]): Promise<void> => {
    const chain = presented.map(({ certFile }) => new X509Certificate(readFileSync(certFile)).raw);
    const endpoint = { serverCertificate: Buffer.concat(chain), server: { applicationUri: URI } };
    const found = await trustedCertificate({
      library: await loadOpcua(),
      endpoint: endpoint as unknown as EndpointDescription,
      endpointUrl: 'opc.tcp://127.0.0.1:4840',
      security: { trustListPaths, rejectsUntrusted: true, refusedPath: undefined },
      nowMs: Date.now(),
    });
    assert.ok(found.raw.equals(chain[0]!));
  };
  const revoke = (file: string, ca: RsaCertificate, revoked: readonly RsaCertificate[], extensions?: string) =>
    makeRevocationList({ folder, ca, revoked, file, ...(extensions === undefined ? {} : { extensions }) });

  test('[edge] accepts a certificate through the authorities between it and a trusted one, and not without them', async () => {
    await judge([direct], [root.certFile]);
    await judge([server, between], [root.certFile]);
    await judge([server], [between.certFile]);
    await judge([server, between, root], [root.certFile]);
    await assert.rejects(judge([server], [root.certFile]), /is not signed by a CA in it/);
    await assert.rejects(judge([server, between], []), /is not signed by a CA in it/);
  });

  test('[edge] ignores issuers that may not certify: no authority, no key usage for certificates, a path that is too long', async () => {
    const none = makeAuthority({ folder, name: 'none', ca: root, constraints: 'critical,CA:FALSE' });
    const useless = makeAuthority({ folder, name: 'useless', ca: root, use: 'critical,cRLSign' });
    const short = makeAuthority({ folder, name: 'short', constraints: 'critical,CA:TRUE,pathlen:0' });
    const below = makeAuthority({ folder, name: 'below', ca: short });
    for (const authority of [none, useless, below]) {
      const vouched = certified('vouched', authority);
      await assert.rejects(judge([vouched, authority], [root.certFile, short.certFile]), /is not signed by a CA in it/);
    }
    await judge([certified('vouched', short)], [short.certFile]);
  });

  test('[edge] refuses a certificate that its authority revoked, though the list contains it', async () => {
    const list = revoke('revoked.crl', root, [direct]);
    await assert.rejects(
      judge([direct], [root.certFile, list]),
      /CN=direct.*was revoked by its CA \(BadCertificateRevoked\)/,
    );
    await assert.rejects(judge([direct], [root.certFile, direct.certFile, list]), /BadCertificateRevoked/);
    await assert.rejects(judge([direct], [direct.certFile, list]), /BadCertificateRevoked/);
    await judge([certified('other', root)], [root.certFile, list]);
    await judge([server, between], [root.certFile, list]);
  });

  test('[edge] refuses a certificate issued by a revoked authority', async () => {
    const list = revoke('between.crl', root, [between]);
    for (const trusted of [[root.certFile], [root.certFile, between.certFile]]) {
      await assert.rejects(
        judge([server, between], [...trusted, list]),
        /"O=medkit, CN=between".*BadCertificateIssuerRevoked/,
      );
    }
    await judge([direct], [root.certFile, list]);
  });

  test('finds revocation lists by their file extension, and in a folder crl, as PEM and as DER', async () => {
    mkdirSync(place('pki', 'crl'), { recursive: true });
    copyFileSync(root.certFile, place('pki', 'root.pem'));
    await judge([direct], [place('pki')]);
    makeRevocationList({ folder, ca: root, revoked: [direct], file: 'pki/root.crl', form: 'PEM' });
    await assert.rejects(judge([direct], [place('pki')]), /BadCertificateRevoked/);
    rmSync(place('pki', 'root.crl'));
    await judge([direct], [place('pki')]);
    revoke('pki/crl/root.der', root, [direct]);
    await assert.rejects(judge([direct], [place('pki')]), /BadCertificateRevoked/);
    await assert.rejects(judge([direct], [root.certFile, place('pki', 'crl')]), /BadCertificateRevoked/);
  });

  test('[edge] is unusable if a revocation list in it is unreadable or has a foreign signature', async () => {
    const text = place('text.crl');
    writeFileSync(text, 'nothing');
    const huge = place('huge.crl');
    writeFileSync(huge, Buffer.alloc(MAX_REVOCATION_BYTES + 1));
    const missing = place('missing.crl');
    const certificate = place('certificate.crl');
    copyFileSync(root.certFile, certificate);
    const cut = place('cut.crl');
    writeFileSync(cut, readFileSync(revoke('whole.crl', root, [direct])).subarray(0, 200));
    const changed = place('changed.crl');
    const octets = readFileSync(place('whole.crl'));
    octets[octets.length - 5]! ^= 1;
    writeFileSync(changed, octets);
    const forger = makeAuthority({ folder: mkdtempSync(place('forger-')), name: 'root' });
    const forged = revoke('forged.crl', forger, [direct]);
    const part = revoke('part.crl', root, [], 'issuingDistributionPoint = critical, @idp\n[idp]\nonlyuser = TRUE');
    for (const [file, problem] of [
      [text, /expected a revocation list in .*text\.crl/],
      [huge, /huge\.crl has \d+ bytes/],
      [missing, /cannot read the revocation lists of .*missing\.crl: ENOENT/],
      [place('gone', 'crl'), /cannot read the revocation lists of .*crl: ENOENT/],
      [certificate, /expected a revocation list in .*certificate\.crl/],
      [cut, /expected a revocation list in .*cut\.crl/],
      [changed, /changed\.crl is not signed by "O=medkit, CN=root"/],
      [forged, /forged\.crl is not signed by/],
      [part, /part\.crl has the unsupported critical extension/],
    ] as const) {
      await assert.rejects(judge([certified('fine', root)], [root.certFile, file]), problem);
    }
  });

  test('applies a revocation list of an authority that is not in it, and an expired one', async () => {
    const list = revoke('unknown.crl', between, [server]);
    const old = makeRevocationList({ folder, ca: root, revoked: [between], file: 'old.crl', isExpired: true });
    await assert.rejects(judge([server, between], [root.certFile, list]), /BadCertificateRevoked/);
    await assert.rejects(judge([server, between], [root.certFile, old]), /BadCertificateIssuerRevoked/);
    await judge([direct], [root.certFile, list]);
  });

  test('[edge] is read at each attempt: a revoked server is refused until the list changes', async () => {
    const client = makeRsaCertificate({ folder, name: 'client', uri: 'urn:test:medkit' });
    const key = createPrivateKey(readFileSync(client.keyFile));
    const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'mailbox' });
    writeFileSync(place('encrypted.key'), encrypted);
    writeFileSync(place('passphrase'), 'letterbox\n');
    const plc = await startPlc({ security: { certificateFile: direct.certFile, privateKeyFile: direct.keyFile } });
    const list = revoke('link.crl', root, [direct]);
    const opened = openLink({
      endpointUrl: plc.endpointUrl,
      security: {
        policy: 'Aes256Sha256RsaPss',
        mode: 'SignAndEncrypt',
        certificatePath: client.certFile,
        keyPath: place('encrypted.key'),
        keyPassphrasePath: place('passphrase'),
        applicationUri: undefined,
        trustListPaths: [root.certFile, list],
        rejectsUntrusted: true,
        refusedPath: undefined,
      },
    });
    await opened.problem(
      /cannot decrypt .*encrypted\.key: the passphrase in .*passphrase \(client_key_passphrase_path\) is wrong/,
    );
    writeFileSync(place('passphrase'), 'mailbox\n');
    assert.match(await opened.problem(/BadCertificateRevoked/), /CN=direct.*the server needs another certificate/);
    writeFileSync(list, 'half of it');
    await opened.problem(/expected a revocation list in .*link\.crl/);
    revoke('link.crl', root, []);
    assert.equal((await opened.session()).server.isAuthenticated, true);
    await opened.link.stop();
    await plc.stop();
  });
});
