import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HealthStatus, WebhookDelivery } from '@medkit/contract';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedHttp, SimulatedNames } from '@medkit/edges/testing';
import { memoryDatabase } from '../testing/memory-database.ts';
import { testConfig, testGateway } from '../testing/test-gateway.ts';
import { gatewayWebhooks } from './gateway-webhooks.ts';

const BASE = '/x-medkit-webhooks';
/** Rejects every delivery permanently. */
const GONE = {
  url: 'https://gone.example/T0/secret-path',
  secret: 'sixteen letters!',
  headers: { 'X-Key': 'hidden-key' },
};
/** Responds with an unusable reply. */
const BROKEN = { url: 'https://broken.example/' };
const SOURCES = ['/api/v1/apps/a/triggers/trig_1', '/api/v1/apps/a/triggers/trig_2'] as const;

/** A gateway that starts with two events for each of two receivers in its outbox. */
async function setUp(settings: Parameters<typeof testConfig>[0] = {}) {
  const clock = new SimulatedClock();
  const http = new SimulatedHttp();
  const names = new SimulatedNames({ 'gone.example': ['8.8.8.8'], 'broken.example': ['8.8.4.4'] });
  const database = memoryDatabase(clock);
  const config = await testConfig();
  const edges = { http, names, clock, random: seededRandom(1), machineName: 'robot-01', log: () => undefined };
  const { outbox: earlier } = await gatewayWebhooks({ config, database, ...edges }, undefined);
  const store = await database.store();
  for (const [at, webhook] of [GONE, GONE, BROKEN, BROKEN].entries()) {
    const event = {
      id: String(at),
      source: SOURCES[at % 2]!,
      type: 'medkit.trigger.fired',
      timeMs: 1000 * at,
      // A number that JavaScript cannot represent exactly.
      data: `900719925474099${at + 3}`,
    };
    await store.write(earlier!.outboxStatements(webhook, event));
  }
  await earlier?.close();
  http.answer = ({ url }) => ({ status: url.includes('gone') ? 410 : 500, body: 'no robots' });

  const gateway = await testGateway(settings, undefined, {}, { http, names, database });
  const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object) => {
    const reply = await gateway.app.inject({ method, url: `/api/v1${path}`, ...(payload && { payload }) });
    return { status: reply.statusCode, text: reply.payload, body: reply.payload === '' ? undefined : reply.json() };
  };
  const listed = async (query = ''): Promise<WebhookDelivery[]> =>
    (await ask('GET', `${BASE}/deliveries${query}`)).body.items;
  const ids = async (query = '') => (await listed(query)).map(({ id }) => id);
  const health = async (): Promise<HealthStatus> => (await ask('GET', '/health')).body;
  await gateway.clock.advanceAsync(50);
  return { ...gateway, http, names, ask, listed, ids, health };
}

