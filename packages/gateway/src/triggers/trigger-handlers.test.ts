import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { SimulatedHttp, SimulatedNames } from '@medkit/edges/testing';
import { testGateway } from '../testing/test-gateway.ts';

const TRIGGERS = '/apps/battery_monitor/triggers';
/** As in the announcement of ros2_medkit 0.4.0. */
const SEED = {
  resource: '/api/v1/apps/battery_monitor/data/voltage',
  trigger_condition: { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22.0 },
  multishot: true,
  persistent: true,
  lifetime: 86_400,
};

async function setUp(...args: Parameters<typeof testGateway>) {
  const gateway = await testGateway(...args);
  const ask = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, payload?: object, headers = {}) => {
    const url = `/api/v1${path}`;
    const reply = await gateway.app.inject({ method, url, headers, ...(payload && { payload }) });
    const body = reply.payload === '' || path.endsWith('/events') ? undefined : reply.json();
    return { status: reply.statusCode, headers: reply.headers, text: reply.payload, body };
  };
  const volts = async (...values: readonly number[]): Promise<void> => {
    for (const data of values) gateway.runtime.publish('/battery_monitor', 'voltage', { data });
    for (let turns = 0; turns < 6; turns++) await setImmediate();
  };
  return { ...gateway, ask, volts };
}

/** Returns id and data of the events in a stream that has ended. */
function eventsOf(text: string): readonly (readonly [id: number, data: { payload: unknown; timestamp: string }])[] {
  return text
    .split('\n\n')
    .filter((frame) => frame.startsWith('id: '))
    .map((frame) => {
      const [id = '', data = ''] = frame.split('\n');
      return [Number(id.slice('id: '.length)), JSON.parse(data.slice('data: '.length))] as const;
    });
}

