import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RunningPlc, startPlc } from '../../packages/programs/plc/src/index.ts';
import { PlcUnreachable } from '../../packages/wire/opcua/src/plc-error.ts';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';
import { OPEN, openLink } from './opened-link.ts';
import { makeRsaCertificate } from './rsa-certificate.ts';
import { openProxy } from './tcp-proxy.ts';

const LEVEL = 'ns=2;s=Tank.Level';

describe('A link to a server of OPC UA', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'medkit-opcua-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Starts a server at the endpoint of a previous one. */
  const restart = (plc: RunningPlc, options: Parameters<typeof startPlc>[0] = {}) =>
    startPlc({ port: Number(new URL(plc.endpointUrl).port), ...options });

  test('begins another session when a killed server returns, and reports values again', async () => {
    const plc = await startPlc({ port: await freePort() });
    const opened = openLink({ endpointUrl: plc.endpointUrl });
    const first = await opened.session();
    await plc.kill();
    const problem = await opened.problem(/./);
    assert.match(problem, /ECONNRE(SET|FUSED)|closed the connection/);
    assert.throws(() => opened.link.session, PlcUnreachable);
    await assert.rejects(first.read([LEVEL]), PlcUnreachable);
    await assert.rejects(first.write(LEVEL, 1), PlcUnreachable);
    const again = await restart(plc);
    const second = await opened.session();
    assert.notEqual(second, first);
    assert.ok(opened.losses >= 1);
    assert.equal(opened.lastLoss?.connected, false);
    assert.deepEqual([opened.link.state.failedAttempts, opened.link.state.problem], [0, undefined]);
    let received = 0;
    await second.watch([LEVEL], 100, (values) => {
      received += values.length;
    });
    await eventually('a value of the second session', async () => received > 0);
    await opened.link.stop();
    await again.stop();
  });

  test('begins another session when its server was shut down cleanly', async () => {
    const plc = await startPlc({ port: await freePort() });
    const opened = openLink({ endpointUrl: plc.endpointUrl });
    await opened.session();
    await plc.stop();
    await opened.problem(/./);
    const again = await restart(plc);
    await opened.session();
    await opened.link.stop();
    await again.stop();
  });

  test('resumes with a server that returns with the same certificate, and not with another one', async () => {
    const client = makeRsaCertificate({ folder, name: 'client', uri: 'urn:test:medkit' });
    const trusted = join(folder, 'trusted');
    const refusedPath = join(folder, 'refused');
    mkdirSync(trusted);
    const approve = () => {
      for (const name of readdirSync(refusedPath)) renameSync(join(refusedPath, name), join(trusted, name));
    };
    const plc = await startPlc({ folder: join(folder, 'plc') });
    const opened = openLink({
      endpointUrl: plc.endpointUrl,
      security: {
        ...OPEN,
        policy: 'Aes256Sha256RsaPss',
        mode: 'SignAndEncrypt',
        certificatePath: client.certFile,
        keyPath: client.keyFile,
        trustListPaths: [trusted],
        refusedPath,
      },
    });
    await opened.problem(/is not in the trust list/);
    approve();
    await opened.session();
    await plc.kill();
    await opened.problem(/./);
    const same = await restart(plc, { folder: join(folder, 'plc') });
    await opened.session();
    await same.kill();
    await opened.problem(/./);
    const other = await restart(plc, { folder: join(folder, 'other') });
    await opened.problem(/is not in the trust list/);
    approve();
    await opened.session();
    await opened.link.stop();
    await other.stop();
  });

  test('[edge] a server that becomes unresponsive without closing the connection is noticed within 10 seconds', async () => {
    const plc = await startPlc({ port: await freePort() });
    const proxy = await openProxy(plc.endpointUrl);
    const opened = openLink({ endpointUrl: proxy.endpointUrl });
    const session = await opened.session();
    await session.watch([LEVEL], 100, () => undefined);
    proxy.mute();
    const mutedMs = performance.now();
    const reading = session.read([LEVEL]);
    await assert.rejects(reading, PlcUnreachable);
    assert.match(await opened.problem(/./), /has not answered for|did not answer/);
    const noticedMs = performance.now() - mutedMs;
    // A bound of the product, plus an allowance for a busy machine.
    assert.ok(noticedMs < 15_000, `noticed after ${noticedMs} ms`);
    proxy.unmute();
    await opened.session();
    await opened.link.stop();
    await proxy.close();
    await plc.stop();
  });

  test('stops without waiting for a server that no longer answers', { timeout: 30_000 }, async () => {
    const plc = await startPlc({ port: await freePort() });
    const proxy = await openProxy(plc.endpointUrl);
    const opened = openLink({ endpointUrl: proxy.endpointUrl });
    await opened.session();
    proxy.mute();
    await opened.link.stop();
    assert.equal(opened.link.state.problem, 'stopped');
    await proxy.close();
    await plc.stop();
  });

  test('leaves no connection of a failed attempt open, and stops during an attempt', async () => {
    const plc = await startPlc({ port: await freePort() });
    const proxy = await openProxy(plc.endpointUrl);
    proxy.mute();
    const opened = openLink({ endpointUrl: proxy.endpointUrl });
    await eventually('a connection that says nothing', async () => proxy.connections > 0);
    await opened.link.stop();
    proxy.unmute();
    proxy.cut();
    for (let round = 0; round < 5; round++) {
      const other = openLink({ endpointUrl: proxy.endpointUrl });
      await other.session();
      await other.link.stop();
    }
    await eventually('no connection that is left', async () => proxy.connections === 0);
    assert.equal(opened.sessions, 0);
    await proxy.close();
    await plc.stop();
  });

  test('opens another session after each cut of the connection', async () => {
    const plc = await startPlc({ port: await freePort() });
    const proxy = await openProxy(plc.endpointUrl);
    const opened = openLink({ endpointUrl: proxy.endpointUrl });
    for (let round = 1; round <= 4; round++) {
      const session = await opened.session();
      await session.watch([LEVEL], 100, () => undefined);
      assert.equal(opened.sessions, round);
      proxy.cut();
      await eventually('the loss', async () => opened.losses >= round && !opened.link.state.connected);
    }
    await opened.link.stop();
    await proxy.close();
    await plc.stop();
  });

  test('suggests a remedy for an invalid endpoint', async () => {
    const opened = openLink({ endpointUrl: 'http://127.0.0.1:4840' });
    await opened.problem(/expected an endpoint URL such as opc\.tcp/);
    await opened.link.stop();
  });
});
