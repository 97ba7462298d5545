import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testGateway } from '../testing/test-gateway.ts';

const PROXY = '10.0.0.2';
const CLIENT = '203.0.113.9';
const FORWARDED = {
  'x-forwarded-for': CLIENT,
  'x-forwarded-host': 'fleet.example',
  'x-forwarded-proto': 'https',
};
const server = { allowed_hosts: ['fleet.example'] };
const direct = await testGateway({ server });
const behind = await testGateway({ server: { ...server, trusted_proxies: [PROXY, '10.0.8.0/24'] } });

type Gateway = typeof direct;

async function parseChainLink({ app }: Gateway, remoteAddress: string, headers: object = FORWARDED): Promise<string> {
  const reply = await app.inject({
    url: '/api/v1/docs',
    remoteAddress,
    headers: { host: 'localhost:8080', ...headers },
  });
  return reply.statusCode === 200 ? reply.json().servers[0].url : `${reply.statusCode}`;
}

/** Returns the client address in the audit record of a request. */
async function addressOf({ app }: Gateway, remoteAddress: string, headers: object = FORWARDED): Promise<string> {
  const host = { host: 'localhost:8080' };
  await app.inject({
    method: 'DELETE',
    url: '/api/v1/apps/lidar_driver/faults',
    remoteAddress,
    headers: { ...host, ...headers },
  });
  const reply = await app.inject({ url: '/api/v1/x-medkit-audit?kind=request&limit=1', headers: host });
  return reply.json().items[0].request.remote_address;
}

describe('the headers of a proxy', () => {
  test('give the address of the client and the public address if the proxy is configured', async () => {
    for (const proxy of [PROXY, '10.0.8.77', `::ffff:${PROXY}`]) {
      assert.equal(await parseChainLink(behind, proxy), 'https://fleet.example/api/v1');
      assert.equal(await addressOf(behind, proxy), CLIENT);
    }
  });

  test('give the path of the proxy to documentation links and Location', async () => {
    const prefixed = { ...FORWARDED, 'x-forwarded-prefix': '/robot-7' };
    assert.equal(await parseChainLink(behind, PROXY, prefixed), 'https://fleet.example/robot-7/api/v1');
    assert.equal(await parseChainLink(behind, CLIENT, prefixed), 'http://localhost:8080/api/v1');
    const lock = (remoteAddress: string, id: string) =>
      behind.app.inject({
        method: 'POST',
        url: `/api/v1/apps/${id}/locks`,
        remoteAddress,
        headers: { host: 'localhost:8080', 'x-client-id': 'a', ...prefixed },
        payload: { lock_expiration: 60 },
      });
    assert.match(String((await lock(PROXY, 'lidar_driver')).headers.location), /^\/robot-7\/api\/v1\/apps/);
    for (const prefix of ['//evil.example', '/a/../b', '/a, /b', 'robot-7', '/a"b'])
      assert.equal(await parseChainLink(behind, PROXY, { ...FORWARDED, 'x-forwarded-prefix': prefix }), '400', prefix);
  });

  test('are ignored from other clients, and without a configured proxy', async () => {
    for (const [gateway, sender] of [
      [behind, CLIENT],
      [behind, '10.0.9.1'],
      [behind, '127.0.0.1'],
      [direct, PROXY],
      [direct, '127.0.0.1'],
    ] as const) {
      assert.equal(await parseChainLink(gateway, sender), 'http://localhost:8080/api/v1');
      assert.equal(await addressOf(gateway, sender), sender);
    }
  });

  test('are read from their end: values that a client prepends are ignored', async () => {
    const spoofed = {
      ...FORWARDED,
      'x-forwarded-for': `127.0.0.1, ${CLIENT}`,
      'x-forwarded-proto': 'javascript, https',
    };
    assert.equal(await addressOf(behind, PROXY, spoofed), CLIENT);
    assert.equal(await parseChainLink(behind, PROXY, spoofed), 'https://fleet.example/api/v1');
    const chain = { ...FORWARDED, 'x-forwarded-for': `127.0.0.1, ${CLIENT}, 10.0.8.3` };
    assert.equal(await addressOf(behind, PROXY, chain), CLIENT);
    assert.equal(
      await parseChainLink(behind, PROXY, { ...FORWARDED, 'x-forwarded-proto': 'file' }),
      'http://fleet.example/api/v1',
    );
  });

  test('cannot name a foreign host', async () => {
    assert.equal(await parseChainLink(behind, PROXY, { ...FORWARDED, 'x-forwarded-host': 'evil.example' }), '421');
    assert.equal(
      await parseChainLink(behind, PROXY, { ...FORWARDED, 'x-forwarded-host': 'fleet.example, evil.example' }),
      '421',
    );
  });

  test('make the public address an allowed origin, and no other address', async () => {
    const url = '/api/v1/apps';
    const ask = async (origin: string) =>
      (await behind.app.inject({ url, remoteAddress: PROXY, headers: { host: 'localhost', ...FORWARDED, origin } }))
        .statusCode;
    assert.equal(await ask('https://fleet.example'), 200);
    assert.equal(await ask('https://evil.example'), 403);
    assert.equal(await ask('http://localhost'), 403);
  });
});
