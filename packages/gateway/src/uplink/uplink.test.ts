import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { FaultEventType } from '@medkit/core';
import { fault } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { FAULT_TABLES, faultStorage } from '@medkit/faults';
import { memoryStore } from '@medkit/store';
import { testGateway } from '../testing/test-gateway.ts';
import { gatewayUplink } from './gateway-uplink.ts';

const STATE = '/api/v1/x-medkit-uplink/state';
const LOG = '/api/v1/x-medkit-uplink/log';
const CURSOR = '/api/v1/x-medkit-uplink/cursor';

/** A gateway whose faults are recorded for a hub. */
async function setUp() {
  const clock = new SimulatedClock();
  const uplink = gatewayUplink({
    clock,
    random: seededRandom(3),
    maxBytes: 2 ** 26,
    log: (_, text) => assert.fail(text),
  });
  const store = memoryStore({ clock, migrations: { ...FAULT_TABLES, ...uplink.tables } });
  const { storage } = await uplink.attach(store, faultStorage(store, 0));
  const report = (code: string, type: FaultEventType = 'fault_confirmed', source = '/source', cause?: string) => {
    const reported = fault(code, { sources: [source] });
    return storage.save({
      faults: [reported],
      events: [{ type, fault: reported, timeNs: clock.wallNs(), autoClearedCodes: [], cause }],
    });
  };
  const gateway = await testGateway({}, undefined, {}, { uplink });
  const get = (url: string, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
    gateway.app.inject({ url, headers, remoteAddress });
  const put = (body: object) => gateway.app.inject({ method: 'PUT', url: CURSOR, payload: body });
  let { log, newest } = (await get(STATE)).json();
  // The start, and the inventory.
  while (newest < 2) ({ log, newest } = (await get(STATE)).json());
  return { ...gateway, clock, gatewayClock: gateway.clock, report, uplink, get, put, log };
}

const recordsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const kinds = (text: string) =>
  recordsOf(text)
    .filter(({ kind }) => !['tree', 'inventory', 'health', 'audit'].includes(kind))
    .map(({ kind, body }) => (kind === 'fault' ? `${body.event_type} ${body.fault.fault_code}` : kind));

describe('a gateway with a hub', () => {
  it('records each fault event as on the stream, with the number and the root cause of its occurrence', async () => {
    const { report, get } = await setUp();
    await report('A', 'fault_confirmed', '/lidar_driver', 'ROOT');
    await report('A', 'fault_cleared');
    const { body, headers } = await get(LOG);
    assert.equal(headers['content-type'], 'application/x-ndjson');
    assert.deepEqual(kinds(body), ['boot', 'fault_confirmed A', 'fault_cleared A']);
    const [record, cleared] = recordsOf(body).filter(({ kind }) => kind === 'fault');
    assert.deepEqual([record.body.occurrence, record.body.cause], [1, 'ROOT']);
    assert.equal('cause' in cleared.body, false);
    assert.equal(record.body.fault.entity_id, 'lidar_driver');
  });

  it('records incidents and changes of the tree, each at most once in its interval', async () => {
    const { model, clock, get } = await setUp();
    for (const news of ['opened', 'changed', 'changed', 'healed'] as const) {
      model.events.emit('incident.changed', { news, incident: { id: 'inc_1' } as never });
    }
    await clock.advanceAsync(2000, 500);
    const incidents = recordsOf((await get(LOG)).body).filter(({ kind }) => kind === 'incident');
    assert.deepEqual(
      incidents.map(({ body }) => body.news),
      ['opened', 'healed'],
    );
  });

  it('records the inventory once, and the warnings of the gateway when their set changes', async () => {
    const { get, gatewayClock } = await setUp();
    const minute = async () => {
      await gatewayClock.advanceAsync(60_000, 20_000);
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    };
    await minute();
    await minute();
    const { warnings } = (await get('/api/v1/health')).json();
    const records = recordsOf((await get(LOG)).body);
    const [inventory, ...others] = records.filter(({ kind }) => kind === 'inventory');
    assert.deepEqual(others, []);
    assert.deepEqual(
      [inventory.body.name, inventory.body.plugins, inventory.body.queueable],
      ['robot-01', [], undefined],
    );
    const health = records.filter(({ kind }) => kind === 'health');
    assert.equal(health.length, 1);
    assert.deepEqual(
      health[0].body.warnings.map(({ code }: { code: string }) => code),
      warnings.map(({ code }: { code: string }) => code),
    );
  });

  it('copies each audit record once with its hash, and none of its acknowledgements', async () => {
    const { get, put, log, app } = await setUp();
    const lock = () =>
      app.inject({ method: 'POST', url: '/api/v1/components/amr_01/locks', payload: { lock_expiration: 60 } });
    const copied = async (count: number) => {
      for (;;) {
        const audit = recordsOf((await get(LOG)).body).filter(({ kind }) => kind === 'audit');
        if (audit.length >= count) return audit;
        await new Promise(setImmediate);
      }
    };
    await lock();
    await copied(1);
    await put({ hub: 'h', log, seq: 1 });
    await lock();
    const records = await copied(2);
    assert.deepEqual(
      records.map(({ body }) => body.request.operation_id),
      ['acquireComponentLock', 'acquireComponentLock'],
    );
    const { items } = (await get('/api/v1/x-medkit-audit')).json();
    assert.deepEqual(
      records.map(({ body }) => body.hash),
      items.map(({ hash }: { hash: string }) => hash).toReversed(),
    );
  });

  it('has its state, which is at least as new as the newest record', async () => {
    const { report, get } = await setUp();
    await report('A');
    const state = (await get(STATE)).json();
    const records = recordsOf((await get(LOG)).body);
    assert.equal(state.newest, records.at(-1).seq);
    assert.equal(state.hash, records.at(-1).hash);
    assert.equal(state.more_faults, 0);
    assert.ok(Array.isArray(state.faults) && !('incidents' in state));
  });

  it('sends later records while the reply is open, until its time is over', async () => {
    const { report, get, gatewayClock } = await setUp();
    const reply = get(`${LOG}?wait_sec=30`);
    await gatewayClock.advanceAsync(10, 1);
    await report('LATE');
    await gatewayClock.advanceAsync(30_000, 1000);
    assert.deepEqual(kinds((await reply).body), ['boot', 'fault_confirmed LATE']);
  });

  it('limits a reply by records and by kilobytes, and compresses it on request', async () => {
    const { report, get } = await setUp();
    for (const code of ['A', 'B', 'C']) await report(code);
    assert.equal(recordsOf((await get(`${LOG}?after=2&limit=2`)).body).length, 2);
    assert.equal(recordsOf((await get(`${LOG}?after=2&max_kb=1`)).body).length, 2);
    const { rawPayload, headers } = await get(LOG, { 'accept-encoding': 'gzip' });
    assert.equal(headers['content-encoding'], 'gzip');
    assert.equal(gunzipSync(rawPayload).toString(), (await get(LOG)).body);
  });

  it('stores the cursor of a hub, and refuses one of another log or beyond the end', async () => {
    const { put, log, get } = await setUp();
    assert.equal((await put({ hub: 'h', log, seq: 1 })).statusCode, 204);
    assert.deepEqual((await get(STATE)).json().hubs, [{ hub: 'h', seq: 1 }]);
    assert.equal((await put({ hub: 'h', log: 'other', seq: 1 })).statusCode, 409);
    assert.equal((await put({ hub: 'h', log, seq: 99 })).statusCode, 409);
    assert.equal((await get(`${LOG}?log=other`)).statusCode, 409);
    assert.equal((await get(`${LOG}?after=99`)).statusCode, 409);
    assert.equal((await put({ hub: 'h', log, seq: -1 })).statusCode, 400);
  });

  it('answers 410 with the remedy if records were removed after every hub had read them', async () => {
    const { put, log, get, clock, uplink, report } = await setUp();
    await report('A');
    await put({ hub: 'h', log, seq: 1 });
    clock.stepWall(8 * 24 * 3_600_000);
    await uplink.log()?.tidy();
    const gone = await get(LOG);
    assert.equal(gone.statusCode, 410);
    const { vendor_code, parameters } = gone.json();
    assert.deepEqual([vendor_code, parameters.oldest], ['x-medkit-log-gone', 1]);
    assert.equal((await get(`${LOG}?after=${parameters.oldest}`)).statusCode, 200);
  });

  it('refuses clients that are not on this machine, also behind a proxy', async () => {
    const { get } = await setUp();
    assert.equal((await get(STATE, {}, '192.0.2.7')).statusCode, 403);
    assert.equal((await get(LOG, { 'x-forwarded-for': '192.0.2.7' })).statusCode, 403);
    assert.equal((await get(STATE, {}, '::1')).statusCode, 200);
  });

  it('serves another client while one has opened as many replies as it may', async () => {
    const { get, gatewayClock } = await setUp();
    const open = Array.from({ length: 20 }, () => get(`${LOG}?wait_sec=10`));
    await gatewayClock.advanceAsync(10, 1);
    const other = get(`${LOG}?wait_sec=10`, {}, '::1');
    await gatewayClock.advanceAsync(20_000, 1000);
    const statuses = (await Promise.all(open)).map(({ statusCode }) => statusCode);
    assert.ok(statuses.includes(200) && statuses.includes(503), String(statuses));
    assert.equal((await other).statusCode, 200);
    assert.equal((await get(LOG)).statusCode, 200);
    assert.equal((await get(LOG, {}, '127.0.0.2')).statusCode, 200);
  });

  it('answers 503 while the database of the faults is closed', async () => {
    const { app } = await testGateway(
      {},
      undefined,
      {},
      {
        uplink: gatewayUplink({
          clock: new SimulatedClock(),
          random: seededRandom(3),
          maxBytes: 1,
          log: () => undefined,
        }),
      },
    );
    assert.equal((await app.inject(STATE)).statusCode, 503);
  });
});

it('a gateway without a hub answers 501 and names the setting', async () => {
  const { app } = await testGateway();
  for (const url of [STATE, LOG]) {
    const { statusCode, body } = await app.inject(url);
    assert.equal(statusCode, 501);
    assert.match(body, /hub\.url/);
  }
});
