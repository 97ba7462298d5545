import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles, SimulatedHttp, SimulatedNames } from '@medkit/edges/testing';
import { loadConfig } from '../config/index.ts';
import { testGateway } from '../testing/test-gateway.ts';

const PUBLIC = 'https://fleet.example/robot-7';
const lockOf = ({ app }: Awaited<ReturnType<typeof testGateway>>, host = 'localhost') =>
  app.inject({
    method: 'POST',
    url: '/api/v1/apps/lidar_driver/locks',
    headers: { host, 'x-client-id': 'alice' },
    payload: { lock_expiration: 60 },
  });

describe('the address under which others reach a gateway', () => {
  it('is the prefix of created resources, and named in the documentation', async () => {
    const gateway = await testGateway({ server: { public_url: `${PUBLIC}/` } });
    const made = await lockOf(gateway);
    assert.equal(made.headers.location, `${PUBLIC}/api/v1/apps/lidar_driver/locks/${made.json().id}`);
    for (const url of ['/api/v1/docs', '/api/v1/apps/docs']) {
      const { servers } = (await gateway.app.inject({ url, headers: { host: 'localhost' } })).json();
      assert.deepEqual(servers[0].url, `${PUBLIC}/api/v1`);
    }
  });

  it('is part of the overview, so that a client can make links that work elsewhere', async () => {
    for (const [public_url, expected] of [
      [`${PUBLIC}/`, PUBLIC],
      ['', undefined],
    ]) {
      const { app } = await testGateway({ server: { public_url } });
      for (const url of ['/api/v1/', '/']) {
        assert.equal((await app.inject({ url, headers: { host: 'localhost' } })).json().public_url, expected);
      }
    }
  });

  it('is an accepted host name of the gateway', async () => {
    const [named, other] = [await testGateway({ server: { public_url: PUBLIC } }), await testGateway()];
    assert.deepEqual(
      [(await lockOf(named, 'fleet.example')).statusCode, (await lockOf(other, 'fleet.example')).statusCode],
      [201, 421],
    );
  });

  it('is an allowed origin, and its path may be passed on or removed by a proxy', async () => {
    const { app } = await testGateway({ server: { public_url: PUBLIC } });
    const lock = (url: string, origin: string) =>
      app.inject({
        method: 'POST',
        url,
        headers: { host: 'localhost:8080', 'x-client-id': 'a', origin },
        payload: { lock_expiration: 60, break_lock: true },
      });
    const url = '/api/v1/apps/lidar_driver/locks';
    assert.equal((await lock(url, 'https://fleet.example')).statusCode, 201);
    assert.equal((await lock(`${new URL(PUBLIC).pathname}${url}`, 'https://fleet.example')).statusCode, 201);
    for (const origin of ['http://fleet.example', 'https://evil.example', 'https://fleet.example:8443'])
      assert.equal((await lock(url, origin)).statusCode, 403, origin);
  });

  it('is the prefix of the source of webhooks, unless webhooks.source is set', async () => {
    for (const [source, expected] of [
      ['', PUBLIC],
      ['https://amr-01.example', 'https://amr-01.example'],
    ]) {
      const http = new SimulatedHttp();
      const names = new SimulatedNames({ 'receiver.example': ['8.8.8.8'] });
      const settings = { server: { public_url: PUBLIC }, webhooks: { source } };
      const { app } = await testGateway(settings, undefined, {}, { http, names });
      const url = '/x-medkit-webhooks/test';
      await app.inject({
        method: 'POST',
        url: `/api/v1${url}`,
        headers: { host: 'localhost' },
        payload: { url: 'https://receiver.example/' },
      });
      const [sent] = http.requests;
      assert.equal(JSON.parse(String(sent?.body)).source, `${expected}/api/v1${url}`);
    }
  });

  it('is not used if it is not configured: addresses are paths', async () => {
    const made = await lockOf(await testGateway());
    assert.equal(made.headers.location, `/api/v1/apps/lidar_driver/locks/${made.json().id}`);
  });

  it('must be valid, or the gateway does not start', async () => {
    const load = (url: string) => {
      const folders = { home: '/', working: '/', environment: {} };
      return loadConfig({ files: new MemoryFiles(), folders, flags: { set: [`server.public_url=${url}`] } });
    };
    for (const url of ['', 'http://10.0.0.7:8080', 'https://[fd00::7]/', `${PUBLIC}/`])
      assert.equal((await load(url)).config.server.public_url, url);
    for (const url of [
      'fleet.example',
      'ftp://fleet.example',
      'https://me:secret@fleet.example',
      `${PUBLIC}?a=b`,
      `${PUBLIC}#a`,
      `${PUBLIC}/api/v1`,
      'https://fleet.example/a b',
    ])
      await assert.rejects(load(url), /server\.public_url: .* is not an address/, url);
  });
});
