import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CyclicSubscriptionCreateRequest, EntityKind } from '@medkit/contract';
import { callContext, openModel, type Sampler, type SubscriptionEvent, type SubscriptionTransport } from '@medkit/core';
import {
  app,
  area,
  component,
  errorOf,
  fault,
  functionEntity,
  memoryConfigurations,
  memoryFaults,
  memoryOperations,
  memoryRuntime,
} from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import {
  createConfigurationService,
  createDataService,
  createLogService,
  createOperationService,
} from '@medkit/entities';
import { createFaultService } from '@medkit/faults';
import { OPEN_ACCESS } from '@medkit/locks';
import { resourceSamplers } from './resource-samplers.ts';
import { openSubscriptions } from './subscription-service.ts';

const NO_FRAMES = { of: () => [], settled: async () => undefined };

const FAULTS = '/api/v1/apps/lidar/faults';
const SCAN = '/api/v1/apps/lidar/data/scan';
const NORMAL = { interval: 'normal', duration: 3600 } as const;

interface Options {
  readonly samplers?: ReadonlyMap<string, Sampler>;
  readonly transports?: ReadonlyMap<string, SubscriptionTransport>;
  readonly maxSubscriptions?: number;
  /** Data that can only be polled. */
  readonly unwatchable?: boolean;
  readonly onFaults?: () => Promise<void> | void;
}

/** A robot with one lidar on a host and a function, and its subscriptions. */
async function setUp({ samplers, transports, maxSubscriptions = 100, unwatchable = false, onFaults }: Options = {}) {
  const clock = new SimulatedClock();
  const calls = { faults: 0, reads: 0 };
  const logged: string[] = [];
  const log = (_: string, message: string): void => void logged.push(message);
  const runtime = memoryRuntime({
    areas: [area('hall')],
    components: [component('amr')],
    apps: [
      app('lidar', { componentId: 'amr', node: '/lidar', address: { runtime: 'memory', nativeId: '/lidar' } }),
      app('camera', { node: '/camera', address: { runtime: 'memory', nativeId: '/camera' } }),
    ],
    functions: [functionEntity('drive', ['lidar'])],
    data: { '/lidar': { scan: { value: { ranges: [1] } }, silent: {} } },
    onCall: () => void calls.reads++,
    providers: {
      configurations: memoryConfigurations({ '/lidar': { rate: { type: 'int', value: 10 } } }),
      operations: memoryOperations({ '/lidar': { calibrate: {} } }),
      faults: memoryFaults({
        faults: [fault('LIDAR_HOT', { sources: ['/lidar'] }), fault('CAMERA_DARK', { sources: ['/camera'] })],
        onCall: () => {
          calls.faults++;
          return onFaults?.();
        },
      }),
    },
  });
  const { watch, ...readable } = runtime.providers.data!;
  const provided = unwatchable ? { ...runtime, providers: { ...runtime.providers, data: readable } } : runtime;
  const model = await openModel({ runtimes: [provided], clock, log });
  const services = {
    data: createDataService({ model, clock }),
    configurations: createConfigurationService({ model, clock }),
    operations: createOperationService({ model, clock }),
    logs: createLogService({ model, clock }),
    faults: createFaultService({ model, clock, entityFrames: NO_FRAMES, locks: OPEN_ACCESS, log }),
  };
  const subscriptions = openSubscriptions({
    model,
    clock,
    log,
    samplers: resourceSamplers(services, samplers),
    ...(transports && { transports }),
    maxSubscriptions,
    maxDurationSec: 3600,
  });
  const { service } = subscriptions;
  const call = () => callContext({ clock, timeoutMs: 1000 });
  const create = (
    resource: string,
    more: Partial<CyclicSubscriptionCreateRequest> = {},
    [kind, id]: readonly [EntityKind, string] = ['app', 'lidar'],
  ) => service.create(kind, id, { resource, ...NORMAL, ...more }, call());
  /** Views a subscription of the lidar; returns the received events and a way to leave. */
  const view = (id: string) => {
    const events: SubscriptionEvent[] = [];
    const seen = { events, over: false, leave: (): void => undefined };
    seen.leave = service.viewing(
      'app',
      'lidar',
      id,
    )({
      offer: ({ event, text }) => {
        assert.deepEqual(JSON.parse(text), event);
        events.push(event);
      },
      end: () => {
        seen.over = true;
      },
    });
    return seen;
  };
  return { clock, calls, logged, runtime, model, subscriptions, service, call, create, view };
}

