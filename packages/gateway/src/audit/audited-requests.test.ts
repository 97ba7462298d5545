import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { memoryAudit } from '@medkit/audit/testing';
import type { AuditedRequest, AuditRecordList } from '@medkit/contract';
import { memoryConfigurations } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import { StoreFull } from '@medkit/store';
import { listen } from '../listen.ts';
import { module, pluginGateway, route, settled } from '../testing/plugin-gateway.ts';
import { type TestGateway, testGateway } from '../testing/test-gateway.ts';

const API = '/api/v1';
const LOGS = '/apps/lidar_driver/logs/configuration';
const LOCKS = '/apps/lidar_driver/locks';

async function send(
  { app }: Pick<TestGateway, 'app'>,
  method: 'PUT' | 'POST' | 'DELETE',
  path: string,
  more: object = {},
) {
  const reply = await app.inject({ method, url: API + path, ...more });
  return { status: reply.statusCode, body: reply.payload === '' ? undefined : reply.json() };
}

async function records({ app }: Pick<TestGateway, 'app'>, query = ''): Promise<readonly AuditedRequest[]> {
  const reply = await app.inject(`${API}/x-medkit-audit?${query}`);
  assert.equal(reply.statusCode, 200, reply.payload);
  return (reply.json() as AuditRecordList).items.flatMap(({ request }) => request ?? []);
}

const alice = { 'x-client-id': 'alice' };

