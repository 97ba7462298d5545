import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { packArtifact } from '@medkit/updates/artifact';
import type { GatewayConfig } from '../config/index.ts';
import { testConfig, testGateway } from '../testing/test-gateway.ts';

describe('the built-in provider of updates', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-gateway-updates-')));
  const keys = generateKeyPairSync('ed25519');
  const incoming = join(folder, 'incoming');
  before(async () => {
    writeFileSync(join(folder, 'key.pem'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
    for (const id of ['map-1', 'map-2']) {
      mkdirSync(join(incoming, id), { recursive: true });
      writeFileSync(join(incoming, id, 'map.txt'), id);
      const of = { folder: join(incoming, id), id, version: '1.0', target: 'robot', key: keys.privateKey };
      await packArtifact({ ...of, files: { ...systemFiles, ...systemWritableFiles } });
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A gateway that installs updates from the folder. */
  async function open(change: Partial<GatewayConfig['updates']> = {}, server: Partial<GatewayConfig['server']> = {}) {
    const { updates } = await testConfig();
    const settings = { dir: incoming, install_dir: join(folder, 'installed'), trusted_keys: [join(folder, 'key.pem')] };
    const gateway = await testGateway({ updates: { ...updates, ...settings, ...change }, server });
    const ask = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, payload?: object) => {
      const url = `/api/v1${path}`;
      const reply = await gateway.app.inject({
        method,
        url,
        headers: { host: 'localhost' },
        ...(payload && { payload }),
      });
      return {
        status: reply.statusCode,
        body: reply.payload === '' ? undefined : reply.json(),
        headers: reply.headers,
      };
    };
    const until = async (id: string, statuses: readonly string[]) => {
      for (;;) {
        const { body } = await ask('GET', `/updates/${id}/status`);
        if (statuses.includes(body.status)) return body;
        await setTimeout(2);
        await gateway.clock.advance(1000);
      }
    };
    return { ...gateway, ask, until };
  }

  const inUse = () => readFileSync(join(folder, 'installed', 'current', 'map.txt'), 'utf8');

  it('installs a signed artifact, and rolls back one during which a fault is confirmed', async () => {
    const { ask, until, model, app, clock } = await open();
    assert.equal((await ask('GET', '/')).body.capabilities.updates, true);
    assert.equal((await ask('POST', '/updates', { id: 'map-1', automated: true })).status, 201);
    const begun = await ask('PUT', '/updates/map-1/automated');
    assert.deepEqual([begun.status, begun.headers['location']], [202, '/api/v1/updates/map-1/status']);
    assert.equal((await until('map-1', ['completed', 'failed'])).status, 'completed');
    while ((await ask('GET', '/updates/map-1/status')).body['x-medkit'].phase !== 'executed') {
      await setTimeout(2);
      await clock.advance(1000);
    }
    assert.equal(inUse(), 'map-1');

    await ask('POST', '/updates', { id: 'map-2', updated_components: ['arm'] });
    await ask('PUT', '/updates/map-2/prepare');
    await until('map-2', ['completed']);
    await ask('PUT', '/updates/map-2/execute');
    while ((await ask('GET', '/updates/map-2/status')).body.sub_progress?.[0]?.progress !== 100) await setTimeout(2);
    assert.equal(inUse(), 'map-2');
    const { fault, faultEvent } = await import('@medkit/core/testing');
    const event = faultEvent(1, { fault: fault('MAP_TORN', { sources: ['/unknown'] }) });
    model.events.emit('fault.event', { runtime: 'memory', event });
    const status = await until('map-2', ['failed', 'completed']);
    assert.equal(status.error, 'map-2 was rolled back: fault MAP_TORN was confirmed');
    assert.equal(typeof status.error, 'string');
    assert.deepEqual(status['x-medkit'].error.parameters, {
      reason: 'fault',
      fault_codes: ['MAP_TORN'],
      in_use: 'releases/map-1',
    });
    assert.equal(inUse(), 'map-1');
    const health = (await ask('GET', '/health')).body;
    assert.deepEqual(health['x-medkit-updates'], {
      target: 'robot',
      trusted_keys: 1,
      unsigned_allowed: false,
      epoch: 0,
      registered: 2,
      gate_sec: 30,
      last: { id: 'map-2', stage: 'rolled-back' },
      in_use: 'map-1',
    });
    assert.equal((await ask('DELETE', '/updates/map-1')).status, 409);
    assert.equal((await ask('DELETE', '/updates/map-2')).status, 204);
    await app.close();
    await model.close();
  });

  it('warns in health if no key is trusted, and logs each key that is left out', async () => {
    const { ask, log, app } = await open({ trusted_keys: [join(folder, 'none.pem'), `${'A'.repeat(43)}=`] });
    const codes = async () => (await ask('GET', '/health')).body.warnings.map(({ code }: { code: string }) => code);
    assert.equal(log.filter((line) => line.includes('none.pem is ignored: the file does not exist')).length, 1);
    assert.equal((await codes()).includes('updates_untrusted'), false);
    await app.close();
    const other = await open({ trusted_keys: [join(folder, 'none.pem')] });
    assert.ok(
      (await other.ask('GET', '/health')).body.warnings.some(
        ({ code }: { code: string }) => code === 'updates_untrusted',
      ),
    );
    await other.app.close();
  });

  it('logs why a key cannot be read', async () => {
    const empty = join(folder, 'empty.pem');
    writeFileSync(empty, '');
    const { log, app } = await open({ trusted_keys: [folder, empty] });
    assert.ok(
      log.some((line) => line.endsWith('is ignored: it is a folder, not a key file')),
      log.join(),
    );
    assert.ok(
      log.some((line) => line.endsWith('empty.pem is ignored: it is empty')),
      log.join(),
    );
    await app.close();
  });

  it('does not log a private key that was configured instead of a public one', async () => {
    const secret = String(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { log, app } = await open({ trusted_keys: [secret] });
    assert.match(log.join(), /updates\.trusted_keys: key 1 is ignored: it is a private key/);
    assert.equal(log.join().includes('PRIVATE KEY-----'), false);
    await app.close();
  });

  it('passes no secrets of the gateway to the program that starts an update', async () => {
    const environmentFile = join(folder, 'environment');
    process.env['MEDKIT_SECRET_OF_THIS_TEST'] = 'x';
    const { ask, until, app } = await open({
      install_dir: join(folder, 'environment-installed'),
      activate: ['/bin/sh', '-c', `env > '${environmentFile}'`],
      gate_sec: 0,
    });
    await ask('POST', '/updates', { id: 'map-1' });
    await ask('PUT', '/updates/map-1/prepare');
    await until('map-1', ['completed']);
    await ask('PUT', '/updates/map-1/execute');
    assert.equal((await until('map-1', ['completed', 'failed'])).status, 'completed');
    const names = readFileSync(environmentFile, 'utf8')
      .split('\n')
      .map((line) => line.split('=')[0]);
    assert.deepEqual(
      ['PATH', 'HOME', 'LANG', 'MEDKIT_SECRET_OF_THIS_TEST'].map((name) => names.includes(name)),
      [true, true, true, false],
    );
    delete process.env['MEDKIT_SECRET_OF_THIS_TEST'];
    await app.close();
  });

  it('ignores updates.allow_unsigned if other machines reach the gateway without a token', async () => {
    const { log, app } = await open({ allow_unsigned: true }, { host: '0.0.0.0', insecure: true });
    assert.match(log.join(), /updates.allow_unsigned is ignored/);
    await app.close();
  });
});