const payloads = (events: readonly SubscriptionEvent[]) =>
  events.map((event) => ('payload' in event ? event.payload : event.error));

describe('a new cyclic subscription', () => {
  it('has the requested values, an id of three digits and the address of its events', async () => {
    const { create, service } = await setUp();
    const first = await create('/api/v1/components/amr/faults', {}, ['component', 'amr']);
    assert.deepEqual(first, {
      id: 'sub_001',
      observed_resource: '/api/v1/components/amr/faults',
      event_source: '/api/v1/components/amr/cyclic-subscriptions/sub_001/events',
      protocol: 'sse',
      interval: 'normal',
    });
    assert.equal((await create(FAULTS, { protocol: null })).id, 'sub_002');
    assert.deepEqual(service.list('component', 'amr').items, [first]);
    assert.deepEqual(service.get('component', 'amr', 'sub_001'), first);
  });

  it('is rejected for its first problem', async () => {
    const { create } = await setUp({ maxSubscriptions: 1 });
    await create(FAULTS);
    // Each request is also wrong in all aspects of the later ones.
    const wrong = [
      ['entity-not-found', 'x', { protocol: 'pigeon', interval: 'Fast', duration: 0 }, ['app', 'nobody']],
      ['x-medkit-unsupported-protocol', 'x', { protocol: 'pigeon', interval: 'Fast', duration: 0 }],
      ['invalid-parameter', 'x', { interval: 'Fast', duration: 0 }],
      ['invalid-parameter', 'x', { duration: 0 }],
      ['x-medkit-invalid-resource-uri', 'x', {}],
      ['x-medkit-entity-mismatch', '/api/v1/apps/camera/data', {}],
      ['x-medkit-collection-not-supported', '/api/v1/functions/drive/locks/a', {}, ['function', 'drive']],
      ['x-medkit-invalid-resource-uri', '/api/v1/apps/lidar/data', {}],
      ['x-medkit-collection-not-available', '/api/v1/apps/lidar/locks/a', {}],
      ['x-medkit-invalid-resource-uri', '/api/v1/apps/lidar/faults/LIDAR_HOT', {}],
      ['service-unavailable', FAULTS, {}],
    ] as const;
    for (const [code, resource, more, of = ['app', 'lidar']] of wrong) {
      assert.equal((await errorOf(create(resource, more, of as [EntityKind, string]))).code, code, resource);
    }
  });

  it('is rejected with the problem and the correct form', async () => {
    const { create } = await setUp();
    const parametersOf = async (...args: Parameters<typeof create>) => (await errorOf(create(...args))).parameters;
    assert.deepEqual(await parametersOf(FAULTS, { interval: 'FAST' }), { parameter: 'interval', value: 'FAST' });
    assert.deepEqual(await parametersOf(FAULTS, { duration: -1 }), { parameter: 'duration', value: -1 });
    const tooLong = await parametersOf(FAULTS, { duration: 3601 });
    assert.deepEqual(tooLong, { parameter: 'duration', value: 3601, max_value: 3600 });
    assert.equal((await parametersOf('/api/v1/apps/lidar/wheels'))?.['collection'], 'wheels');
    assert.match(
      (await errorOf(create(FAULTS, { protocol: 'mqtt' }))).message,
      /"mqtt" is not supported; use one of sse/,
    );
  });

  for (const resource of [
    '/api/v1/apps/lidar/data/../faults',
    '/api/v1/apps/lidar/wheels',
    '/api/v1/apps/lidar/logs/1',
    '/api/v1/apps/lidar/configurations/rate',
    '/api/v1/faults',
    '/api/v1/updates',
    '/api/v1/updates/map',
  ]) {
    it(`is not an address that can be subscribed to: ${resource}`, async () => {
      const { create } = await setUp();
      assert.equal((await errorOf(create(resource))).code, 'x-medkit-invalid-resource-uri');
    });
  }

  it('may be to another kind of the same id only if that is the same entity', async () => {
    const { create } = await setUp();
    assert.equal((await errorOf(create('/api/v1/components/amr/faults'))).code, 'x-medkit-entity-mismatch');
    assert.equal((await errorOf(create('/api/v1/apps/gone/faults'))).code, 'x-medkit-entity-mismatch');
    assert.equal((await errorOf(create('/api/v1/areas/hall/faults'))).code, 'x-medkit-entity-mismatch');
  });

  it('to the status of an update is accepted for any entity, and is unavailable without a provider', async () => {
    const { create } = await setUp();
    const status = '/api/v1/updates/map/status';
    assert.equal((await errorOf(create(status))).code, 'x-medkit-collection-not-available');
    assert.equal((await errorOf(create(status, {}, ['function', 'drive']))).code, 'x-medkit-collection-not-available');
  });

  it('is limited in number, also for twenty concurrent requests, and makes room when it is deleted', async () => {
    const { create, service, call } = await setUp({ maxSubscriptions: 5 });
    const made = await Promise.allSettled(Array.from({ length: 20 }, () => create(FAULTS)));
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 5);
    assert.equal((await errorOf(create(FAULTS))).code, 'service-unavailable');
    service.remove('app', 'lidar', 'sub_003', call());
    assert.equal((await create(FAULTS)).id, 'sub_006');
  });
});

