import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { testGateway } from '../testing/test-gateway.ts';
import { listenForMetrics } from './metrics-listener.ts';

const TOKEN = 'a-token-of-the-scraper';
const SERVER_TOKEN = 'a-token-of-the-gateway';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const OFF = {
  ...{ enabled: false, token: '', token_file: '', listen: '', diagnostics: false },
  ...{ values: [] as readonly string[], topics: [] as readonly string[], value_max_age_sec: 60 },
};

async function open(metrics: Partial<typeof OFF>, token = '', others: object = {}) {
  const gateway = await testGateway({ metrics: { ...OFF, ...metrics }, server: { token }, ...others });
  after(() => gateway.app.close());
  const get = (headers: Readonly<Record<string, string>> = {}, url = '/metrics') =>
    gateway.app.inject({ url, headers: { host: 'localhost', ...headers } });
  return { ...gateway, get };
}

describe('GET /metrics', () => {
  it('does not exist unless it is enabled', async () => {
    const { get } = await open({});
    assert.equal((await get()).statusCode, 404);
  });

  it('answers in the format that the client asks for, without a cache', async () => {
    const { get } = await open({ enabled: true });
    const text = await get();
    assert.equal(text.statusCode, 200);
    assert.equal(text.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(text.headers['cache-control'], 'no-store');
    assert.match(String(text.headers['vary']), /Accept/);
    assert.match(text.payload, /^medkit_entities\{type="app"\} 2$/m);
    assert.match(text.payload, /^medkit_app_online\{app_id="lidar_driver"\} 1$/m);
    const openMetrics = await get({ accept: 'application/openmetrics-text; version=1.0.0' });
    assert.equal(openMetrics.headers['content-type'], 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    assert.match(openMetrics.payload, /\n# EOF\n$/);
  });

  it('counts requests by operation and class of the status, and refusals by reason', async () => {
    const { get } = await open({ enabled: true }, SERVER_TOKEN);
    const headers = bearer(SERVER_TOKEN);
    await get(headers, '/api/v1/apps');
    await get(headers, '/api/v1/apps');
    await get(headers, '/api/v1/apps/unknown');
    await get({}, '/api/v1/apps');
    await get(headers, '/nothing');
    const { payload } = await get(headers);
    const counts = [...payload.matchAll(/^http_server_request_duration_seconds_count\{(.*)\} (\d+)$/gm)];
    assert.deepEqual(
      counts.map(([, labels, count]) => `${labels} ${count}`),
      [
        'operation_id="listApps",code="2xx" 2',
        'operation_id="getApp",code="4xx" 1',
        'operation_id="listApps",code="4xx" 1',
        'operation_id="none",code="4xx" 1',
      ],
    );
    assert.match(payload, /^medkit_http_refused_total\{reason="no-credential"\} 1$/m);
    assert.match(payload, /^http_server_active_requests 1$/m);
  });

  it('exposes the faults that GET /health counts, and their transitions', async () => {
    const { get, model } = await open({ enabled: true });
    const event = {
      id: 1,
      type: 'fault_confirmed' as const,
      fault: { code: 'F1', severity: 2, status: 'CONFIRMED' } as never,
      timeNs: 0n,
      autoClearedCodes: [],
    };
    model.events.emit('fault.event', { runtime: 'memory', event });
    model.events.emit('fault.event', { runtime: 'peer', origin: 'peer:b', event });
    const { payload } = await get();
    assert.match(payload, /^medkit_fault_transitions_total\{to="confirmed",severity="error"\} 1$/m);
    assert.match(payload, /^medkit_fault_transitions_total\{to="cleared",severity="info"\} 0$/m);
  });
});

describe('topics in GET /metrics', () => {
  it('have their values, counts and ages, until a value is too old', async () => {
    const { get, runtime, clock } = await open({
      enabled: true,
      values: [
        'first_range [metres] {side=left} = /scan:/ranges/0',
        'first_range [metres] {side=right} = /scan:/ranges/9',
      ],
      topics: ['/sc*'],
    });
    const series = async () =>
      (await get()).payload.split('\n').filter((line) => /^medkit_(?:value|topic_)/.test(line));
    await clock.advanceAsync(10);
    assert.deepEqual(runtime.watched, ['/scan', '/scan']);
    assert.deepEqual(await series(), ['medkit_topic_messages_total{topic="/scan"} 0']);
    runtime.publish('/lidar_driver', '/scan', { ranges: [0.5] });
    await clock.advanceAsync(2000);
    assert.deepEqual(await series(), [
      'medkit_topic_messages_total{topic="/scan"} 1',
      'medkit_topic_age_seconds{topic="/scan"} 2',
      'medkit_value_first_range_metres{side="left"} 0.5',
    ]);
    await clock.advanceAsync(59_000);
    assert.deepEqual((await series()).length, 2);
  });

  it('have no reader after the gateway is closed', async () => {
    const { app, runtime, clock } = await open({ enabled: true, topics: ['/scan'] });
    await clock.advanceAsync(10);
    assert.deepEqual(runtime.watched, ['/scan']);
    await app.close();
    assert.deepEqual(runtime.watched, []);
  });
});

describe('the access to GET /metrics', () => {
  it('needs the token of the gateway or that of the metrics, which permits nothing else', async () => {
    const { get } = await open({ enabled: true, token: TOKEN }, SERVER_TOKEN);
    const statuses = async (headers = {}) => [
      (await get(headers)).statusCode,
      (await get(headers, '/api/v1/apps')).statusCode,
    ];
    assert.deepEqual(await statuses(bearer(TOKEN)), [200, 403]);
    assert.deepEqual(await statuses(bearer(SERVER_TOKEN)), [200, 200]);
    assert.deepEqual(await statuses(bearer('a-wrong-token-of-someone')), [401, 401]);
    assert.deepEqual(await statuses(), [401, 401]);
    const refused = await get();
    assert.equal(refused.headers['www-authenticate'], 'Bearer realm="medkit"');
    assert.equal(refused.json().error_code, 'unauthorized');
  });

  it('needs the configured token also if the gateway is open otherwise', async () => {
    const { get } = await open({ enabled: true, token: TOKEN });
    assert.equal((await get()).statusCode, 401);
    assert.equal((await get(bearer('a-wrong-token-of-someone'))).statusCode, 401);
    assert.equal((await get(bearer(TOKEN))).statusCode, 200);
    assert.equal((await get({}, '/api/v1/apps')).statusCode, 200);
  });

  it('follows the rules of other reads: host, origin and rate limit', async () => {
    const { get } = await open({ enabled: true }, '', {
      rate_limiting: { enabled: true, client_requests_per_minute: 3 },
    });
    assert.equal((await get({ host: 'evil.example' })).statusCode, 421);
    assert.equal((await get({ origin: 'https://evil.example' })).statusCode, 403);
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await get()).statusCode);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
  });
});

describe('a separate address of the metrics', () => {
  it('serves GET /metrics only, to the same clients', async () => {
    const { app } = await open({ enabled: true, token: TOKEN }, SERVER_TOKEN);
    await app.ready();
    const listener = await listenForMetrics({
      app,
      address: '127.0.0.1:0',
      tls: undefined,
      clock: new SimulatedClock(),
    });
    after(() => listener.close());
    const get = (url: string, headers = {}) => fetch(url, { headers });
    const reply = await get(listener.url, bearer(TOKEN));
    assert.equal(reply.status, 200);
    assert.match(await reply.text(), /^medkit_build_info\{/m);
    assert.equal((await get(listener.url)).status, 401);
    const other = await get(listener.url.replace('/metrics', '/api/v1/apps'), bearer(SERVER_TOKEN));
    assert.deepEqual([other.status, await other.text()], [404, 'This address serves /metrics only.\n']);
  });

  it('is refused with the setting and the remedy if it is in use', async () => {
    const { app } = await open({ enabled: true });
    const options = { app, tls: undefined, clock: new SimulatedClock() };
    const first = await listenForMetrics({ ...options, address: '127.0.0.1:0' });
    after(() => first.close());
    const address = new URL(first.url).host;
    await assert.rejects(listenForMetrics({ ...options, address }), {
      name: 'StartRefused',
      message: `${address} is already in use; choose another port with metrics.listen`,
    });
  });
});