describe('webhooks', () => {
  it('are listed by target, without their secrets', async () => {
    const { ask, app } = await setUp();
    const { body, text } = await ask('GET', `${BASE}/targets`);
    const [gone, broken] = body.items;
    assert.deepEqual(gone, {
      id: '1',
      origin: 'https://gone.example',
      state: 'delivering',
      queued: 0,
      retrying: 0,
      dead: 2,
      delivered_total: 0,
      failed_total: 2,
      failures_in_a_row: 2,
      last_error: 'HTTP 410: no robots',
    });
    assert.deepEqual([broken.state, broken.queued, broken.retrying, broken.dead], ['retrying', 2, 2, 0]);
    assert.ok(broken.next_try_in_ms > 0 && broken.oldest_age_sec >= 0);
    const all = [text, (await ask('GET', `${BASE}/deliveries`)).text, (await ask('GET', `${BASE}/deliveries/1`)).text];
    for (const secret of ['sixteen', 'hidden-key', 'secret-path', 'X-Key'])
      assert.ok(!all.join().includes(secret), secret);
    await app.close();
  });

  it('are listed by delivery: by state, source, target, and in pages', async () => {
    const { ids, listed, ask, app } = await setUp();
    assert.deepEqual(await ids(), ['1', '2', '3', '4']);
    assert.deepEqual(await ids('?status=dead'), ['1', '2']);
    assert.deepEqual(await ids('?status=retrying'), ['3', '4']);
    assert.deepEqual(await ids('?status=queued'), []);
    assert.deepEqual(await ids(`?source=${SOURCES[1]}`), ['2', '4']);
    assert.deepEqual(await ids('?target=2'), ['3', '4']);
    const first = await ask('GET', `${BASE}/deliveries?limit=3`);
    assert.deepEqual([first.body.items.length, first.body['x-medkit'].next], [3, '3']);
    const { body: last } = await ask('GET', `${BASE}/deliveries?limit=3&after=3`);
    assert.deepEqual([last.items.length, last['x-medkit']], [1, {}]);
    const [dead] = await listed();
    assert.deepEqual(
      [dead?.status, dead?.source, dead?.attempts, dead?.last_error, dead?.time],
      ['dead', SOURCES[0], 1, 'HTTP 410: no robots', '1970-01-01T00:00:00.000Z'],
    );
    for (const query of ['?status=lost', '?limit=0x5', '?limit=0', '?limit=501', '?after=-1', '?target=a']) {
      const { status, body } = await ask('GET', `${BASE}/deliveries${query}`);
      assert.deepEqual([status, body.error_code], [400, 'invalid-parameter'], query);
    }
    await app.close();
  });

  it('show the delivered event', async () => {
    const { ask, app } = await setUp();
    const { body, text } = await ask('GET', `${BASE}/deliveries/1`);
    assert.equal(body.event.source, `http://robot-01:8080${SOURCES[0]}`);
    assert.match(text, /"data":9007199254740993\b/);
    assert.match(body.message_id, /^msg_/);
    for (const [method, path] of [
      ['GET', '/99'],
      ['GET', '/a'],
      ['DELETE', '/99'],
      ['POST', '/99/redeliver'],
    ] as const) {
      const missing = await ask(method, `${BASE}/deliveries${path}`);
      assert.deepEqual([missing.status, missing.body.error_code], [404, 'resource-not-found'], path);
    }
    await app.close();
  });

  it('that were given up are delivered again, one by one or all, or deleted', async () => {
    const { ask, ids, http, clock, app } = await setUp();
    http.answer = () => ({});
    assert.deepEqual((await ask('POST', `${BASE}/deliveries/1/redeliver`)).body, { redelivered: 1 });
    await clock.advanceAsync(20);
    assert.deepEqual(await ids('?status=dead'), ['2']);
    assert.deepEqual((await ask('POST', `${BASE}/redeliver?source=${SOURCES[0]}`)).body, { redelivered: 0 });
    const all = await ask('POST', `${BASE}/redeliver`);
    assert.deepEqual([all.status, all.body], [202, { redelivered: 1 }]);
    await clock.advanceAsync(20);
    assert.deepEqual(await ids(), ['3', '4']);
    assert.deepEqual((await ask('POST', `${BASE}/deliveries/3/redeliver`)).body, { redelivered: 0 });
    assert.equal((await ask('DELETE', `${BASE}/deliveries/3`)).status, 204);
    assert.deepEqual(await ids(), ['4']);
    await app.close();
  });

  it('are in health, with a warning if they keep failing and if some were given up', async () => {
    const { health, clock, app, http } = await setUp();
    await clock.advanceAsync(10_000, 100);
    const { warnings, 'x-medkit-webhooks': block } = await health();
    assert.deepEqual(
      [block?.targets, block?.queued, block?.retrying, block?.dead, block?.dead_total, block?.delivered_total],
      [2, 2, 2, 2, 2, 0],
    );
    const reported = warnings.filter(({ code }) => code.startsWith('webhook'));
    assert.deepEqual(
      reported.map(({ code }) => code),
      ['webhook_target_failing', 'webhook_dead_letters'],
    );
    assert.equal(
      reported[0]?.message,
      'Webhooks are not delivered to https://broken.example (target 2), 2 are queued: HTTP 500: no robots',
    );
    http.answer = () => ({});
    await clock.advanceAsync(60_000, 500);
    const later = await health();
    assert.deepEqual([later['x-medkit-webhooks']?.queued, later['x-medkit-webhooks']?.delivered_total], [0, 2]);
    assert.ok(!later.warnings.some(({ code }) => code === 'webhook_target_failing'));
    await app.close();
  });

  it('can be tested, within the allowed targets', async () => {
    const { ask, http, app } = await setUp();
    const before = http.requests.length;
    http.answer = () => ({ status: 202, body: 'thanks' });
    const { status, body } = await ask('POST', `${BASE}/test`, GONE);
    assert.equal(status, 200);
    assert.deepEqual(body, { delivered: true, status: 202, reply: 'thanks', address: '8.8.8.8', duration_ms: 0 });
    const [request, ...more] = http.requests.slice(before);
    assert.equal(more.length, 0);
    assert.equal(JSON.parse(String(request?.body)).type, 'medkit.webhook.test');
    assert.equal(request?.headers['X-Key'], 'hidden-key');
    for (const url of [
      'ftp://gone.example/',
      'https://a:b@gone.example/',
      'http://169.254.169.254/',
      'http://[::1]/',
    ]) {
      const refused = await ask('POST', `${BASE}/test`, { url });
      assert.deepEqual([refused.status, refused.body.error_code], [400, 'invalid-parameter'], url);
    }
    assert.equal(
      (await ask('POST', `${BASE}/test`, { secret: 'sixteen letters!' })).body.error_code,
      'invalid-request',
    );
    const unknown = await ask('POST', `${BASE}/test`, { url: 'http://unknown.example/' });
    assert.deepEqual([unknown.body.delivered, unknown.body.error], [false, 'getaddrinfo ENOTFOUND unknown.example']);
    assert.equal(http.requests.length, before + 1);
    await app.close();
  });

  it('can be switched off', async () => {
    const { ask, health, http, app } = await setUp({ webhooks: { enabled: false } });
    for (const [method, path] of [
      ['GET', '/targets'],
      ['GET', '/deliveries'],
      ['POST', '/redeliver'],
      ['DELETE', '/deliveries/1'],
    ] as const) {
      const { status, body } = await ask(method, `${BASE}${path}`);
      assert.deepEqual([status, body.error_code], [501, 'not-implemented'], path);
    }
    assert.equal((await ask('POST', `${BASE}/test`, BROKEN)).status, 501);
    assert.deepEqual([(await health())['x-medkit-webhooks'], http.requests.length], [undefined, 0]);
    await app.close();
  });
});