describe('a cyclic subscription', () => {
  it('exists only on its entity, and not after it is deleted', async () => {
    const { create, service, call } = await setUp();
    await create(FAULTS);
    const unknown = { code: 'resource-not-found', parameters: { subscription_id: 'sub_001' } };
    assert.throws(() => service.get('app', 'camera', 'sub_001'), unknown);
    service.remove('app', 'lidar', 'sub_001', call());
    for (const ask of [
      () => service.get('app', 'lidar', 'sub_001'),
      () => service.update('app', 'lidar', 'sub_001', {}, call()),
      () => service.remove('app', 'lidar', 'sub_001', call()),
      () => service.viewing('app', 'lidar', 'sub_001'),
    ]) {
      assert.throws(ask, unknown);
    }
    assert.deepEqual(service.list('app', 'lidar'), { items: [] });
    assert.throws(() => service.list('app', 'nobody'), { code: 'entity-not-found' });
  });

  it('ends after its duration, together with its streams', async () => {
    const { create, service, view, clock } = await setUp();
    await create(FAULTS, { duration: 10 });
    await create(FAULTS, { duration: 20 });
    const seen = view('sub_001');
    await clock.advanceAsync(9_990);
    assert.equal(seen.over, false);
    await clock.advanceAsync(20);
    assert.equal(seen.over, true);
    assert.deepEqual(
      service.list('app', 'lidar').items.map(({ id }) => id),
      ['sub_002'],
    );
    const count = seen.events.length;
    await clock.advanceAsync(1000);
    assert.equal(seen.events.length, count);
  });

  it('keeps its end if only its interval changes, and counts a new duration from now', async () => {
    const { create, service, call, clock } = await setUp();
    await create(FAULTS, { duration: 10 });
    await create(FAULTS, { duration: 10 });
    await clock.advanceAsync(8000);
    assert.equal(
      service.update('app', 'lidar', 'sub_001', { interval: 'slow', duration: null }, call()).interval,
      'slow',
    );
    assert.equal(service.update('app', 'lidar', 'sub_002', { duration: 10 }, call()).interval, 'normal');
    await clock.advanceAsync(3000);
    assert.deepEqual(
      service.list('app', 'lidar').items.map(({ id }) => id),
      ['sub_002'],
    );
    assert.throws(() => service.update('app', 'lidar', 'sub_001', { duration: 10 }, call()), {
      code: 'resource-not-found',
    });
    for (const change of [{ interval: 'never' }, { duration: 0 }, { duration: 3601 }]) {
      assert.throws(() => service.update('app', 'lidar', 'sub_002', change, call()), { code: 'invalid-parameter' });
    }
    assert.throws(() => service.update('app', 'lidar', 'sub_002', { interval: 'x', duration: 1 }, call()));
    await clock.advanceAsync(6000);
    assert.equal(service.list('app', 'lidar').items.length, 1, 'a refused change changes nothing');
  });

  it('ends with an expiring lock of its entity if that covers subscriptions', async () => {
    const { create, service, model, view, logged } = await setUp();
    for (let n = 0; n < 2; n++) await create(FAULTS);
    await create('/api/v1/apps/camera/faults', {}, ['app', 'camera']);
    const seen = view('sub_001');
    const lock = { lockId: 'lock_1', entity: { kind: 'app', id: 'lidar' }, clientId: 'alice', expiresMs: 0 } as const;
    model.events.emit('lock.changed', { ...lock, change: 'expired', scopes: ['data'] });
    model.events.emit('lock.changed', { ...lock, change: 'released', scopes: [] });
    assert.equal(service.list('app', 'lidar').items.length, 2);
    model.events.emit('lock.changed', { ...lock, change: 'expired', scopes: ['cyclic-subscriptions'] });
    assert.deepEqual(service.list('app', 'lidar').items, []);
    assert.equal(service.list('app', 'camera').items.length, 1);
    assert.equal(seen.over, true);
    assert.match(logged.join('\n'), /sub_001 of lidar ends with lock_1[\s\S]*sub_002/);
    model.events.emit('lock.changed', {
      ...lock,
      entity: { kind: 'app', id: 'camera' },
      change: 'expired',
      scopes: [],
    });
    assert.deepEqual(service.list('app', 'camera').items, []);
  });

  it('ends with the gateway', async () => {
    const { create, view, subscriptions, clock, calls } = await setUp();
    await create(FAULTS);
    const seen = view('sub_001');
    await clock.advanceAsync(10);
    subscriptions.close();
    assert.equal(seen.over, true);
    const faultCalls = calls.faults;
    await clock.advanceAsync(1000);
    assert.equal(calls.faults, faultCalls);
  });
});

