import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { component, fault, memoryFaults } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { SHARED_HEALTH_MS } from '../health/shared-health.ts';
import { closeServer } from '../http/close-server.ts';
import { listen } from '../listen.ts';
import { testGateway } from '../testing/test-gateway.ts';

const HOST = '127.0.0.1';
const PATIENCE_MS = 5000;
const LIDAR = 'apps/lidar_driver/cyclic-subscriptions';
const FAULTS = { resource: '/api/v1/apps/lidar_driver/faults', interval: 'normal', duration: 3600 };

const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A gateway that listens on loopback; its clock only moves when a test advances it. */
async function setUp(changes: Parameters<typeof testGateway>[0] = {}) {
  const gateway = await testGateway(changes, undefined, {
    faults: memoryFaults({ faults: [fault('LIDAR_HOT', { sources: ['/lidar_driver'] })] }),
  });
  const port = await listen(gateway.app, { host: HOST, port: 0, clock: systemClock });
  cleanUps.push(() => closeServer(gateway.app, systemClock));
  const ask = async (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) => {
    const reply = await fetch(`http://${HOST}:${port}/api/v1/${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, headers: reply.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  /** Follows the events of a path; `text` has the data received so far. */
  const follow = async (path: string) => {
    const controller = new AbortController();
    cleanUps.push(() => controller.abort());
    const reply = await fetch(`http://${HOST}:${port}/api/v1/${path}`, { signal: controller.signal });
    const following = { status: reply.status, headers: reply.headers, text: '', over: false };
    const read = async () => {
      const decoder = new TextDecoder();
      for await (const part of reply.body ?? []) following.text += decoder.decode(part);
    };
    void read()
      .catch(() => undefined)
      .then(() => {
        following.over = true;
      });
    return { following, leave: () => controller.abort() };
  };
  return { ...gateway, ask, follow };
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < endMs, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const eventsIn = ({ text }: { readonly text: string }) =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));