describe('the audit log of a gateway', () => {
  it('records every request that could change something, with its principal and its outcome', async () => {
    const gateway = await testGateway();
    await send(gateway, 'PUT', `${LOGS}?secret=1`, { payload: { max_entries: 7 }, headers: alice });
    await send(gateway, 'PUT', LOGS, { payload: { max_entries: 'many' } });
    await send(gateway, 'PUT', LOGS, { payload: '{', headers: { 'content-type': 'application/json' } });
    await send(gateway, 'PUT', LOGS, { payload: 'x', headers: { 'content-type': 'text/plain' } });
    await send(gateway, 'DELETE', '/apps/nobody/faults/F1');
    await send(gateway, 'DELETE', '/faults');
    const entries = await records(gateway);
    assert.deepEqual(
      entries.map(({ operation_id, status, error_code, outcome }) => [operation_id, status, error_code, outcome]),
      [
        ['clearAllFaults', 204, undefined, 'done'],
        ['clearAppFault', 404, 'entity-not-found', 'refused'],
        ['setAppLogConfiguration', 415, 'invalid-request', 'refused'],
        ['setAppLogConfiguration', 400, 'invalid-request', 'refused'],
        ['setAppLogConfiguration', 400, 'invalid-request', 'refused'],
        ['setAppLogConfiguration', 204, undefined, 'done'],
      ],
    );
    assert.deepEqual(entries.at(-1), {
      method: 'PUT',
      operation_id: 'setAppLogConfiguration',
      path: `${API}${LOGS}`,
      entity_type: 'app',
      entity_id: 'lidar_driver',
      collection: 'logs',
      client_id: 'alice',
      remote_address: '127.0.0.1',
      status: 204,
      outcome: 'done',
      duration_ms: 0,
      notes: {
        from: '{"severity_filter":"debug","max_entries":100}',
        to: '{"severity_filter":"debug","max_entries":7}',
      },
    });
    assert.deepEqual([entries[1]?.entity_id, entries[1]?.collection, entries[1]?.item], ['nobody', 'faults', 'F1']);
    assert.equal(entries[0]?.collection, 'faults');
    await gateway.app.close();
  });

  it('records no reads, no unknown routes and no unauthenticated requests', async () => {
    const gateway = await testGateway({ server: { token: 'open-sesame' } });
    const request = (headers: object, method: 'GET' | 'PUT' | 'OPTIONS', path: string) =>
      gateway.app.inject({ method, url: API + path, headers: { ...headers } });
    const token = { authorization: 'Bearer open-sesame' };
    await request(token, 'GET', '/apps');
    await request(token, 'PUT', '/no/such/route');
    await request({}, 'PUT', LOGS);
    await request({ ...token, origin: 'https://elsewhere.example' }, 'PUT', LOGS);
    await request({ ...token, host: 'elsewhere.example' }, 'PUT', LOGS);
    const reply = await request(token, 'GET', '/x-medkit-audit');
    assert.deepEqual(reply.json(), { items: [] });
    await gateway.app.close();
  });

  it('records no subscriptions, by which a client only reads', async () => {
    const gateway = await testGateway();
    const subscriptions = '/apps/lidar_driver/cyclic-subscriptions';
    const wanted = { resource: `${API}/apps/lidar_driver/faults`, interval: 'normal', duration: 60 };
    const { status, body } = await send(gateway, 'POST', subscriptions, { payload: wanted });
    assert.equal(status, 201);
    await send(gateway, 'PUT', `${subscriptions}/${body.id}`, { payload: { duration: 90 } });
    assert.equal((await send(gateway, 'DELETE', `${subscriptions}/${body.id}`)).status, 204);
    assert.deepEqual(await records(gateway), []);
    await gateway.app.close();
  });

  it('records additional details of the route', async () => {
    const gateway = await testGateway();
    const rule = {
      data_name: '/scan',
      path: '/ranges/0',
      operator: '<',
      threshold: 1,
      fault_code: 'F',
      severity: 'INFO',
    };
    const { body } = await send(gateway, 'POST', '/apps/lidar_driver/fault-triggers', { payload: rule });
    assert.deepEqual((await records(gateway))[0]?.notes, { created: body.id });
    await gateway.app.close();
  });

  it('records no value of a parameter whose name marks it as a secret', async () => {
    const parameters = {
      api_key: { type: 'string', value: 'k-1' },
      'wifi.password': { type: 'string', value: 'w-1' },
    } as const;
    const gateway = await testGateway({}, undefined, {
      configurations: memoryConfigurations({ '/lidar_driver': parameters }),
    });
    await send(gateway, 'PUT', '/apps/lidar_driver/configurations/api_key', { payload: { data: 'k-2' } });
    await send(gateway, 'PUT', '/apps/lidar_driver/configurations/wifi.password', { payload: { data: 'w-2' } });
    await send(gateway, 'DELETE', '/apps/lidar_driver/configurations');
    const text = JSON.stringify(await records(gateway));
    assert.match(text, /"from":"\(not shown\)","to":"\(not shown\)"/);
    assert.doesNotMatch(text, /[kw]-[12]/);
    await gateway.app.close();
  });

  it('records the value of a parameter before and after the change', async () => {
    const configurations = memoryConfigurations({ '/lidar_driver': { rate: { type: 'double', value: 12.5 } } });
    const gateway = await testGateway({}, undefined, { configurations });
    const payload = { data: 20 };
    await send(gateway, 'PUT', '/apps/lidar_driver/configurations/rate', { payload });
    assert.deepEqual((await records(gateway))[0]?.notes, { from: '12.5', to: '20' });
    await send(gateway, 'DELETE', '/apps/lidar_driver/configurations/rate');
    assert.deepEqual((await records(gateway))[0]?.notes, { from: '20', to: '12.5' });
    await gateway.app.close();
  });

  it('records the set point that was written, but no larger value', async () => {
    const gateway = await testGateway();
    const data = '/apps/battery_monitor/data/voltage';
    await send(gateway, 'PUT', data, { payload: { type: 'std_msgs/msg/Float32', data: { data: 23.5 } } });
    await send(gateway, 'PUT', data, { payload: { type: 'std_msgs/msg/Float32', data: { data: [1, 2] } } });
    const entries = await records(gateway);
    assert.deepEqual(
      entries.map(({ status, notes }) => [status, notes]),
      [
        [200, undefined],
        [200, { to: '{"data":23.5}' }],
      ],
    );
    await gateway.app.close();
  });

  it('records what a reset of all parameters changed, and the beginning of a long value', async () => {
    const configurations = memoryConfigurations({
      '/lidar_driver': {
        frame: { type: 'string', value: 'laser' },
        rate: { type: 'double', value: 12.5 },
        seed: { type: 'int', value: 7 },
      },
    });
    const gateway = await testGateway({}, undefined, { configurations });
    const all = '/apps/lidar_driver/configurations';
    await send(gateway, 'PUT', `${all}/rate`, { payload: { data: 20 } });
    await send(gateway, 'PUT', `${all}/frame`, { payload: { data: 'x'.repeat(100_000) } });
    assert.equal((await send(gateway, 'DELETE', all)).status, 204);
    assert.deepEqual((await records(gateway))[0]?.notes, {
      changed: '2',
      'changed:frame': `"${'x'.repeat(118)}… → "laser"`,
      'changed:rate': '20 → 12.5',
    });
    assert.equal((await send(gateway, 'DELETE', all)).status, 204);
    assert.equal((await records(gateway))[0]?.notes, undefined, 'nothing was changed');
    await gateway.app.close();
  });

  it('names the lock that was created, that admitted a request, or that refused it', async () => {
    const gateway = await testGateway();
    const lock = { payload: { lock_expiration: 60 }, headers: alice };
    const { body } = await send(gateway, 'POST', LOCKS, lock);
    await send(gateway, 'PUT', LOGS, { payload: {}, headers: alice });
    const refused = await send(gateway, 'PUT', LOGS, { payload: {}, headers: { 'x-client-id': 'bob' } });
    assert.equal(refused.status, 409);
    await send(gateway, 'PUT', '/apps/battery_monitor/logs/configuration', { payload: {}, headers: alice });
    const entries = await records(gateway);
    assert.deepEqual(
      entries.map(({ client_id, status, lock_id, error_code }) => [client_id, status, lock_id, error_code]),
      [
        ['alice', 204, undefined, undefined],
        ['bob', 409, body.id, 'lock-broken'],
        ['alice', 204, body.id, undefined],
        ['alice', 201, body.id, undefined],
      ],
    );
    await gateway.app.close();
  });

  it('is searched by entity, client, outcome, status and kind, page by page', async () => {
    const gateway = await testGateway();
    for (const client of ['alice', 'bob']) {
      await send(gateway, 'PUT', LOGS, { payload: {}, headers: { 'x-client-id': client } });
      await send(gateway, 'DELETE', '/apps/nobody/faults/F1', { headers: { 'x-client-id': client } });
    }
    const counts = await Promise.all(
      [
        'entity=lidar_driver',
        'client=alice',
        'client=alice&entity=nobody',
        'outcome=refused',
        'outcome=failed',
        'status=204',
        'collection=logs',
        'collection=faults&client=bob',
        'collection=nothing',
        'operation_id=clearAppFault',
        'operation_id=clearAppFault&outcome=done',
        'kind=request',
        'kind=fault',
        'since=2000-01-01T00:00:00Z',
        'until=2000-01-01T00:00:00Z',
        'since=2000-01-01T00:00:00+01:00',
        'limit=3',
        'cursor=3',
      ].map(async (query) => (await records(gateway, query)).length),
    );
    const now = gateway.clock.wallMs() < Date.UTC(2000, 0) ? [0, 4, 0] : [4, 0, 4];
    assert.deepEqual(counts, [2, 2, 1, 2, 0, 2, 2, 1, 0, 2, 0, 4, 0, ...now, 3, 2]);
    for (const query of ['limit=0', 'kind=x', 'outcome=x', 'since=x', 'until=9999-01-01T00:00:00Z', 'cursor=x']) {
      const reply = await gateway.app.inject(`${API}/x-medkit-audit?${query}`);
      assert.deepEqual([reply.statusCode, reply.json().error_code], [400, 'invalid-parameter'], query);
    }
    await gateway.app.close();
  });

  it('records the requests of plugins as well', async () => {
    const pump = route(
      '/apps/{app_id}/x-pump',
      async () => ({ status: 418, body: { error_code: 'vendor-error', vendor_code: 'x-pump-dry' } }),
      { method: 'post', operationId: 'startPump' },
    );
    const gateway = await pluginGateway({ p: module(async () => ({ routes: [pump] })) });
    assert.equal((await gateway.ask('POST', '/apps/lidar/x-pump')).status, 418);
    const [{ request }] = (await gateway.ask('GET', '/x-medkit-audit')).body.items;
    assert.deepEqual(
      [request.operation_id, request.entity_id, request.collection, request.status, request.error_code],
      ['startPump', 'lidar', 'x-pump', 418, 'x-pump-dry'],
    );
    await gateway.close();
  });

  it('records a request whose client disconnected before the answer', async () => {
    const [begun, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const pump = route(
      '/apps/{app_id}/x-pump',
      async (_, { signal }) => {
        signal.addEventListener('abort', () => gone.resolve());
        begun.resolve();
        await gone.promise;
        return { body: {} };
      },
      { method: 'post', operationId: 'startPump' },
    );
    const gateway = await pluginGateway({ p: module(async () => ({ routes: [pump] })) });
    const port = await listen(gateway.server, { host: '127.0.0.1', port: 0, clock: systemClock });
    const client = connect(port, '127.0.0.1');
    client.write(`POST ${API}/apps/lidar/x-pump HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`);
    await begun.promise;
    client.destroy();
    await gone.promise;
    await settled();
    const { items } = (await gateway.ask('GET', '/x-medkit-audit')).body;
    assert.deepEqual(
      items.map(({ request }: { readonly request: AuditedRequest }) => request.operation_id),
      ['startPump'],
    );
    await gateway.close();
  });

  it('is verified, and returns its newest record to be stored elsewhere', async () => {
    const gateway = await testGateway();
    const verify = async () => (await gateway.app.inject(`${API}/x-medkit-audit/verify`)).json();
    assert.deepEqual(await verify(), { intact: true, checked: 0 });
    await send(gateway, 'PUT', LOGS, { payload: {} });
    const [newest] = (await gateway.app.inject(`${API}/x-medkit-audit`)).json().items;
    assert.deepEqual(await verify(), { intact: true, checked: 1, head: { id: 1, hash: newest.hash } });
    await gateway.app.close();
  });

  it('can be switched off, and stays readable', async () => {
    const gateway = await testGateway({ audit: { requests: 'off' } });
    await send(gateway, 'PUT', LOGS, { payload: {} });
    assert.deepEqual(await records(gateway), []);
    const health = (await gateway.app.inject(`${API}/health`)).json();
    assert.deepEqual(health['x-medkit-audit'], { requests: 'off' });
    await gateway.app.close();
    const message = 'audit.requests: "maybe" is not one of on, synced, off';
    await assert.rejects(testGateway({ audit: { requests: 'maybe' } }), { name: 'StartRefused', message });
  });
});

describe('a gateway whose audit log hangs', () => {
  it('runs the call before it waits for the record, and answers when that wait times out', async () => {
    const clock = new SimulatedClock();
    const audit = memoryAudit(clock);
    const disk = Promise.withResolvers<Awaited<ReturnType<typeof audit.store>>>();
    const hanging = { ...audit, store: () => disk.promise };
    const { promise: called, resolve } = Promise.withResolvers<void>();
    const gateway = await testGateway({}, () => resolve(), {}, { auditFile: hanging });
    const payload = { type: 'std_msgs/msg/Float32', data: { data: 23.5 } };
    const reply = send(gateway, 'PUT', '/apps/battery_monitor/data/voltage', { payload });
    await called;
    let isAnswered = false;
    void reply.finally(() => {
      isAnswered = true;
    });
    while (!isAnswered) await gateway.clock.advanceAsync(1000, 1000);
    assert.equal((await reply).status, 200);
    disk.resolve(await audit.store());
    await gateway.app.close();
  });
});

describe('a gateway whose audit log cannot be written', () => {
  async function failing(failClosed: boolean) {
    const clock = new SimulatedClock();
    const audit = memoryAudit(clock);
    const disk = { full: true };
    const store = {
      ...(audit.opened ?? assert.fail()),
      write: async (...write: Parameters<NonNullable<typeof audit.opened>['write']>) => {
        if (disk.full) throw new StoreFull('/audit.db is full');
        return (await audit.store()).write(...write);
      },
    };
    const auditFile = { ...audit, opened: store, store: async () => store };
    const gateway = await testGateway({ audit: { fail_closed: failClosed } }, undefined, {}, { auditFile });
    const put = (max_entries: number) => send(gateway, 'PUT', LOGS, { payload: { max_entries } });
    const maxEntries = async () => (await gateway.app.inject(`${API}${LOGS}`)).json().max_entries;
    return { gateway, disk, put, maxEntries };
  }

  it('continues, and writes the missing records later', async () => {
    const { gateway, disk, put, maxEntries } = await failing(false);
    assert.deepEqual([(await put(7)).status, (await put(8)).status, await maxEntries()], [204, 204, 8]);
    const { warnings } = (await gateway.app.inject(`${API}/health`)).json();
    assert.deepEqual(
      warnings.map(({ code }: { readonly code: string }) => code),
      ['request_audit_failing'],
    );
    disk.full = false;
    await gateway.clock.advanceAsync(5000, 1000);
    assert.equal((await records(gateway)).length, 2);
    await gateway.app.close();
  });

  it('refuses all changes if it fails closed; the reply to the failing request states that its change was made', async () => {
    const { gateway, disk, put, maxEntries } = await failing(true);
    const first = await put(7);
    assert.deepEqual(
      [first.status, first.body.error_code, first.body.parameters],
      [503, 'service-unavailable', { status: 204 }],
    );
    const second = await put(8);
    assert.equal(second.status, 503);
    assert.match(second.body.message, /audit\.db is full\. Changes are refused until it can be written/);
    assert.equal(await maxEntries(), 7);
    disk.full = false;
    await gateway.clock.advanceAsync(5000, 1000);
    assert.equal((await put(9)).status, 204);
    assert.deepEqual(
      (await records(gateway)).map(({ status }) => status),
      [204, 503, 204],
    );
    await gateway.app.close();
  });
});
