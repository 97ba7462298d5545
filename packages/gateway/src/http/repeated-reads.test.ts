import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, it } from 'node:test';
import type { FaultList, FaultProvider, Providers } from '@medkit/core';
import { app, fault, memoryFaults } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { SHARED_HEALTH_MS } from '../health/shared-health.ts';
import { listen } from '../listen.ts';
import { checkReplies } from '../testing/check-replies.ts';
import { testGateway } from '../testing/test-gateway.ts';

const closing: (() => Promise<unknown>)[] = [];
after(() => Promise.all(closing.map((close) => close())));

type Headers = Readonly<Record<string, string>>;

/** A gateway on loopback; `routed` counts the requests that went through the whole chain. */
async function serving(changes: Parameters<typeof testGateway>[0] = {}, providers: Omit<Providers, 'data'> = {}) {
  const counted = { routed: 0 };
  const onSend: typeof checkReplies = function (...reply) {
    counted.routed += 1;
    return checkReplies.apply(this, reply);
  };
  const gateway = await testGateway(changes, undefined, providers, { onSend });
  const port = await listen(gateway.app, { host: '127.0.0.1', port: 0, clock: systemClock });
  closing.push(() => gateway.app.close());
  const ask = (path: string, headers: Headers = {}, method = 'GET') =>
    new Promise<{ status: number | undefined; headers: object; text: string }>((resolve, reject) => {
      const outgoing = request({ port, host: '127.0.0.1', path: `/api/v1${path}`, method, headers }, async (reply) => {
        let text = '';
        for await (const chunk of reply.setEncoding('utf8')) text += chunk;
        const { date: _, ...stable } = reply.headers;
        resolve({ status: reply.statusCode, headers: stable, text });
      });
      outgoing.on('error', reject).end();
    });
  return { ...gateway, ask, counted };
}

it('an identical read gets the same reply without the whole chain', async () => {
  const { ask, counted } = await serving();
  for (const path of ['/apps', '/', '/version-info', '/apps/lidar_driver']) {
    const first = await ask(path);
    assert.equal(first.status, 200);
    const before = counted.routed;
    assert.deepEqual(await ask(path), first);
    assert.equal(counted.routed, before, path);
  }
});

it('a list is built again after a change of the tree', async () => {
  const { ask, runtime, clock } = await serving();
  for (let count = 0; count < 2; count++) await ask('/apps');
  runtime.tell({ apps: [app('gripper', { address: { runtime: 'memory', nativeId: '/gripper' } })] });
  clock.advance(1000);
  assert.match((await ask('/apps')).text, /gripper/);
});

it('health is collected again after a tenth of a second, and has the time of each request', async () => {
  const { ask, clock, counted } = await serving();
  const timeOf = async () => JSON.parse((await ask('/health')).text).timestamp as number;
  const first = await timeOf();
  clock.advance(SHARED_HEALTH_MS / 2);
  const before = counted.routed;
  assert.ok((await timeOf()) > first);
  assert.equal(counted.routed, before);
  clock.advance(SHARED_HEALTH_MS);
  await timeOf();
  assert.equal(counted.routed, before + 1);
});

it('another header, another method or a body passes the whole chain', async () => {
  const { ask } = await serving();
  const first = await ask('/apps');
  const etag = (first.headers as Headers)['etag'] ?? '';
  assert.equal((await ask('/apps', { 'If-None-Match': etag })).status, 304);
  assert.equal((await ask('/apps', { Host: 'evil.example' })).status, 421);
  assert.equal((await ask('/apps', { Origin: 'http://evil.example' })).status, 403);
  assert.equal((await ask('/apps', {}, 'POST')).status, 405);
  assert.equal((await ask('/apps?x=1')).status, 400);
  assert.deepEqual(await ask('/apps', { 'Content-Length': '0' }), first);
});

it('only the client that received the reply gets it again', async () => {
  const changes = { server: { token: 'a-token-of-some-length-1234567890' } };
  const { ask, counted } = await serving(changes);
  const authorization = `Bearer ${changes.server.token}`;
  const first = await ask('/apps', { authorization });
  assert.equal(first.status, 200);
  assert.deepEqual(await ask('/apps', { authorization }), first);
  assert.equal(counted.routed, 1);
  assert.equal((await ask('/apps', { authorization: 'Bearer wrong' })).status, 401);
  assert.equal((await ask('/apps')).status, 401);
});

it('every request counts towards the rate limit', async () => {
  const limits = { enabled: true, client_requests_per_minute: 3 };
  const { ask } = await serving({ rate_limiting: limits });
  const statuses: (number | undefined)[] = [];
  for (let count = 0; count < 5; count++) statuses.push((await ask('/apps')).status);
  assert.equal(statuses.at(-1), 429);
});

it('many different requests do not exceed the bounds of the cache', async () => {
  const { ask, counted } = await serving();
  for (let other = 0; other < 300; other++) await ask('/version-info', { 'X-Other': String(other) });
  const before = counted.routed;
  await ask('/version-info', { 'X-Other': '0' });
  assert.equal(counted.routed, before + 1, 'the first of them is no longer kept');
  await ask('/version-info', { 'X-Other': 'x'.repeat(3000) });
  await ask('/version-info', { 'X-Other': 'x'.repeat(3000) });
  assert.equal(counted.routed, before + 3, 'long headers are not kept');
});

it('a list of faults is sent again until it changes, expires or fails', async () => {
  const of = (code: string) => ({ faults: [{ fault: fault(code, { sources: ['/lidar_driver'] }), thresholds: [] }] });
  const empty = { muted: [], clusters: [] };
  const jam: FaultList = { ...of('JAM'), ...empty };
  const state: { list: () => FaultList | Promise<FaultList> } = { list: () => jam };
  const faults = { ...memoryFaults(), list: () => state.list() } as FaultProvider;
  const { ask, counted } = await serving({}, { faults });
  const first = await ask('/faults');
  assert.match(first.text, /JAM/);
  const before = counted.routed;
  assert.deepEqual(await ask('/faults'), first);
  assert.equal(counted.routed, before);

  const smoke: FaultList = { ...of('SMOKE'), ...empty };
  state.list = () => smoke;
  assert.match((await ask('/faults')).text, /SMOKE/);
  state.list = async () => ({ ...of('HEAT'), ...empty });
  assert.match((await ask('/faults')).text, /HEAT/);
  state.list = () => smoke;
  for (let count = 0; count < 2; count++) await ask('/faults');
  state.list = () => Promise.reject(new Error('the manager has left'));
  assert.ok(((await ask('/faults')).status ?? 0) >= 500);
});
