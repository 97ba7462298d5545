import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { app, fault, faultEvent, MEMORY_TIMESTAMP_NS } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { SHARED_HEALTH_MS } from '../health/shared-health.ts';
import { closeServer } from '../http/close-server.ts';
import { listen } from '../listen.ts';
import { testGateway } from '../testing/test-gateway.ts';

const HOST = '127.0.0.1';
const PATIENCE_MS = 5000;
const AT = Number(MEMORY_TIMESTAMP_NS / 1_000_000n);

const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A gateway that listens on loopback; its clock advances while a test waits. */
async function setUp(onCall?: (nativeId: string) => Promise<void> | void) {
  const gateway = await testGateway({}, onCall);
  const port = await listen(gateway.app, { host: HOST, port: 0, clock: systemClock });
  cleanUps.push(() => closeServer(gateway.app, systemClock));
  const base = `http://${HOST}:${port}/api/v1`;
  const ask = async (method: string, path: string, body?: object) => {
    const reply = await fetch(`${base}/${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  /** Waits while the gateway's clock advances. */
  const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
    const endMs = performance.now() + PATIENCE_MS;
    while (!(await condition())) {
      assert.ok(performance.now() < endMs, `waited in vain until ${what}`);
      await gateway.clock.advanceAsync(10);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const follow = async (watch: string, more = 'interval=50&events=none') => {
    const names = watch.split(',');
    const controller = new AbortController();
    cleanUps.push(() => controller.abort());
    const reply = await fetch(`${base}/x-medkit-live?watch=${encodeURIComponent(watch)}&${more}`, {
      signal: controller.signal,
    });
    assert.equal(reply.status, 200);
    const seen = {
      events: [] as { readonly name: string; readonly data: Record<string, unknown> }[],
      /** The latest value of each requested item. */
      values: {} as Record<string, Record<string, unknown>>,
    };
    const read = async () => {
      const decoder = new TextDecoder();
      let text = '';
      for await (const part of reply.body ?? []) {
        const frames = (text + decoder.decode(part, { stream: true })).split('\n\n');
        text = frames.pop() ?? '';
        for (const frame of frames) {
          const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(frame) ?? [];
          if (name === undefined || data === undefined) continue;
          const event = { name, data: JSON.parse(data) };
          seen.events.push(event);
          if (name !== 'values') continue;
          for (const [place, value] of Object.entries(event.data.values))
            seen.values[names[Number(place)] ?? ''] = value as Record<string, unknown>;
        }
      }
    };
    read().catch(() => undefined);
    return { seen, leave: () => controller.abort() };
  };
  return { ...gateway, ask, follow, until };
}

describe('a live stream', () => {
  it('sends whole values, fields and type information, of entities of all kinds, with their times', async () => {
    const { follow, until } = await setUp();
    const names = [
      'apps/lidar_driver/data/scan',
      'apps/lidar_driver/data/scan:/ranges/1',
      'components/amr_01/data/lidar_driver:scan:/ranges/0',
      'functions/navigation/data/scan:/ranges',
      'areas/warehouse/data/lidar_driver%3A%2Fscan:/ranges',
      'apps/battery_monitor/data/battery_state:/voltage',
    ];
    const { seen } = await follow(names.join());
    await until('all are told', () => Object.keys(seen.values).length === names.length);
    const { 'apps/lidar_driver/data/scan': whole, ...fields } = seen.values;
    assert.deepEqual(Object(whole?.['value']).ranges, [1, 2.5]);
    const time = { at_ms: AT };
    assert.deepEqual(fields, {
      'apps/lidar_driver/data/scan:/ranges/1': { value: 2.5, ...time },
      'components/amr_01/data/lidar_driver:scan:/ranges/0': { value: 1, ...time },
      'functions/navigation/data/scan:/ranges': { value: [1, 2.5], ...time },
      'areas/warehouse/data/lidar_driver%3A%2Fscan:/ranges': { value: [1, 2.5], ...time },
      'apps/battery_monitor/data/battery_state:/voltage': { value: 24.8, ...time },
    });
    assert.ok(seen.events.every(({ data }) => Number.isInteger(data['at_ms'])));
  });

  it('sends a value at most once in an interval, and then the newest', async () => {
    const { follow, until, runtime, clock } = await setUp();
    const name = 'apps/lidar_driver/data/scan:/n';
    const { seen } = await follow(name, 'interval=200&events=none');
    await until('it has begun', () => seen.events.length > 0 && runtime.watched.length === 1);
    await clock.advanceAsync(300);
    seen.events.length = 0;
    for (let n = 1; n <= 40; n++) {
      runtime.publish('/lidar_driver', '/scan', { n }, MEMORY_TIMESTAMP_NS + BigInt(n));
      await clock.advanceAsync(10);
    }
    await until('the last is told', () => seen.values[name]?.['value'] === 40);
    assert.ok(seen.events.length >= 2 && seen.events.length <= 4, `${seen.events.length} events in 400 ms`);
  });

  it('reports an unavailable value as missing, and sends it once it is available', async () => {
    const { follow, until, runtime, model } = await setUp();
    const names = [
      'apps/arm_driver/data/pose:/x',
      'apps/lidar_driver/data/nothing',
      'apps/lidar_driver/data/scan:/none',
    ];
    const { seen } = await follow(names.join());
    await until('all are told', () => Object.keys(seen.values).length === 3);
    const [arm, nothing, none] = names.map((name) => seen.values[name]?.['error'] as Record<string, string>);
    assert.equal(arm?.['error_code'], 'entity-not-found');
    assert.equal(nothing?.['error_code'], 'resource-not-found');
    assert.deepEqual(
      [none?.['error_code'], none?.['message']],
      ['resource-not-found', 'The value of scan has no member at /none'],
    );
    const arms = app('arm_driver', {
      node: '/lidar_driver',
      address: { runtime: 'memory', nativeId: '/battery_monitor' },
    });
    runtime.tell({ apps: [...model.tree.all('app'), arms] });
    await until('the app is known', () =>
      /no .*pose|not found/i.test(JSON.stringify(seen.values[names[0] ?? '']?.['error'])),
    );
    const { seen: later } = await follow('apps/arm_driver/data/battery_state:/voltage');
    await until('it is told', () => later.values['apps/arm_driver/data/battery_state:/voltage']?.['value'] === 24.8);
    runtime.tell({ apps: model.tree.all('app').filter(({ id }) => id !== 'arm_driver') });
    const gone = () => later.values['apps/arm_driver/data/battery_state:/voltage'] ?? {};
    await until('it is gone', () => (gone()['error'] as Record<string, string>)?.['error_code'] === 'entity-not-found');
    assert.equal('value' in gone(), false);
    runtime.tell({ apps: [...model.tree.all('app'), arms] });
    await until('it is back', () => gone()['value'] === 24.8);
  });

  it('sends the tree, faults and locks, as they change', async () => {
    const { follow, until, runtime, model, ask } = await setUp();
    const { seen } = await follow('', 'interval=50');
    const named = (name: string) => seen.events.filter((event) => event.name === name).map(({ data }) => data);
    await until('the tree is told', () => named('tree').length === 1);
    const before = named('tree')[0]?.['etag'];
    runtime.tell({ apps: [...model.tree.all('app'), app('other')] });
    await until('its change is told', () => named('tree').length === 2);
    assert.notEqual(named('tree')[1]?.['etag'], before);
    runtime.announce(faultEvent(7, { fault: fault('LIDAR_HOT', { sources: ['/lidar_driver'] }) }));
    await until('the fault is told', () => named('fault').length === 1);
    const [confirmed] = named('fault') as [
      { readonly fault: { readonly fault_code: string }; readonly event_type: string },
    ];
    assert.deepEqual([confirmed.fault.fault_code, confirmed.event_type], ['LIDAR_HOT', 'fault_confirmed']);
    const reply = await ask('POST', 'apps/lidar_driver/locks', { lock_expiration: 60 });
    assert.equal(reply.status, 400, 'without a client id there is no lock');
    model.events.emit('lock.changed', {
      change: 'acquired',
      lockId: 'lock_1',
      entity: { kind: 'app', id: 'lidar_driver' },
      scopes: ['configurations'],
      clientId: 'alice',
      expiresMs: 0,
    });
    model.events.emit('incident.changed', { news: 'closed', incident: { id: 'inc_1' } as never });
    await until('both are told', () => named('lock').length === 1 && named('incident').length === 1);
    assert.deepEqual(named('lock')[0], {
      change: 'acquired',
      id: 'lock_1',
      entity: { type: 'app', id: 'lidar_driver' },
      holder: 'alice',
      scopes: ['configurations'],
      lock_expiration: '1970-01-01T00:00:00Z',
    });
    assert.deepEqual(named('incident')[0], { news: 'closed', incident: { id: 'inc_1' } });
  });

  it('reads a value once for all clients, at the interval of the fastest, and not at all without clients', async () => {
    let calls = 0;
    const { follow, until, runtime, ask, clock } = await setUp(() => void calls++);
    const names = ['apps/lidar_driver/data/scan:/ranges/0', 'apps/lidar_driver/data/scan:/ranges/1'];
    const first = await follow(names.join());
    await until('it is told', () => Object.keys(first.seen.values).length === 2);
    const before = calls;
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        follow(at % 2 ? names.join() : names[0]!, `interval=${50 + 10 * at}&events=none`),
      ),
    );
    await until('all are told', () => others.every(({ seen }) => Object.keys(seen.values).length > 0));
    assert.equal(calls, before, 'nobody was asked again');
    assert.deepEqual(runtime.watched, ['/scan']);
    const health = async () => {
      clock.advance(SHARED_HEALTH_MS);
      return (await ask('GET', 'health')).body;
    };
    const counted = async () => (await health())['x-medkit-live'];
    assert.deepEqual([(await counted()).values, (await counted()).items], [2, 1]);
    for (const { leave } of [first, ...others]) leave();
    await until('nothing is read', () => runtime.watched.length === 0);
    assert.deepEqual(await counted(), { rooms: 0, values: 0, items: 0 });
    await until('their streams are over', async () => (await health())['x-medkit-event-streams'].clients === 0);
  });

  it('is recorded in no audit log, and leaves no subscription behind', async () => {
    const { follow, until, ask } = await setUp();
    const records = async () => (await ask('GET', 'x-medkit-audit')).body.items.length;
    const made = await ask('POST', 'apps/lidar_driver/cyclic-subscriptions', {
      resource: '/api/v1/apps/lidar_driver/data/scan',
      interval: 'fast',
      duration: 60,
    });
    assert.equal(made.status, 201);
    await ask('DELETE', 'faults');
    const before = await records();
    assert.ok(before > 0, 'what changes something has one');
    const clients = await Promise.all(
      Array.from({ length: 50 }, () => follow('apps/lidar_driver/data/scan:/ranges/0')),
    );
    await until('all are told', () => clients.every(({ seen }) => seen.events.length > 0));
    for (const { leave } of clients) leave();
    assert.equal(await records(), before);
    const { items } = (await ask('GET', 'apps/lidar_driver/cyclic-subscriptions')).body;
    assert.deepEqual(
      items.map(({ id }: { readonly id: string }) => id),
      [made.body.id],
    );
    const { subscriptions } = (await ask('GET', 'health')).body['x-medkit-cyclic-subscriptions'];
    assert.equal(subscriptions, 1);
  });

  it('is refused as a whole only if a parameter is invalid, and the error names the parameter', async () => {
    const { ask } = await setUp();
    for (const [query, parameter] of [
      ['watch=apps/lidar_driver/faults', 'watch'],
      ['interval=10', 'interval'],
      ['events=everything', 'events'],
    ]) {
      const { status, body } = await ask('GET', `x-medkit-live?${query}`);
      assert.deepEqual([status, body.error_code, body.parameters.parameter], [400, 'invalid-parameter', parameter]);
    }
  });
});