describe('triggers over HTTP', () => {
  it('are created with the documented request, and fire when the voltage falls below 22 V', async () => {
    const { ask, volts, clock } = await setUp();
    const made = await ask('POST', TRIGGERS, SEED);
    assert.deepEqual([made.status, made.headers.location], [201, undefined]);
    const address = `/api/v1${TRIGGERS}/trig_1`;
    assert.deepEqual(
      [made.body.id, made.body.status, made.body.event_source, made.body.protocol],
      ['trig_1', 'active', `${address}/events`, 'sse'],
    );
    assert.deepEqual((await ask('GET', TRIGGERS)).body, { items: [made.body] });
    await volts(24.8, 22.5, 21.9);
    const stream = ask('GET', `${TRIGGERS}/trig_1/events`);
    await volts(23, 20);
    assert.equal((await ask('PUT', `${TRIGGERS}/trig_1`, { lifetime: 5 })).body.lifetime, 5);
    await clock.advanceAsync(6000, 500);
    const { status, headers, text } = await stream;
    assert.deepEqual(
      [status, headers['content-type'], headers['cache-control'], headers['x-accel-buffering']],
      [200, 'text/event-stream', 'no-cache', 'no'],
    );
    assert.deepEqual(
      eventsOf(text).map(([id, { payload }]) => [id, payload]),
      [
        [1, { data: 21.9 }],
        [2, { data: 20 }],
      ],
    );
    assert.match(eventsOf(text)[0]?.[1].timestamp ?? '', /^2026-01-01T00:00:00\.\d{3}Z$/);
  });

  it('of all entities are in one list, each with its event address', async () => {
    const { ask } = await setUp();
    assert.deepEqual((await ask('GET', '/x-medkit-triggers')).body, { items: [] });
    await ask('POST', TRIGGERS, SEED);
    const faults = { resource: '/api/v1/apps/lidar_driver/faults', trigger_condition: { condition_type: 'OnChange' } };
    assert.equal((await ask('POST', '/apps/lidar_driver/triggers', faults)).status, 201);
    const { status, body } = await ask('GET', '/x-medkit-triggers');
    assert.equal(status, 200);
    assert.deepEqual(
      body.items.map((item: { event_source: string }) => item.event_source),
      [`/api/v1${TRIGGERS}/trig_1/events`, '/api/v1/apps/lidar_driver/triggers/trig_2/events'],
    );
    assert.deepEqual(body.items[0], (await ask('GET', `${TRIGGERS}/trig_1`)).body);
  });

  it('send each client all events, and a returning client those that it has missed', async () => {
    const { ask, volts } = await setUp();
    await ask('POST', TRIGGERS, SEED);
    await volts(23, 21, 23, 20);
    const streams = [
      ask('GET', `${TRIGGERS}/trig_1/events`),
      ask('GET', `${TRIGGERS}/trig_1/events`),
      ask('GET', `${TRIGGERS}/trig_1/events`, undefined, { 'last-event-id': '1' }),
    ];
    await volts(23, 19);
    assert.equal((await ask('DELETE', `${TRIGGERS}/trig_1`)).status, 204);
    const ids = (await Promise.all(streams)).map(({ text }) => eventsOf(text).map(([id]) => id));
    assert.deepEqual(ids, [
      [1, 2, 3],
      [1, 2, 3],
      [2, 3],
    ]);
    assert.equal((await ask('GET', `${TRIGGERS}/trig_1/events`)).status, 404);
  });

  it('that fire once send their event before the stream ends', async () => {
    const { ask, volts } = await setUp();
    await ask('POST', TRIGGERS, { ...SEED, multishot: false });
    const early = ask('GET', `${TRIGGERS}/trig_1/events`);
    await volts(23, 21);
    for (const { text } of [await early, await ask('GET', `${TRIGGERS}/trig_1/events`)]) {
      assert.deepEqual(
        eventsOf(text).map(([id]) => id),
        [1],
      );
    }
    assert.equal((await ask('GET', `${TRIGGERS}/trig_1`)).body.status, 'terminated');
    const seen = await ask('GET', `${TRIGGERS}/trig_1/events`, undefined, { 'last-event-id': '1' });
    assert.equal(seen.status, 404);
  });

  for (const [what, payload, code, parameters] of [
    ['without a resource', { ...SEED, resource: undefined }, 'invalid-request', undefined],
    ['without a condition', { ...SEED, trigger_condition: undefined }, 'invalid-request', undefined],
    ['with a lifetime of half a second', { ...SEED, lifetime: 0.5 }, 'invalid-request', undefined],
    [
      'with an invalid condition',
      { ...SEED, trigger_condition: 'EnterRange' },
      'invalid-parameter',
      { parameter: 'trigger_condition' },
    ],
    [
      'on another entity',
      { ...SEED, resource: '/api/v1/apps/lidar_driver/data/scan' },
      'x-medkit-entity-mismatch',
      { parameter: 'resource', value: '/api/v1/apps/lidar_driver/data/scan' },
    ],
    [
      'on an invalid resource',
      { ...SEED, resource: '/voltage' },
      'x-medkit-invalid-resource-uri',
      { parameter: 'resource', value: '/voltage' },
    ],
  ] as const) {
    it(`are refused ${what}`, async () => {
      const { ask } = await setUp();
      const { status, body } = await ask('POST', TRIGGERS, payload);
      assert.deepEqual([status, body.vendor_code ?? body.error_code], [400, code]);
      if (parameters) assert.deepEqual(body.parameters, parameters);
      else assert.ok(body.parameters.fields, 'the fields that do not fit');
      assert.deepEqual((await ask('GET', TRIGGERS)).body.items, []);
    });
  }

  it('answer 404 and 400 for unknown and invalid requests', async () => {
    const { ask } = await setUp();
    await ask('POST', TRIGGERS, SEED);
    for (const [method, path, status, code, body] of [
      ['POST', '/apps/nobody/triggers', 404, 'entity-not-found', SEED],
      ['GET', '/areas/battery_monitor/triggers', 400, 'invalid-parameter', undefined],
      ['GET', `${TRIGGERS}/trig_9`, 404, 'resource-not-found', undefined],
      ['DELETE', `${TRIGGERS}/trig_9`, 404, 'resource-not-found', undefined],
      ['PUT', `${TRIGGERS}/trig_9`, 404, 'resource-not-found', { lifetime: 5 }],
      ['GET', `${TRIGGERS}/trig_9/events`, 404, 'resource-not-found', undefined],
      ['GET', '/apps/lidar_driver/triggers/trig_1/events', 404, 'resource-not-found', undefined],
      ['PUT', `${TRIGGERS}/trig_1`, 400, 'invalid-request', {}],
      ['PUT', `${TRIGGERS}/trig_1`, 400, 'invalid-parameter', { lifetime: 0 }],
    ] as const) {
      const reply = await ask(method, path, body);
      const { error_code, parameters } = JSON.parse(reply.text);
      assert.deepEqual([reply.status, error_code], [status, code], `${method} ${path}`);
      if (code === 'resource-not-found') assert.ok(parameters.trigger_id);
    }
  });

  it('are advertised by the root, by entities and by health', async () => {
    const { ask } = await setUp();
    await ask('POST', TRIGGERS, SEED);
    assert.equal((await ask('GET', '/')).body.capabilities.triggers, true);
    for (const entity of ['/apps/lidar_driver', '/areas/warehouse', '/components/amr_01', '/functions/navigation']) {
      const { capabilities } = (await ask('GET', entity)).body;
      assert.ok(
        capabilities.some(({ name }: { name: string }) => name === 'triggers'),
        entity,
      );
    }
    const block = (await ask('GET', '/health')).body['x-medkit-triggers'];
    assert.deepEqual([block.active, block.watched_items, block.with_a_problem], [1, 1, 1]);
  });

  it('are not implemented if they are switched off', async () => {
    const { ask } = await setUp({ triggers: { enabled: false } });
    for (const [method, path] of [
      ['GET', TRIGGERS],
      ['GET', `${TRIGGERS}/trig_1/events`],
      ['DELETE', `${TRIGGERS}/trig_1`],
    ] as const) {
      assert.equal((await ask(method, path)).status, 501);
    }
    assert.equal((await ask('POST', TRIGGERS, SEED)).status, 501);
    assert.equal((await ask('GET', '/')).body.capabilities.triggers, false);
  });

  it('are limited in number, and so are the clients of their events', async () => {
    const { ask } = await setUp({ triggers: { max_triggers: 1 }, sse: { max_clients: 1 } });
    await ask('POST', TRIGGERS, SEED);
    const full = await ask('POST', TRIGGERS, SEED);
    assert.deepEqual([full.status, full.body.error_code], [503, 'service-unavailable']);
    const stream = ask('GET', `${TRIGGERS}/trig_1/events`);
    await setImmediate();
    assert.equal((await ask('GET', `${TRIGGERS}/trig_1/events`)).status, 503);
    await ask('DELETE', `${TRIGGERS}/trig_1`);
    await stream;
  });

  it('can be created and deleted by other clients while one collection is locked, but not while all are', async () => {
    const { ask } = await setUp();
    const alice = { 'x-client-id': 'alice' };
    const lock = (scopes: readonly string[] | undefined, break_lock: boolean) =>
      ask('POST', '/apps/battery_monitor/locks', { lock_expiration: 60, scopes, break_lock }, alice);
    await lock(['data'], false);
    assert.equal((await ask('POST', TRIGGERS, SEED)).status, 201);
    await lock(undefined, true);
    for (const reply of [
      await ask('POST', TRIGGERS, SEED),
      await ask('PUT', `${TRIGGERS}/trig_1`, { lifetime: 5 }),
      await ask('DELETE', `${TRIGGERS}/trig_1`),
    ]) {
      assert.deepEqual([reply.status, reply.body.error_code], [409, 'lock-broken']);
    }
    assert.equal((await ask('DELETE', `${TRIGGERS}/trig_1`, undefined, alice)).status, 204);
  });
});