describe('cyclic subscriptions over HTTP', () => {
  it('are created and followed as the article of release 0.4.0 describes', async () => {
    const { ask, follow, runtime, model, clock } = await setUp();
    runtime.tell({ components: [...model.tree.all('component'), component('lidar_driver')] });
    await clock.advanceAsync(10);
    const created = await ask('POST', 'components/lidar_driver/cyclic-subscriptions', {
      resource: '/api/v1/components/lidar_driver/faults',
      interval: 'normal',
      duration: 3600,
    });
    assert.equal(created.status, 201);
    assert.deepEqual(created.body, {
      id: 'sub_001',
      observed_resource: '/api/v1/components/lidar_driver/faults',
      event_source: '/api/v1/components/lidar_driver/cyclic-subscriptions/sub_001/events',
      protocol: 'sse',
      interval: 'normal',
    });
    assert.equal(created.headers.get('location'), null);
    const { following } = await follow('components/lidar_driver/cyclic-subscriptions/sub_001/events');
    await until('the first event is there', () => eventsIn(following).length > 0);
    assert.equal(eventsIn(following)[0].payload.count, 0);
  });

  it('are listed, read, changed and deleted', async () => {
    const { ask } = await setUp();
    const { body } = await ask('POST', LIDAR, FAULTS);
    assert.deepEqual((await ask('GET', LIDAR)).body, { items: [body] });
    assert.deepEqual((await ask('GET', `${LIDAR}/sub_001`)).body, body);
    const changed = await ask('PUT', `${LIDAR}/sub_001`, { interval: 'fast', duration: 60 });
    assert.deepEqual([changed.status, changed.body], [200, { ...body, interval: 'fast' }]);
    assert.equal((await ask('DELETE', `${LIDAR}/sub_001`)).status, 204);
    assert.deepEqual((await ask('GET', LIDAR)).body, { items: [] });
  });

  it('are refused with the code and the status that clients know', async () => {
    const { ask } = await setUp({ sse: { max_subscriptions: 1 } });
    await ask('POST', LIDAR, FAULTS);
    const vendor = (code: string) => ({ error_code: 'vendor-error', vendor_code: code });
    const uri = (path: string) => ({ ...FAULTS, resource: `/api/v1/${path}` });
    const none = { status: 404, error_code: 'resource-not-found' };
    const wrong = [
      ['POST', 'apps/nobody/cyclic-subscriptions', FAULTS, { status: 404, error_code: 'entity-not-found' }],
      ['POST', LIDAR, { ...FAULTS, protocol: 'mqtt' }, { status: 400, ...vendor('x-medkit-unsupported-protocol') }],
      ['POST', LIDAR, { ...FAULTS, interval: 'NORMAL' }, { status: 400, error_code: 'invalid-parameter' }],
      ['POST', LIDAR, { ...FAULTS, duration: 0 }, { status: 400, error_code: 'invalid-parameter' }],
      ['POST', LIDAR, { ...FAULTS, duration: 3601 }, { status: 400, error_code: 'invalid-parameter' }],
      ['POST', LIDAR, { interval: 'fast' }, { status: 400, error_code: 'invalid-request' }],
      ['POST', LIDAR, uri('apps/lidar_driver'), { status: 400, ...vendor('x-medkit-invalid-resource-uri') }],
      ['POST', LIDAR, uri('components/amr_01/faults'), { status: 400, ...vendor('x-medkit-entity-mismatch') }],
      [
        'POST',
        'functions/navigation/cyclic-subscriptions',
        uri('functions/navigation/scripts'),
        { status: 400, ...vendor('x-medkit-collection-not-supported') },
      ],
      ['POST', LIDAR, uri('updates/map/status'), { status: 400, ...vendor('x-medkit-collection-not-available') }],
      ['POST', LIDAR, FAULTS, { status: 503, error_code: 'service-unavailable' }],
      ['GET', `${LIDAR}/sub_999`, undefined, none],
      ['GET', `${LIDAR}/sub_999/events`, undefined, none],
      ['PUT', `${LIDAR}/sub_999`, {}, none],
      ['PUT', `${LIDAR}/sub_001`, { interval: 'x' }, { status: 400, error_code: 'invalid-parameter' }],
      ['DELETE', `${LIDAR}/sub_999`, undefined, none],
      ['GET', 'areas/warehouse/cyclic-subscriptions', undefined, none],
    ] as const;
    for (const [method, path, request, expected] of wrong) {
      const { status, body } = await ask(method, path, request);
      const { error_code, vendor_code } = body;
      assert.deepEqual({ status, error_code, ...(vendor_code && { vendor_code }) }, expected, `${method} ${path}`);
    }
  });

  it('cannot be created for an entity that another client has locked', async () => {
    const { ask } = await setUp();
    const lock = { lock_expiration: 300, scopes: ['cyclic-subscriptions'] };
    await ask('POST', 'apps/lidar_driver/locks', lock, { 'x-client-id': 'alice' });
    assert.equal((await ask('POST', LIDAR, FAULTS, { 'x-client-id': 'bob' })).status, 409);
    assert.equal((await ask('POST', LIDAR, FAULTS, { 'x-client-id': 'alice' })).status, 201);
  });

  it('end with a lock that expires', async () => {
    const { ask, clock } = await setUp();
    await ask('POST', 'apps/lidar_driver/locks', { lock_expiration: 5 }, { 'x-client-id': 'alice' });
    await ask('POST', LIDAR, FAULTS, { 'x-client-id': 'alice' });
    await clock.advanceAsync(60_000);
    await until('it has ended', async () => (await ask('GET', LIDAR)).body.items.length === 0);
  });

  it('are among the capabilities of components, apps and functions, and in health', async () => {
    const { ask } = await setUp();
    await ask('POST', LIDAR, FAULTS);
    for (const entity of ['components/amr_01', 'apps/lidar_driver', 'functions/navigation']) {
      const { body } = await ask('GET', entity);
      assert.ok(
        body.capabilities.some(({ name }: { name: string }) => name === 'cyclic-subscriptions'),
        entity,
      );
    }
    assert.equal((await ask('GET', '')).body.capabilities.cyclic_subscriptions, true);
    assert.deepEqual((await ask('GET', 'health')).body['x-medkit-cyclic-subscriptions'], {
      subscriptions: 1,
      max_subscriptions: 100,
      viewers: 0,
      samples_total: 0,
    });
  });
});

