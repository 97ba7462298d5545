import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Log, openModel, traceContextOf } from '@medkit/core';
import { app, memoryConfigurations, memoryRuntime } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { gatewayLog } from '../logs/gateway-log.ts';
import { testConfig } from '../testing/test-gateway.ts';
import { testServer } from '../testing/test-server.ts';
import { FaultTraces } from './fault-traces.ts';
import type { FinishedSpan } from './finished-span.ts';
import type { GatewayTraces } from './open-traces.ts';
import { providerSpans } from './provider-spans.ts';
import { RequestSpans, redactedQuery, SLOW_REQUEST_MS } from './request-spans.ts';
import { SpanRecorder } from './span-recorder.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CLIENT = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${CLIENT}-01`;
const unsampled = `00-${TRACE}-${CLIENT}-00`;

const clock = new SimulatedClock();
const spans: FinishedSpan[] = [];
const recorder = new SpanRecorder({ clock, random: seededRandom(1), ratio: 0, onSpan: (span) => spans.push(span) });
const requests = new RequestSpans(recorder, clock);
const traces: GatewayTraces = {
  tracer: recorder,
  requests,
  current: () => requests.current(),
  spansOf: (runtime) => providerSpans(recorder, runtime),
  followFaults: (sources) => new FaultTraces({ ...sources, tracer: recorder, clock }),
  onCaptured: () => undefined,
  health: () => ({ warnings: [], blocks: {} }),
  close: async () => undefined,
};
/** What happens when the parameters are read. */
let onRead: () => Promise<void> | void = () => undefined;
const model = await openModel({
  runtimes: [
    memoryRuntime({
      name: 'ros2',
      apps: [app('arm', { address: { runtime: 'ros2', nativeId: '/arm' } })],
      data: { '/arm': { '/pose': { value: 1 } } },
      providers: {
        configurations: memoryConfigurations({ '/arm': { rate: { type: 'int', value: 1 } } }, () => onRead()),
      },
    }),
  ],
  clock,
  log: () => undefined,
  spansOf: traces.spansOf,
});
const lines = gatewayLog(() => undefined);
lines.useTraces(traces.current);
/** The last line of the log, with its trace. */
let lastLine: Parameters<Log> | undefined;
lines.onLine((...line) => {
  lastLine = line;
});
const server = await testServer({ config: await testConfig(), model, clock, log: lines.log, traces });
after(() => server.close());

/** Sends a request and returns the spans that it leaves. */
async function ask(method: 'GET' | 'PUT', path: string, headers: Record<string, string> = {}, payload?: object) {
  spans.length = 0;
  const url = `/api/v1${path}`;
  const { statusCode } = await server.inject({ method, url, headers, ...(payload && { payload }) });
  await new Promise((resolve) => setImmediate(resolve));
  return { statusCode, spans: [...spans] };
}

