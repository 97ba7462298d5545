import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { type RunningPlc, startPlc } from '../../packages/programs/plc/src/index.ts';
import type { PlcLinkOptions } from '../../packages/wire/opcua/src/session/session-options.ts';
import { OPEN, openLink } from './opened-link.ts';
import { makeRsaCertificate, type RsaCertificate } from './rsa-certificate.ts';

type Security = PlcLinkOptions['security'];

const DAY_MS = 86_400_000;

describe('A channel to a server of OPC UA', () => {
  let folder: string;
  let plc: RunningPlc;
  let client: RsaCertificate;
  let user: RsaCertificate;
  let server: RsaCertificate;
  let secured: Security;
  const passwordFile = () => join(folder, 'password');

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'medkit-opcua-'));
    client = makeRsaCertificate({ folder, name: 'client', uri: 'urn:test:medkit' });
    user = makeRsaCertificate({ folder, name: 'user', uri: 'urn:test:user' });
    server = makeRsaCertificate({ folder, name: 'server', uri: 'urn:medkit:plc', days: 10 });
    writeFileSync(passwordFile(), 'secret\n');
    mkdirSync(join(folder, 'trusted'));
    writeFileSync(join(folder, 'trusted', 'server.pem'), readFileSync(server.certFile));
    secured = {
      policy: 'Basic256Sha256',
      mode: 'SignAndEncrypt',
      certificatePath: client.certFile,
      keyPath: client.keyFile,
      keyPassphrasePath: undefined,
      applicationUri: undefined,
      trustListPaths: [join(folder, 'trusted')],
      rejectsUntrusted: true,
      refusedPath: join(folder, 'refused'),
    };
    plc = await startPlc({
      security: {
        certificateFile: server.certFile,
        privateKeyFile: server.keyFile,
        trusted: [client.certFile],
        trustedUsers: [user.certFile],
        allowAnonymous: true,
        users: { operator: 'secret' },
      },
    });
  });
  after(async () => {
    await plc.stop();
    rmSync(folder, { recursive: true });
  });

  /** Connects, reads a value and disconnects. Returns whether the server was authenticated. */
  const reads = async (options: Partial<PlcLinkOptions>): Promise<boolean> => {
    const opened = openLink({ endpointUrl: plc.endpointUrl, ...options });
    try {
      const session = await opened.session();
      const [level] = await session.read(['ns=2;s=Tank.Level']);
      assert.equal(level?.quality, 'good');
      return session.server.isAuthenticated;
    } finally {
      await opened.link.stop();
    }
  };
  /** Returns why the connection failed. */
  const refusal = async (options: Partial<PlcLinkOptions>, pattern: RegExp): Promise<string> => {
    const opened = openLink({ endpointUrl: plc.endpointUrl, ...options });
    try {
      return await opened.problem(pattern);
    } finally {
      assert.equal(opened.sessions, 0);
      await opened.link.stop();
    }
  };

  for (const policy of ['Basic256Sha256', 'Aes128Sha256RsaOaep', 'Aes256Sha256RsaPss'] as const) {
    for (const mode of ['Sign', 'SignAndEncrypt'] as const) {
      test(`is secured by ${policy} with ${mode}`, async () => {
        assert.equal(await reads({ security: { ...secured, policy, mode } }), true);
      });
    }
  }

  test('is not secured if the configuration says so', async () => {
    assert.equal(await reads({ security: OPEN }), false);
  });

  for (const policy of ['Basic256Sha256', 'Aes128Sha256RsaOaep', 'Aes256Sha256RsaPss'] as const) {
    test(`logs in by password and by certificate over ${policy}`, async () => {
      const security = { ...secured, policy };
      const password = {
        mode: 'UsernamePassword',
        username: 'operator',
        passwordFile: passwordFile(),
        allowsCleartext: false,
      } as const;
      await reads({ security, user: password });
      await reads({ security, user: { mode: 'X509', certificatePath: user.certFile, keyPath: user.keyFile } });
    });
  }

  test('is refused for a wrong password, and opens once its file has the right one', async () => {
    writeFileSync(passwordFile(), 'wrong');
    const opened = openLink({
      endpointUrl: plc.endpointUrl,
      security: secured,
      user: { mode: 'UsernamePassword', username: 'operator', passwordFile: passwordFile(), allowsCleartext: false },
    });
    assert.match(await opened.problem(/BadUserAccessDenied|BadIdentityTokenRejected/), /refused/);
    writeFileSync(passwordFile(), 'secret\n');
    await opened.session();
    await opened.link.stop();
  });

  test('sends a password over an unsecured channel only encrypted for a trusted server', async () => {
    const user = {
      mode: 'UsernamePassword',
      username: 'operator',
      password: 'secret',
      allowsCleartext: false,
    } as const;
    await reads({ security: { ...OPEN, trustListPaths: secured.trustListPaths }, user });
    await refusal({ security: OPEN, user }, /is not in the trust list/);
  });

  test('is never less secure than configured, and reports the modes that the server offers', async () => {
    const plain = await startPlc({ security: { policies: ['None'], modes: ['None'] } });
    const opened = openLink({ endpointUrl: plain.endpointUrl, security: secured });
    const problem = await opened.problem(/does not offer/);
    assert.match(problem, /security_policy Basic256Sha256 with security_mode SignAndEncrypt; it offers None with None/);
    await opened.link.stop();
    await plain.stop();
  });

  test('is refused before a server is contacted if the configuration contradicts itself', async () => {
    const security = { ...secured, certificatePath: undefined };
    const opened = openLink({ endpointUrl: 'opc.tcp://127.0.0.1:1', security });
    assert.match(await opened.problem(/client_cert_path/), /needs a client certificate/);
    await opened.link.stop();
  });

  test('[edge] an unknown certificate is refused, stored for approval, and accepted once it is moved to the trust list', async () => {
    const trusted = join(folder, 'trusted-later');
    const refusedPath = join(folder, 'refused-first');
    mkdirSync(trusted);
    const opened = openLink({
      endpointUrl: plc.endpointUrl,
      security: { ...secured, trustListPaths: [trusted], refusedPath },
    });
    const problem = await opened.problem(/is not in the trust list/);
    const [der = '', text = ''] = readdirSync(refusedPath).toSorted();
    assert.ok(
      problem.includes(join(refusedPath, der)) && problem.includes(trusted) && problem.includes('CN=server'),
      problem,
    );
    assert.match(der, /^[0-9a-f]{40}\.der$/);
    assert.match(readFileSync(join(refusedPath, text), 'utf8'), /move it into/);
    renameSync(join(refusedPath, der), join(trusted, der));
    const session = await opened.session();
    assert.equal(session.server.isAuthenticated, true);
    await opened.link.stop();
  });

  test('[edge] a server whose certificate is not checked is not authenticated', async () => {
    assert.equal(await reads({ security: { ...secured, trustListPaths: [], rejectsUntrusted: false } }), false);
  });

  test('[edge] expired certificates and certificates that are not valid yet are refused though they are trusted', async () => {
    const at = (shiftMs: number) => ({ ...clockOf(shiftMs) });
    assert.match(
      await refusal({ security: secured, clock: at(15 * DAY_MS) }, /expired on/),
      /CN=server.*the server needs another certificate/,
    );
    const early = { ...secured };
    assert.match(await refusal({ security: early, clock: at(-2 * DAY_MS) }, /not valid before/), /thumbprint/);
  });

  test('is refused if the certificate of this client has expired', async () => {
    assert.match(
      await refusal({ security: secured, clock: clockOf(40 * DAY_MS) }, /expired/),
      /the client certificate/,
    );
  });

  test('accepts a server certified by an authority, at the host of its certificate', async () => {
    const ca = makeRsaCertificate({ folder, name: 'authority' });
    const vouched = makeRsaCertificate({ folder, name: 'vouched', uri: 'urn:medkit:plc', ca });
    const otherHost = makeRsaCertificate({
      folder,
      name: 'elsewhere',
      uri: 'urn:medkit:plc',
      ca,
      host: 'DNS:other.example',
    });
    const security = { ...secured, trustListPaths: [ca.certFile] };
    for (const [certificate, problem] of [
      [vouched, undefined],
      [otherHost, /, not for 127\.0\.0\.1/],
    ] as const) {
      const target = await startPlc({
        security: { certificateFile: certificate.certFile, privateKeyFile: certificate.keyFile },
      });
      const opened = openLink({ endpointUrl: target.endpointUrl, security });
      if (problem) await opened.problem(problem);
      else assert.equal((await opened.session()).server.isAuthenticated, true);
      await opened.link.stop();
      await target.stop();
    }
  });

  test('is refused for a certificate of another application, or one not meant for servers', async () => {
    const other = makeRsaCertificate({ folder, name: 'other', uri: 'urn:somebody:else' });
    const useless = makeRsaCertificate({
      folder,
      name: 'useless',
      uri: 'urn:medkit:plc',
      use: 'critical,digitalSignature',
    });
    for (const [certificate, problem] of [
      [other, /is for the application urn:somebody:else/],
      [useless, /is not a server certificate: it lacks keyEncipherment/],
    ] as const) {
      const target = await startPlc({
        security: { certificateFile: certificate.certFile, privateKeyFile: certificate.keyFile },
      });
      const opened = openLink({
        endpointUrl: target.endpointUrl,
        security: { ...secured, trustListPaths: [certificate.certFile] },
      });
      await opened.problem(problem);
      await opened.link.stop();
      await target.stop();
    }
  });

  for (const hours of [-30, 30]) {
    test(`[edge] a server whose clock is ${hours} hours wrong is connected to, and its skew is reported`, async () => {
      const skewed = await startPlc({ clockSkewMs: hours * 3_600_000 });
      for (const security of [OPEN, { ...secured, rejectsUntrusted: false }]) {
        const opened = openLink({ endpointUrl: skewed.endpointUrl, security });
        const session = await opened.session();
        assert.equal(Math.round((session.server.clockSkewMs ?? 0) / 3_600_000), hours);
        assert.equal((await session.read(['ns=2;s=Tank.Level']))[0]?.quality, 'good');
        await opened.link.stop();
      }
      await skewed.stop();
    });
  }
});

/** The machine's clock with a shifted wall time. */
const clockOf = (shiftMs: number) => ({
  wallNs: () => systemClock.wallNs() + BigInt(shiftMs) * 1_000_000n,
  wallMs: () => systemClock.wallMs() + shiftMs,
  monotonicMs: () => systemClock.monotonicMs(),
  after: (delayMs: number, callback: () => void) => systemClock.after(delayMs, callback),
  every: (periodMs: number, callback: () => void) => systemClock.every(periodMs, callback),
});