describe('triggers with webhooks', () => {
  const WEBHOOK = {
    ...SEED,
    protocol: 'webhook',
    webhook: { url: 'https://hooks.example/robots', secret: 'sixteen letters!', headers: { 'X-Key': 'hidden' } },
  };
  const withReceiver = async (more: object = {}) => {
    const http = new SimulatedHttp();
    const names = new SimulatedNames({ 'hooks.example': ['8.8.8.8'] });
    return { http, ...(await setUp(more, undefined, {}, { http, names })) };
  };

  for (const persistent of [true, false]) {
    it(`deliver their events to the webhook and on the stream, persistent ${persistent}`, async () => {
      const { ask, volts, http, clock } = await withReceiver();
      const made = await ask('POST', TRIGGERS, { ...WEBHOOK, persistent });
      assert.deepEqual([made.status, made.body.protocol], [201, 'webhook']);
      assert.deepEqual(made.body['x-medkit'].webhook, { origin: 'https://hooks.example' });
      assert.doesNotMatch(made.text, /sixteen|hidden|robots/);
      await volts(23, 21);
      await clock.advanceAsync(2000, 100);
      const [request] = http.requests;
      assert.equal(http.requests.length, 1);
      const event = JSON.parse(String(request?.body));
      assert.deepEqual(
        [event.type, event.subject, event.data.payload, event.source.endsWith(`${TRIGGERS}/trig_1`)],
        ['medkit.trigger.fired', SEED.resource, { data: 21 }, true],
      );
      await ask('DELETE', `${TRIGGERS}/trig_1`);
    });
  }

  it('are tested on request', async () => {
    const { ask, http } = await withReceiver();
    await ask('POST', TRIGGERS, WEBHOOK);
    http.answer = () => ({ status: 204 });
    const { status, body } = await ask('POST', `${TRIGGERS}/trig_1/x-medkit-test`);
    assert.deepEqual([status, body.delivered, body.status], [200, true, 204]);
    assert.equal(JSON.parse(String(http.requests[0]?.body)).type, 'medkit.trigger.test');
    await ask('POST', TRIGGERS, SEED);
    const without = await ask('POST', `${TRIGGERS}/trig_2/x-medkit-test`);
    assert.deepEqual([without.status, without.body.error_code], [409, 'precondition-not-fulfilled']);
    assert.equal((await ask('POST', `${TRIGGERS}/trig_3/x-medkit-test`)).status, 404);
  });

  it('are refused if the webhook is invalid, or nothing delivers', async () => {
    const { ask } = await withReceiver();
    const refused = async (webhook: object | undefined) => {
      const { status, body } = await ask('POST', TRIGGERS, { ...WEBHOOK, webhook });
      assert.deepEqual([status, body.error_code, body.parameters.parameter], [400, 'invalid-parameter', 'webhook']);
    };
    await refused(undefined);
    await refused({ url: 'ftp://hooks.example' });
    for (const changes of [{ webhooks: { enabled: false } }, { triggers: { storage: { path: ':memory:' } } }]) {
      const other = await withReceiver(changes);
      const { status, body } = await other.ask('POST', TRIGGERS, WEBHOOK);
      assert.deepEqual([status, body.parameters], [400, { parameter: 'protocol', value: 'webhook' }]);
    }
  });
});