describe('the events of a cyclic subscription', () => {
  it('are data frames without id and name, each with a time and a payload', async () => {
    const { ask, follow, clock } = await setUp();
    await ask('POST', LIDAR, FAULTS);
    const { following } = await follow(`${LIDAR}/sub_001/events`);
    assert.equal(following.headers.get('content-type'), 'text/event-stream');
    assert.equal(following.headers.get('cache-control'), 'no-cache');
    assert.equal(following.headers.get('x-accel-buffering'), 'no');
    await until('the first event is there', () => eventsIn(following).length === 1);
    await clock.advanceAsync(200);
    await until('the next event is there', () => eventsIn(following).length === 2);
    assert.doesNotMatch(following.text, /^(id|event|retry):/m);
    const [{ timestamp, payload }] = eventsIn(following);
    assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual([payload.count, payload.faults[0].fault_code], [1, 'LIDAR_HOT']);
  });

  it('have unchanged values, including 64-bit integers', async () => {
    const { ask, follow } = await setUp();
    await ask('POST', LIDAR, { ...FAULTS, resource: '/api/v1/apps/lidar_driver/data/%2Fscan' });
    const { following } = await follow(`${LIDAR}/sub_001/events`);
    await until('the value is there', () => following.text.includes('payload'));
    assert.match(
      following.text,
      /"payload":\{"id":"\/scan","data":\{"ranges":\[1,2\.5\],"stamp":4611686018427387904\}\}/,
    );
  });

  it('are refused for a topic that the entity does not have', async () => {
    const { ask, runtime } = await setUp();
    const wanted = { ...FAULTS, resource: '/api/v1/apps/lidar_driver/data/scam' };
    const { status, body } = await ask('POST', LIDAR, wanted);
    assert.deepEqual([status, body.error_code, body.parameters.did_you_mean], [404, 'resource-not-found', '/scan']);
    assert.deepEqual([(await ask('GET', LIDAR)).body.items, runtime.watched], [[], []]);
  });

  it('end when it is deleted or expires, and with the gateway', async () => {
    const { ask, follow, clock, app } = await setUp();
    for (const duration of [3600, 10, 3600]) await ask('POST', LIDAR, { ...FAULTS, duration });
    const [deleted, expired, left] = await Promise.all(
      ['sub_001', 'sub_002', 'sub_003'].map((id) => follow(`${LIDAR}/${id}/events`)),
    );
    await ask('DELETE', `${LIDAR}/sub_001`);
    await until('the stream of the deleted one ends', () => deleted?.following.over === true);
    await clock.advanceAsync(10_001);
    await until('the stream of the expired one ends', () => expired?.following.over === true);
    assert.equal(left?.following.over, false);
    void closeServer(app, systemClock);
    await until('the gateway ends the last', () => left?.following.over === true);
  });

  it('are no longer read once the last client has disconnected', async () => {
    const { ask, follow, runtime, clock } = await setUp();
    await ask('POST', LIDAR, { ...FAULTS, resource: '/api/v1/apps/lidar_driver/data/scan' });
    const clients = [await follow(`${LIDAR}/sub_001/events`), await follow(`${LIDAR}/sub_001/events`)];
    await until('it is watched', () => runtime.watched.length === 1);
    const viewers = async () => {
      clock.advance(SHARED_HEALTH_MS);
      return (await ask('GET', 'health')).body['x-medkit-cyclic-subscriptions'].viewers;
    };
    assert.equal(await viewers(), 2);
    for (const { leave } of clients) leave();
    await until('nobody is left', async () => (await viewers()) === 0);
    await clock.advanceAsync(1);
    assert.deepEqual(runtime.watched, []);
  });

  it('share their number of clients with all other streams', async () => {
    const { ask, follow } = await setUp({ sse: { max_clients: 1 } });
    await ask('POST', LIDAR, FAULTS);
    const first = await follow(`${LIDAR}/sub_001/events`);
    assert.equal((await ask('GET', `${LIDAR}/sub_001/events`)).status, 503);
    assert.equal((await ask('GET', 'faults/stream')).status, 503);
    first.leave();
    await until('there is room', async () => (await follow(`${LIDAR}/sub_001/events`)).following.status === 200);
  });
});
