import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALL_ROUTES, API_BASE, lockCollection, type Route } from '@medkit/contract';
import type { FaultSymptom } from '@medkit/core';
import { app, fault, memoryConfigurations, memoryFaults } from '@medkit/core/testing';
import { module, pluginGateway, route } from '../testing/plugin-gateway.ts';
import { testGateway } from '../testing/test-gateway.ts';

const IDS = { area_id: 'warehouse', component_id: 'amr_01', app_id: 'lidar_driver', function_id: 'navigation' };
const CLOSED = ALL_ROUTES.filter((known) => lockCollection(known) !== undefined);
const UPLOAD =
  '--b\r\ncontent-disposition: form-data; name="file"; filename="hall.pgm"\r\ncontent-type: text/plain\r\n\r\n0\r\n--b--\r\n';

const RATE = { rate: { type: 'double', value: 1 } } as const;

/** A gateway on which Alice has locked the warehouse and its function, and with them all that these tests change. */
async function lockedGateway(scopes?: readonly string[]) {
  const { app: server, ...rest } = await testGateway({ bulk_data: { categories: ['maps'] } }, undefined, {
    configurations: memoryConfigurations({ '/lidar_driver': RATE, '/battery_monitor': RATE }),
  });
  const send = (method: string, path: string, client: string, payload?: object | string, type = 'application/json') =>
    server.inject({
      method: method.toUpperCase() as 'PUT',
      url: API_BASE + path,
      headers: { host: 'localhost', 'x-client-id': client, ...(payload && { 'content-type': type }) },
      ...(payload && { payload }),
    });
  const ask = ({ method, path, body }: Route, client: string) => {
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof IDS) => IDS[name] ?? 'maps');
    if (body?.media) return send(method, url, client, UPLOAD, 'multipart/form-data; boundary=b');
    const [payload] = Object.values(body?.examples ?? {});
    return send(method, url, client, payload as object | undefined);
  };
  const lock = (entity: string, client: string, more: object = {}) =>
    send('post', `/${entity}/locks`, client, { lock_expiration: 60, ...more });
  for (const entity of ['areas/warehouse', 'functions/navigation']) {
    assert.equal((await lock(entity, 'alice', scopes && { scopes })).statusCode, 201);
  }
  return { ...rest, server, send, ask, lock };
}