describe('the span of a request', () => {
  it('has the names of the HTTP conventions, and the call of the robot below it', async () => {
    const headers = { traceparent, 'user-agent': 'tester', 'x-client-id': 'alice' };
    const { statusCode, spans: found } = await ask('GET', '/apps/arm/configurations?token=hush&limit=2', headers);
    assert.ok(statusCode === 200 || statusCode === 400, String(statusCode));
    const request = found.at(-1);
    assert.deepEqual(
      [request?.name, request?.kind, request?.traceId, request?.parentId],
      ['GET /api/v1/apps/{app_id}/configurations', 'server', TRACE, CLIENT],
    );
    const { 'server.port': _port, ...attributes } = request?.attributes ?? {};
    assert.deepEqual(attributes, {
      'http.request.method': 'GET',
      'http.route': '/api/v1/apps/{app_id}/configurations',
      'http.response.status_code': statusCode,
      'url.path': '/api/v1/apps/arm/configurations',
      'url.query': 'token=REDACTED&limit=2',
      'url.scheme': 'http',
      'server.address': 'localhost',
      'client.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'tester',
      'medkit.operation_id': attributes['medkit.operation_id'],
      'medkit.client_id': 'alice',
      'medkit.entity.type': 'app',
      'medkit.entity.id': 'arm',
    });
  });

  it('encloses the calls of providers', async () => {
    const { spans: found } = await ask('GET', '/apps/arm/configurations', { traceparent });
    const [call, request] = found;
    assert.deepEqual(
      [found.length, call?.name, call?.kind, call?.parentId, call?.attributes['medkit.runtime']],
      [2, 'configurations list', 'client', request?.spanId, 'ros2'],
    );
    assert.equal(call?.attributes['medkit.native_id'], '/arm');
  });

  it('is not recorded if neither the caller nor the sampling wants it', async () => {
    assert.deepEqual((await ask('GET', '/apps', { traceparent: unsampled })).spans, []);
    assert.deepEqual((await ask('GET', '/apps')).spans, []);
  });

  it('is recorded for every change, whatever the caller decided', async () => {
    const change = await ask('PUT', '/apps/arm/configurations/rate', { traceparent: unsampled }, { data: 2 });
    assert.equal(change.statusCode, 200);
    assert.deepEqual(change.spans.map(({ name }) => name).slice(-1), [
      'PUT /api/v1/apps/{app_id}/configurations/{config_id}',
    ]);
    assert.ok(change.spans.every(({ traceId }) => traceId === TRACE));
  });

  it('is made at the end of a read that is not sampled, if it was slow or failed', async () => {
    const path = '/apps/arm/configurations';
    const ofRequest = ['GET /api/v1/apps/{app_id}/configurations', TRACE, CLIENT];
    const facts = (found: readonly FinishedSpan[]) =>
      found.map(({ name, traceId, parentId }) => [name, traceId, parentId]);
    onRead = () => clock.advance(SLOW_REQUEST_MS + 1);
    const { spans: late } = await ask('GET', path, { traceparent: unsampled });
    assert.deepEqual(facts(late), [ofRequest]);
    assert.deepEqual(
      late.map(({ startNs, endNs }) => endNs - startNs),
      [BigInt(SLOW_REQUEST_MS + 1) * 1_000_000n],
    );
    onRead = () => assert.fail('the parameters cannot be read');
    const failed = await ask('GET', path, { traceparent: unsampled });
    onRead = () => undefined;
    assert.ok(failed.statusCode >= 500, String(failed.statusCode));
    assert.deepEqual(facts(failed.spans), [ofRequest]);
    assert.equal(failed.spans[0]?.error, `HTTP ${failed.statusCode}`);
  });

  it('begins a new trace if the context is malformed, and the request succeeds', async () => {
    for (const malformed of [
      '',
      'x',
      `${traceparent}-more`,
      traceparent.toUpperCase(),
      `00-${'0'.repeat(32)}-${CLIENT}-01`,
    ]) {
      const { statusCode, spans: found } = await ask(
        'PUT',
        '/apps/arm/configurations/rate',
        { traceparent: malformed },
        { data: 3 },
      );
      assert.equal(statusCode, 200, malformed);
      const request = found.at(-1);
      assert.equal(request?.parentId, '', malformed);
      assert.notEqual(request?.traceId, TRACE);
    }
  });

  it('ends with the connection: none stays open', async () => {
    await ask('GET', '/apps/arm/nothing', { traceparent });
    assert.equal(recorder.openCount, 0);
  });
});

describe('a log line', () => {
  const path = '/apps/arm/configurations';
  const idsOf = (line: Parameters<Log> | undefined) => {
    const { traceId, spanId } = traceContextOf(line?.[2]) ?? {};
    return [traceId, spanId];
  };

  it('has the span of the request that it belongs to, also after the body was read', async () => {
    onRead = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      lines.log('info', 'the parameters are read');
    };
    for (const [method, at, payload] of [
      ['GET', path, undefined],
      ['PUT', `${path}/rate`, { data: 4 }],
    ] as const) {
      lastLine = undefined;
      const { spans: found } = await ask(method, at, { traceparent }, payload);
      assert.deepEqual(idsOf(lastLine), [TRACE, found.at(-1)?.spanId], method);
    }
    onRead = () => undefined;
  });

  it('has the span of a read that fails, although the read is not sampled', async () => {
    const { health } = model;
    model.health = () => Promise.reject(new TypeError('undefined is not a robot'));
    const { spans: found } = await ask('GET', '/health');
    model.health = health;
    assert.match(lastLine?.[1] ?? '', /undefined is not a robot/);
    assert.deepEqual(idsOf(lastLine), [found.at(-1)?.traceId, found.at(-1)?.spanId]);
    assert.equal(found.at(-1)?.error, 'HTTP 500');
  });

  it('has none outside of requests, and in a read without a trace', async () => {
    lines.log('warn', 'the disk is nearly full');
    assert.equal(lastLine?.[2], undefined);
    onRead = () => lines.log('info', 'the parameters are read');
    await ask('GET', path);
    onRead = () => undefined;
    assert.deepEqual(lastLine, ['info', 'the parameters are read', undefined]);
  });
});

describe('the query of a span', () => {
  it('has no value of a parameter that may be a secret, and the others unchanged', () => {
    for (const name of [
      'token',
      'access_token',
      'client_secret',
      'X-Amz-Signature',
      'apikey',
      'api_key',
      'key',
      'code',
      'auth_code',
    ])
      assert.equal(redactedQuery(`${name}=a=b&limit=2`), `${name}=REDACTED&limit=2`);
    for (const query of ['fault_code=LOW', 'keyword=arm', 'code_point=3', 'limit=2&q=code', 'flag'])
      assert.equal(redactedQuery(query), query);
  });
});