describe('a subscription to a collection', () => {
  it('sends its content immediately and with every period', async () => {
    for (const [interval, perSecond] of [
      ['fast', 20],
      ['normal', 5],
      ['slow', 2],
    ] as const) {
      const { create, view, clock } = await setUp();
      await create(FAULTS, { interval });
      const { events } = view('sub_001');
      await clock.advanceAsync(1);
      assert.equal(events.length, 1);
      await clock.advanceAsync(1000);
      assert.ok(Math.abs(events.length - 1 - perSecond) <= 1, `${interval}: ${events.length}`);
    }
  });

  it('is read once however many clients view it, and not at all without viewers', async () => {
    const { create, view, clock, calls } = await setUp();
    for (let n = 0; n < 3; n++) await create(FAULTS);
    await create(FAULTS, { interval: 'slow' });
    await clock.advanceAsync(1000);
    assert.equal(calls.faults, 0);
    const viewers = ['sub_001', 'sub_001', 'sub_001', 'sub_002', 'sub_003', 'sub_004'].map(view);
    await clock.advanceAsync(1000);
    assert.ok(calls.faults <= 9, `${calls.faults} times`);
    const [first] = viewers;
    for (const { events } of viewers.slice(0, 3)) assert.deepEqual(events, first?.events);
    for (const { leave } of viewers) leave();
    const faultCalls = calls.faults;
    await clock.advanceAsync(1000);
    assert.equal(calls.faults, faultCalls);
  });

  it('sends the last event to later viewers, and newer events to returning ones', async () => {
    const { create, view, clock } = await setUp();
    await create(FAULTS, { interval: 'slow' });
    const first = view('sub_001');
    await clock.advanceAsync(1);
    const second = view('sub_001');
    assert.deepEqual(second.events, first.events);
    for (const { leave } of [first, second]) leave();
    await clock.advanceAsync(60_000);
    const again = view('sub_001');
    await clock.advanceAsync(1);
    assert.equal(again.events.length, 1);
    assert.notEqual(again.events[0]?.timestamp, first.events[0]?.timestamp);
  });

  it('accepts another interval while it is viewed', async () => {
    const { create, view, service, call, clock } = await setUp();
    await create(FAULTS, { interval: 'slow' });
    const { events } = view('sub_001');
    await clock.advanceAsync(500);
    service.update('app', 'lidar', 'sub_001', { interval: 'fast' }, call());
    await clock.advanceAsync(500);
    const before = events.length;
    await clock.advanceAsync(1000);
    assert.ok(events.length - before >= 18);
  });

  it('has only the faults of its entity, with their numbers', async () => {
    const { create, view, clock } = await setUp();
    await create(FAULTS);
    const { events } = view('sub_001');
    await clock.advanceAsync(1);
    const [event] = events;
    assert.match(event?.timestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const { faults, ...numbers } = payloads(events)[0] as { readonly faults: readonly { fault_code: string }[] };
    assert.deepEqual(
      faults.map(({ fault_code }) => fault_code),
      ['LIDAR_HOT'],
    );
    assert.deepEqual(numbers, { count: 1, muted_count: 0, cluster_count: 0 });
  });

  it('has configurations with their values, operations, and logs, or reports that no log is stored', async () => {
    const { create, view, clock } = await setUp();
    for (const collection of ['configurations', 'operations', 'logs']) await create(`/api/v1/apps/lidar/${collection}`);
    const [configurations, operations, logs] = ['sub_001', 'sub_002', 'sub_003'].map(view);
    await clock.advanceAsync(1);
    assert.deepEqual(payloads(configurations?.events ?? [])[0], {
      items: [{ id: 'rate', name: 'rate', value: 10, type: 'int' }],
    });
    const [{ items }] = payloads(operations?.events ?? []) as [{ items: readonly { id: string }[] }];
    assert.deepEqual(
      items.map(({ id }) => id),
      ['calibrate'],
    );
    assert.deepEqual(payloads(logs?.events ?? [])[0], {
      error_code: 'service-unavailable',
      message: 'This gateway has no log',
    });
  });

  it('reports why it has no content, and continues', async () => {
    let broken: Error | undefined = new Error('secret of the disk');
    const { create, view, clock } = await setUp({
      onFaults: () => {
        if (broken) throw broken;
      },
    });
    await create(FAULTS);
    const { events } = view('sub_001');
    await clock.advanceAsync(1);
    const [first] = payloads(events) as [{ error_code: string; message: string }];
    assert.equal(typeof first.error_code, 'string');
    assert.doesNotMatch(JSON.stringify(first), /secret/);
    broken = undefined;
    await clock.advanceAsync(1000);
    assert.ok('payload' in (events.at(-1) ?? {}));
  });

  it('does not accumulate calls to a runtime that does not answer', async () => {
    const { create, view, clock, calls } = await setUp({ onFaults: () => new Promise(() => undefined) });
    await create(FAULTS, { interval: 'fast' });
    const { events } = view('sub_001');
    await clock.advanceAsync(4000);
    assert.deepEqual([calls.faults, events.length], [1, 0]);
    await clock.advanceAsync(2000);
    assert.equal(events.length, 1);
    assert.equal(payloads(events.slice(0, 1)).length, 1);
  });

  it('follows the current state of its entity, also while the entity is unavailable', async () => {
    const { create, view, clock, runtime, model } = await setUp();
    await create(FAULTS);
    const { events } = view('sub_001');
    const apps = model.tree.all('app');
    runtime.tell({ apps: [] });
    await clock.advanceAsync(500);
    assert.equal((payloads(events).at(-1) as { error_code: string }).error_code, 'entity-not-found');
    runtime.tell({ apps });
    await clock.advanceAsync(500);
    assert.ok('payload' in (events.at(-1) ?? {}));
  });
});

describe('a subscription whose entity was removed, and whose id an entity of another gateway has', () => {
  it('reports why it has no content, and continues when its entity is back', async () => {
    const { create, view, clock, runtime, model, subscriptions } = await setUp();
    await create(SCAN);
    await create(FAULTS);
    const apps = model.tree.all('app');
    runtime.tell({ apps: apps.filter(({ id }) => id !== 'lidar') });
    const lidar = app('lidar', { address: { runtime: 'arm', nativeId: '/lidar' } });
    const other = memoryRuntime({
      name: 'arm',
      origin: 'arm',
      apps: [lidar],
      data: { '/lidar': { scan: { value: 7 } } },
    });
    await model.add(other);
    await clock.advanceAsync(10);
    const [scan, faults] = [view('sub_001'), view('sub_002')];
    await clock.advanceAsync(1000);
    const asleep = {
      error_code: 'entity-not-found',
      message:
        'It is dormant: the app lidar now belongs to the gateway arm, and the app of this gateway is not available',
    };
    assert.deepEqual([payloads(scan.events)[0], payloads(faults.events)[0], other.watched], [asleep, asleep, []]);
    assert.deepEqual(
      subscriptions.health().warnings.map(({ code, peerNames }) => [code, peerNames]),
      [['entity_id_taken', ['arm']]],
    );
    runtime.tell({ apps });
    await clock.advanceAsync(1000);
    assert.deepEqual(payloads(scan.events).at(-1), { id: '/scan', data: { ranges: [1] } });
    assert.ok('payload' in (faults.events.at(-1) ?? {}));
    assert.deepEqual(subscriptions.health().warnings, []);
  });

  it('receives nothing of the entity it followed there', async () => {
    const { create, view, clock, runtime, model } = await setUp();
    await create(SCAN);
    const { events } = view('sub_001');
    await clock.advanceAsync(1000);
    const apps = model.tree.all('app');
    runtime.tell({ apps: apps.filter(({ id }) => id !== 'lidar') });
    await model.add(memoryRuntime({ name: 'arm', origin: 'arm', apps: [app('lidar')] }));
    await clock.advanceAsync(10);
    runtime.publish('/lidar', 'scan', { ranges: [2] }, clock.wallNs());
    await clock.advanceAsync(1000);
    assert.deepEqual(payloads(events), [{ id: '/scan', data: { ranges: [1] } }]);
  });
});

describe('a subscription to data', () => {
  it('sends the value immediately, and then each new one, without polling', async () => {
    const { create, view, clock, runtime, calls } = await setUp();
    await create(SCAN);
    const seen = view('sub_001');
    await clock.advanceAsync(5000);
    assert.deepEqual(payloads(seen.events), [{ id: '/scan', data: { ranges: [1] } }]);
    const reads = calls.reads;
    for (const range of [2, 3]) {
      runtime.publish('/lidar', 'scan', { ranges: [range] }, clock.wallNs());
      await clock.advanceAsync(300);
    }
    assert.deepEqual(payloads(seen.events).slice(1), [
      { id: '/scan', data: { ranges: [2] } },
      { id: '/scan', data: { ranges: [3] } },
    ]);
    assert.equal(calls.reads, reads);
    seen.leave();
    await clock.advanceAsync(1);
    assert.deepEqual(runtime.watched, []);
  });

  it('sends the newest value with each period if more arrive', async () => {
    const { create, view, clock, runtime } = await setUp();
    await create(SCAN);
    const { events } = view('sub_001');
    await clock.advanceAsync(300);
    for (let range = 0; range < 100; range++) {
      runtime.publish('/lidar', 'scan', range, clock.wallNs());
      await clock.advanceAsync(10);
    }
    await clock.advanceAsync(300);
    assert.ok(events.length >= 6 && events.length <= 8, `${events.length} events of 100 values`);
    assert.deepEqual(payloads(events).at(-1), { id: '/scan', data: 99 });
  });

  it('sends the last of several values that arrived at the same time, and no value twice', async () => {
    const { create, view, clock, runtime } = await setUp();
    await create(SCAN);
    const { events } = view('sub_001');
    await clock.advanceAsync(300);
    // At the time of the value that was read.
    for (const ranges of [[1], [2], [2]]) {
      runtime.publish('/lidar', 'scan', { ranges });
      await clock.advanceAsync(300);
    }
    assert.deepEqual(payloads(events), [
      { id: '/scan', data: { ranges: [1] } },
      { id: '/scan', data: { ranges: [2] } },
    ]);
  });

  it('is the same item with or without a slash', async () => {
    for (const path of ['scan', '/scan', '%2Fscan']) {
      const { create, view, clock } = await setUp();
      await create(`/api/v1/apps/lidar/data/${path}`);
      const { events } = view('sub_001');
      await clock.advanceAsync(1);
      assert.deepEqual(payloads(events), [{ id: '/scan', data: { ranges: [1] } }], path);
    }
  });

  it('reports once that there is no value, and sends it when it arrives', async () => {
    const { create, view, clock, runtime } = await setUp();
    await create('/api/v1/apps/lidar/data/silent');
    const { events } = view('sub_001');
    await clock.advanceAsync(3000);
    assert.deepEqual(payloads(events), [
      {
        error_code: 'vendor-error',
        message: 'The topic has no value at the moment',
        vendor_code: 'x-medkit-ros2-topic-unavailable',
      },
    ]);
    runtime.publish('/lidar', 'silent', 7);
    await clock.advanceAsync(1);
    assert.deepEqual(payloads(events).at(-1), { id: '/silent', data: 7 });
  });

  it('is polled with every period if it cannot be watched', async () => {
    const { create, view, clock, calls } = await setUp({ unwatchable: true });
    await create(SCAN);
    const { events, leave } = view('sub_001');
    await clock.advanceAsync(2000);
    assert.ok(events.length >= 10 && events.length <= 12, `${events.length} events`);
    leave();
    const reads = calls.reads;
    await clock.advanceAsync(1000);
    assert.equal(calls.reads, reads);
  });

  it('that is closed before it began leaves no watch', async () => {
    const { create, view, clock, runtime } = await setUp();
    await create(SCAN);
    view('sub_001').leave();
    await clock.advanceAsync(100);
    assert.deepEqual(runtime.watched, []);
  });
});

describe('an addition of a plugin', () => {
  it('is a collection of a vendor, sent as a whole unless it accepts a path', async () => {
    const queries: unknown[] = [];
    const sample: Sampler['sample'] = async (entity, path) => {
      queries.push([entity, path]);
      return { pumps: path };
    };
    const samplers = new Map<string, Sampler>([
      ['x-plc-pumps', { sample }],
      ['x-plc-items', { takesPath: true, sample }],
    ]);
    const { create, view, clock } = await setUp({ samplers });
    await create('/api/v1/apps/lidar/x-plc-pumps');
    await create('/api/v1/apps/lidar/x-plc-items/a/b');
    await create('/api/v1/functions/drive/x-plc-pumps', {}, ['function', 'drive']);
    assert.equal((await errorOf(create('/api/v1/apps/lidar/x-plc-pumps/a'))).code, 'x-medkit-invalid-resource-uri');
    assert.equal((await errorOf(create('/api/v1/apps/lidar/x-plc-valves'))).code, 'x-medkit-collection-not-available');
    const seen = [view('sub_001'), view('sub_002')];
    await clock.advanceAsync(1);
    assert.deepEqual(
      seen.flatMap(({ events }) => payloads(events)),
      [{ pumps: '' }, { pumps: 'a/b' }],
    );
    assert.deepEqual(queries[0], [{ kind: 'app', id: 'lidar' }, '']);
  });

  it('may be a value that cannot be written as JSON', async () => {
    const samplers = new Map([['x-odd', { sample: async () => (() => 1) as never }]]);
    const loop: Record<string, unknown> = {};
    loop['loop'] = loop;
    samplers.set('x-loop', { sample: async () => loop as never });
    const { create, view, clock } = await setUp({ samplers });
    await create('/api/v1/apps/lidar/x-loop');
    const { events } = view('sub_001');
    await clock.advanceAsync(1);
    assert.deepEqual(payloads(events), [{ error_code: 'internal-error', message: 'Internal server error' }]);
  });

  it('is a transport that receives one event after the other, always the newest', async () => {
    const deliveries: string[] = [];
    let delivered = (): void => undefined;
    const transport: SubscriptionTransport = {
      start: async ({ id, entity, resource }) => void deliveries.push(`start ${id} ${entity.id} ${resource}`),
      deliver: (id, event) => {
        deliveries.push(`${id} ${'payload' in event}`);
        return new Promise((resolve) => {
          delivered = resolve;
        });
      },
      stop: async (id) => void deliveries.push(`stop ${id}`),
    };
    const { create, service, call, clock } = await setUp({ transports: new Map([['mqtt', transport]]) });
    assert.equal((await create(FAULTS, { protocol: 'mqtt' })).protocol, 'mqtt');
    assert.throws(() => service.viewing('app', 'lidar', 'sub_001'), {
      code: 'x-medkit-transport-not-streamable',
      status: 501,
    });
    await clock.advanceAsync(2000);
    assert.deepEqual(deliveries, [`start sub_001 lidar ${FAULTS}`, 'sub_001 true']);
    delivered();
    await clock.advanceAsync(1);
    assert.equal(deliveries.length, 3);
    service.remove('app', 'lidar', 'sub_001', call());
    delivered();
    await clock.advanceAsync(2000);
    assert.deepEqual(deliveries.slice(3), ['stop sub_001']);
  });

  it('is a transport that may fail: a failed start rejects the subscription, a failed delivery is reported once', async () => {
    let startable = false;
    const transport: SubscriptionTransport = {
      start: async () => {
        if (!startable) throw new Error('no broker');
      },
      deliver: async () => {
        throw new Error('gone');
      },
      stop: async () => undefined,
    };
    const { create, service, clock, logged } = await setUp({ transports: new Map([['mqtt', transport]]) });
    const refused = await errorOf(create(FAULTS, { protocol: 'mqtt' }));
    assert.deepEqual([refused.code, refused.parameters], ['service-unavailable', { protocol: 'mqtt' }]);
    assert.deepEqual(service.list('app', 'lidar').items, []);
    startable = true;
    await create(FAULTS, { protocol: 'mqtt' });
    await clock.advanceAsync(2000);
    assert.equal(logged.filter((line) => /could not be delivered: gone/.test(line)).length, 1);
  });
});

describe('the owner of a cyclic subscription', () => {
  const by = (clock: SimulatedClock, id: string) =>
    callContext({
      clock,
      timeoutMs: 1000,
      principal: { id, kind: 'user', role: 'viewer', scopes: [], permissions: new Set(['subscriptions'] as const) },
    });

  it('is the only one to change and delete it, and has half of the remaining room', async () => {
    const { service, clock } = await setUp({ maxSubscriptions: 4 });
    const [alice, bob] = [by(clock, 'user:alice'), by(clock, 'user:bob')];
    const make = (call: typeof alice) => service.create('app', 'lidar', { resource: FAULTS, ...NORMAL }, call);
    const { id } = await make(alice);
    await make(alice);
    assert.equal((await errorOf(make(alice))).code, 'rate-limit-exceeded');
    await make(bob);
    const refused = { code: 'insufficient-access-rights', status: 403 };
    assert.throws(() => service.update('app', 'lidar', id, { duration: 9 }, bob), refused);
    assert.throws(() => service.remove('app', 'lidar', id, bob), refused);
    service.remove('app', 'lidar', id, alice);
  });
});

describe('a cyclic subscription of an entity whose id changes', () => {
  it('follows it to the new id, also for its viewers', async () => {
    const { clock, create, view, runtime, model, service } = await setUp();
    const { id } = await create(SCAN, { interval: 'fast' });
    const seen = view(id);
    await clock.advanceAsync(1000, 50);
    const apps = model.tree.all('app').map((each) => (each.id === 'lidar' ? { ...each, id: 'front_lidar' } : each));
    runtime.tell({ apps });
    seen.events.length = 0;
    await clock.advanceAsync(1000, 50);
    assert.equal(seen.over, false);
    assert.ok(seen.events.length > 0);
    assert.deepEqual(
      seen.events.filter((event) => 'error' in event),
      [],
    );
    assert.deepEqual(
      service
        .list('app', 'front_lidar')
        .items.map(({ observed_resource, event_source }) => [observed_resource, event_source]),
      [['/api/v1/apps/front_lidar/data/scan', '/api/v1/apps/front_lidar/cyclic-subscriptions/sub_001/events']],
    );
  });
});