describe('a lock', () => {
  for (const closed of CLOSED) {
    it(`refuses ${closed.operationId} to other clients, and admits its holder`, async () => {
      const { ask, server } = await lockedGateway();
      const refused = await ask(closed, 'bob');
      assert.deepEqual([refused.statusCode, refused.json().error_code], [409, 'lock-broken'], refused.body);
      const { lock_id, lock_expiration, ...parameters } = refused.json().parameters;
      assert.ok(Date.parse(lock_expiration) > 0);
      const entity_id = IDS[`${closed.kind}_id` as keyof typeof IDS];
      assert.deepEqual(parameters, { entity_id, collection: lockCollection(closed), holder: 'alice' });
      assert.match(lock_id, /^lock_[12]$/);
      const passed = await ask(closed, 'alice');
      assert.ok(!passed.body.includes('lock'), `${passed.statusCode} ${passed.body}`);
      await server.close();
    });
  }

  it('[edge] closes only the collections in its scopes', async () => {
    const { ask, server } = await lockedGateway(['operations']);
    for (const route of CLOSED) {
      const closes = lockCollection(route) === 'operations';
      assert.equal((await ask(route, 'bob')).body.includes('lock-broken'), closes, route.operationId);
    }
    await server.close();
  });

  it('closes the resources of its app, also through the parents of the app', async () => {
    const { send, lock, server } = await lockedGateway(['logs']);
    const write = (entity: string, id: string) =>
      send('put', `/${entity}/configurations/${id}`, 'bob', { data: 2 }).then(({ statusCode }) => statusCode);
    await lock('apps/lidar_driver', 'carol', { scopes: ['configurations'] });
    for (const entity of ['areas/warehouse', 'components/amr_01', 'functions/navigation']) {
      assert.equal(await write(entity, 'lidar_driver:rate'), 409, entity);
      assert.equal((await send('delete', `/${entity}/configurations`, 'bob')).statusCode, 409, entity);
    }
    assert.equal(await write('apps/battery_monitor', 'rate'), 200);
    await server.close();
  });

  it('closes routes of plugins by the collection that they name; their reads are open', async () => {
    const calls: string[] = [];
    const reply = (name: string) => async () => {
      calls.push(name);
      return { status: 204 };
    };
    const responses = { 204: { description: 'Done' } };
    const gateway = await pluginGateway({
      plc: module(async () => ({
        contribution: async () => ({ entities: { apps: [app('pump', { source: '' })] } }),
        routes: [
          route('/apps/{app_id}/x-plc', reply('read'), { responses }),
          route('/apps/{app_id}/x-plc', reply('write'), { method: 'put', responses, lockedAs: 'data' }),
          route('/apps/{app_id}/x-plc-mode', reply('mode'), { method: 'post', responses }),
        ],
      })),
    });
    const request = (method: 'GET' | 'PUT' | 'POST', path: string, payload?: object) =>
      gateway.server.inject({
        method,
        url: `${API_BASE}/apps/pump/${path}`,
        headers: { 'x-client-id': payload ? 'alice' : 'bob' },
        ...(payload && { payload }),
      });
    const body = { lock_expiration: 60, scopes: ['data'] };
    assert.equal((await request('POST', 'locks', body)).statusCode, 201);
    const statuses = [];
    for (const [method, path] of [
      ['GET', 'x-plc'],
      ['PUT', 'x-plc'],
      ['POST', 'x-plc-mode'],
    ] as const) {
      statuses.push((await request(method, path)).statusCode);
    }
    assert.deepEqual(
      [statuses, calls],
      [
        [204, 409, 204],
        ['read', 'mode'],
      ],
    );
    assert.equal((await request('PUT', 'x-plc', {})).statusCode, 204);
    await gateway.close();
  });
});

describe('a request that clears all faults', () => {
  const symptom: FaultSymptom = { faultCode: 'SYMPTOM', rootCauseCode: 'ROOT', ruleId: 'r', delayMs: 1 };
  const faults = [
    fault('ROOT', { sources: ['/battery_monitor'] }),
    fault('SYMPTOM', { sources: ['/lidar_driver'] }),
    fault('SHARED', { sources: ['/battery_monitor', '/lidar_driver/front'] }),
    fault('UNKNOWN', { sources: ['/nobody'] }),
  ];

  it('H18: keeps the faults of entities that another client has locked until they are unlocked, and clears those without an entity', async () => {
    const { app: server } = await testGateway({}, undefined, { faults: memoryFaults({ faults, muted: [symptom] }) });
    const send = (method: 'GET' | 'POST' | 'DELETE', path: string, client: string, payload?: object) =>
      server.inject({
        method,
        url: API_BASE + path,
        headers: { host: 'localhost', 'x-client-id': client },
        ...(payload && { payload }),
      });
    const left = async () => {
      const { items } = (await send('GET', '/faults?include_muted=true', 'bob')).json();
      return items.map(({ fault_code }: { fault_code: string }) => fault_code);
    };
    await send('POST', '/apps/lidar_driver/locks', 'alice', { lock_expiration: 60, scopes: ['faults'] });
    const reply = await send('DELETE', '/faults', 'bob');
    assert.deepEqual([reply.statusCode, reply.headers['x-medkit-local-only']], [204, 'true']);
    assert.deepEqual(await left(), ['SYMPTOM', 'SHARED']);
    await send('DELETE', '/apps/lidar_driver/locks/lock_1', 'alice');
    assert.equal((await send('DELETE', '/faults', 'bob')).statusCode, 204);
    assert.deepEqual(await left(), []);
    await server.close();
  });
});
