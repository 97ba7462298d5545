import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EntityKind, type Permission, SovdError, type TriggerCreateRequest } from '@medkit/contract';
import { callContext, type Principal } from '@medkit/core';
import { app, component, errorOf } from '@medkit/core/testing';
import { memoryRecords } from './testing/memory-records.ts';
import { BELOW_22, settled, triggerScene } from './testing/trigger-scene.ts';

const CHANGE = { condition_type: 'OnChange' };
const VOLTAGE = '/api/v1/apps/battery_monitor/data/voltage';

describe('a trigger', () => {
  for (const [kind, id, of] of [
    ['app', 'battery_monitor', 'data/voltage'],
    ['component', 'amr', 'faults'],
    ['area', 'hall', 'logs'],
    ['function', 'transport', 'operations'],
  ] as const) {
    it(`of ${kind} ${id} is created, read, given another lifetime and deleted`, async () => {
      const { service, call, create, close, clock } = await triggerScene();
      const made = await create(kind, id, of, CHANGE, { lifetime: 60, multishot: false });
      const collection = `/api/v1/${kind}s/${id}`;
      assert.deepEqual(
        { ...made, 'x-medkit': undefined },
        {
          id: 'trig_1',
          status: 'active',
          observed_resource: `${collection}/${of}`,
          event_source: `${collection}/triggers/trig_1/events`,
          protocol: 'sse',
          trigger_condition: CHANGE,
          multishot: false,
          persistent: false,
          lifetime: 60,
          'x-medkit': undefined,
        },
      );
      assert.deepEqual((await service.list(kind, id)).items, [made]);
      assert.deepEqual(await service.get(kind, id, 'trig_1'), made);
      clock.advance(30_000);
      const updated = await service.update(kind, id, 'trig_1', { lifetime: 40 }, call());
      assert.deepEqual([updated.lifetime, updated['x-medkit']?.expires], [40, '2026-01-01T00:01:10.000Z']);
      await service.remove(kind, id, 'trig_1', call());
      assert.deepEqual((await service.list(kind, id)).items, []);
      assert.equal((await errorOf(service.get(kind, id, 'trig_1'))).code, 'resource-not-found');
      assert.equal(made.id === (await create(kind, id, of, CHANGE)).id, false, 'no number is given twice');
      await close();
    });
  }

  it('exists only on its entity', async () => {
    const { service, call, create, close } = await triggerScene();
    await create('component', 'amr', 'faults', CHANGE);
    for (const [kind, id, trigger, code] of [
      ['component', 'arm', 'trig_1', 'resource-not-found'],
      ['app', 'driver', 'trig_1', 'resource-not-found'],
      ['component', 'amr', 'trig_01', 'resource-not-found'],
      ['component', 'amr', 'trig_2', 'resource-not-found'],
      ['component', 'nobody', 'trig_1', 'entity-not-found'],
      ['app', 'amr', 'trig_1', 'invalid-parameter'],
    ] as const) {
      assert.equal((await errorOf(service.get(kind, id, trigger))).code, code);
      assert.equal((await errorOf(service.remove(kind, id, trigger, call()))).code, code);
      assert.equal((await errorOf(service.events(kind, id, trigger, undefined))).code, code);
    }
    assert.equal((await errorOf(service.list('app', 'nobody'))).code, 'entity-not-found');
    await close();
  });

  it('reports why it cannot fire', async () => {
    const { service, create, publish, close } = await triggerScene();
    await create('app', 'battery_monitor', 'data/voltage', BELOW_22, { path: '/volts' });
    const problem = async () => (await service.get('app', 'battery_monitor', 'trig_1'))['x-medkit']?.problem;
    assert.equal(await problem(), 'No value was received yet');
    await publish('/battery_monitor', '/voltage', { data: 23 });
    assert.equal(await problem(), 'The last value has no member at /volts');
    await publish('/battery_monitor', '/voltage', { volts: 'many' });
    assert.equal(await problem(), 'The last value has no number at /volts');
    await publish('/battery_monitor', '/voltage', { volts: 23 });
    assert.equal(await problem(), undefined);
    await close();
  });
});

describe('a request for a trigger', () => {
  const refusals: readonly (readonly [
    string,
    Partial<Record<keyof TriggerCreateRequest, unknown>>,
    string,
    Readonly<Record<string, unknown>>,
  ])[] = [
    [
      'with a condition that is not an object',
      { trigger_condition: 7 },
      'invalid-parameter',
      { parameter: 'trigger_condition' },
    ],
    ['with a list for a condition', { trigger_condition: [] }, 'invalid-parameter', { parameter: 'trigger_condition' }],
    ['without a condition type', { trigger_condition: {} }, 'invalid-parameter', { parameter: 'trigger_condition' }],
    [
      'with a condition that is too large',
      { trigger_condition: { condition_type: 'OnChangeTo', target_value: 'x'.repeat(70_000) } },
      'invalid-parameter',
      { parameter: 'trigger_condition' },
    ],
    [
      'with an invalid resource and an invalid condition',
      { resource: 'voltage', trigger_condition: { condition_type: 'OnFire' } },
      'x-medkit-invalid-resource-uri',
      { parameter: 'resource', value: 'voltage' },
    ],
    [
      'on a path with ..',
      { resource: `${VOLTAGE}/../x` },
      'x-medkit-invalid-resource-uri',
      { parameter: 'resource', value: `${VOLTAGE}/../x` },
    ],
    [
      'on all data',
      { resource: '/api/v1/apps/battery_monitor/data' },
      'x-medkit-invalid-resource-uri',
      { parameter: 'resource', value: '/api/v1/apps/battery_monitor/data' },
    ],
    [
      'on one entry of a log',
      { resource: '/api/v1/apps/battery_monitor/logs/log_1' },
      'x-medkit-invalid-resource-uri',
      { parameter: 'resource', value: '/api/v1/apps/battery_monitor/logs/log_1' },
    ],
    [
      'on another entity and an unknown collection',
      { resource: '/api/v1/apps/driver/hopes' },
      'x-medkit-entity-mismatch',
      { parameter: 'resource', value: '/api/v1/apps/driver/hopes' },
    ],
    [
      'on the same id of another kind',
      { resource: '/api/v1/components/battery_monitor/faults' },
      'x-medkit-entity-mismatch',
      { parameter: 'resource', value: '/api/v1/components/battery_monitor/faults' },
    ],
    [
      'on an unknown collection with an invalid path',
      { resource: '/api/v1/apps/battery_monitor/hopes', path: 'data' },
      'invalid-parameter',
      { parameter: 'resource', value: '/api/v1/apps/battery_monitor/hopes' },
    ],
    [
      'with a path that is not a JSON Pointer and an unknown protocol',
      { path: 'data', protocol: 'mqtt' },
      'invalid-parameter',
      { parameter: 'path', value: 'data' },
    ],
    ['with a path that is too long', { path: `/${'a'.repeat(1024)}` }, 'invalid-parameter', { parameter: 'path' }],
    [
      'with an unknown protocol and a lifetime of zero',
      { protocol: 'mqtt', lifetime: 0 },
      'invalid-parameter',
      { parameter: 'protocol', value: 'mqtt' },
    ],
    [
      'with a webhook if no webhooks are delivered',
      { protocol: 'webhook' },
      'invalid-parameter',
      { parameter: 'protocol', value: 'webhook' },
    ],
    ['with a webhook over sse', { webhook: { url: 'https://a.b' } }, 'invalid-parameter', { parameter: 'webhook' }],
    [
      'with a lifetime of zero and an unknown condition',
      { lifetime: 0, trigger_condition: { condition_type: 'OnFire' } },
      'invalid-parameter',
      { parameter: 'lifetime', value: 0 },
    ],
    ['with a negative lifetime', { lifetime: -1 }, 'invalid-parameter', { parameter: 'lifetime', value: -1 }],
    [
      'with a lifetime that is too long',
      { lifetime: 1e12 },
      'invalid-parameter',
      { parameter: 'lifetime', value: 1e12 },
    ],
    [
      'with an invalid severity of log entries',
      { log_settings: { severity: 'loud' } },
      'invalid-parameter',
      { parameter: 'log_settings', value: 'loud' },
    ],
    [
      'with an unknown condition',
      { trigger_condition: { condition_type: 'OnFire' } },
      'invalid-parameter',
      { parameter: 'trigger_condition' },
    ],
    [
      'with an invalid range',
      { trigger_condition: { condition_type: 'EnterRange', lower_bound: 2, upper_bound: 1 } },
      'invalid-parameter',
      { parameter: 'trigger_condition' },
    ],
  ];
  for (const [what, differing, code, parameters] of refusals) {
    it(`${what} is rejected`, async () => {
      const { service, call, memory, close } = await triggerScene();
      const request = { resource: VOLTAGE, trigger_condition: CHANGE, persistent: true, ...differing };
      const error = await errorOf(service.create('app', 'battery_monitor', request as TriggerCreateRequest, call()));
      assert.deepEqual([error.code, error.status, error.parameters], [code, 400, parameters]);
      assert.equal(memory.rows.size, 0);
      await close();
    });
  }

  it('on an unknown entity is rejected before all else', async () => {
    const { service, call, close } = await triggerScene();
    const request = { resource: '', trigger_condition: 7 };
    assert.equal((await errorOf(service.create('app', 'nobody', request, call()))).code, 'entity-not-found');
    await close();
  });

  it('treats an empty member like an omitted one', async () => {
    const { create, close } = await triggerScene();
    const nothing = { protocol: null, path: null, lifetime: null, log_settings: null, persistent: null, webhook: null };
    const made = await create('app', 'battery_monitor', 'data/voltage', CHANGE, nothing);
    assert.deepEqual([made.protocol, made.persistent, made.lifetime, made.path], ['sse', false, undefined, undefined]);
    await close();
  });

  it('for an invalid lifetime is rejected, and changes nothing', async () => {
    const { service, call, create, close } = await triggerScene();
    const made = await create('app', 'driver', 'faults', CHANGE, { lifetime: 60 });
    for (const lifetime of [0, -5]) {
      const error = await errorOf(service.update('app', 'driver', made.id, { lifetime }, call()));
      assert.deepEqual(error.parameters, { parameter: 'lifetime', value: lifetime });
    }
    assert.equal((await service.get('app', 'driver', made.id)).lifetime, 60);
    await close();
  });

  it('on a misspelt item of a plugin is rejected with the closest item', async () => {
    const items = { 'MAIN.counter': {}, 'MAIN.level': {} };
    const plc = app('plc', { source: 'plugin', address: { runtime: 'memory', nativeId: 'plc' } });
    const { create, close } = await triggerScene({ runtime: { apps: [plc], data: { plc: items } } });
    const error = await errorOf(create('app', 'plc', 'data/MAIN.countr', CHANGE));
    assert.match(error.message, /did you mean 'MAIN.counter'\?/);
    assert.deepEqual(error.parameters, {
      entity_id: 'plc',
      topic_name: 'MAIN.countr',
      id: 'MAIN.countr',
      available_count: 2,
      did_you_mean: 'MAIN.counter',
      closest: ['MAIN.counter', 'MAIN.level'],
    });
    const far = await errorOf(create('app', 'plc', 'data/zzz', CHANGE));
    assert.equal(far.parameters?.['did_you_mean'], undefined, 'nothing is like it');
    assert.equal((await create('app', 'plc', 'data/MAIN.counter', CHANGE)).status, 'active');
    await close();
  });

  it('on an item of any member of a plugin is accepted, by its name and by that of the member', async () => {
    const at = (nativeId: string) => ({ source: 'plugin', address: { runtime: 'memory', nativeId } }) as const;
    const { create, close } = await triggerScene({
      runtime: {
        components: [component('line', at('line'))],
        apps: [app('plc', { componentId: 'line', ...at('plc') })],
        data: { line: { power: {} }, plc: { 'MAIN.counter': {} } },
      },
    });
    for (const item of ['power', 'MAIN.counter', 'plc:MAIN.counter']) {
      assert.equal((await create('component', 'line', `data/${item}`, CHANGE)).status, 'active', item);
    }
    const error = await errorOf(create('component', 'line', 'data/plc:MAIN.countr', CHANGE));
    assert.equal(error.parameters?.['did_you_mean'], 'MAIN.counter');
    await close();
  });
});

describe('room for triggers', () => {
  it('is limited, and is available again once one is deleted, ended or expired', async () => {
    const { service, call, create, publish, clock, close } = await triggerScene({ options: { maxTriggers: 2 } });
    await create('app', 'battery_monitor', 'data/voltage', CHANGE, { multishot: false });
    await create('app', 'driver', 'faults', CHANGE, { lifetime: 10 });
    const full = await errorOf(create('app', 'driver', 'faults', CHANGE));
    assert.deepEqual([full.code, full.status, full.parameters], ['service-unavailable', 503, { max_triggers: 2 }]);
    await publish('/battery_monitor', '/voltage', { data: 1 });
    const third = await create('app', 'driver', 'faults', CHANGE);
    await service.remove('app', 'driver', third.id, call());
    await create('app', 'driver', 'faults', CHANGE);
    clock.advance(10_000);
    await create('app', 'driver', 'faults', CHANGE);
    assert.equal((await errorOf(create('app', 'driver', 'faults', CHANGE))).code, 'service-unavailable');
    await close();
  });

  it('is reserved for those being created', async () => {
    const held = Promise.withResolvers<void>();
    const scene = await triggerScene({ options: { maxTriggers: 1 } });
    scene.memory.disk.held = held.promise;
    const first = scene.create('app', 'driver', 'faults', CHANGE);
    const second = errorOf(scene.create('app', 'driver', 'faults', CHANGE));
    await settled();
    held.resolve();
    assert.equal((await first).id, 'trig_1');
    assert.equal((await second).code, 'service-unavailable');
    await scene.close();
  });
});

describe('a trigger that cannot start', () => {
  it('leaves nothing behind if the disk fails', async () => {
    const memory = memoryRecords();
    const { create, service, runtime, close } = await triggerScene({ memory });
    memory.disk.failing = true;
    const make = () => create('app', 'battery_monitor', 'data/voltage', CHANGE, { persistent: true });
    const error = await errorOf(make());
    assert.deepEqual([error.code, error.status], ['service-unavailable', 503]);
    assert.deepEqual([(await service.list('app', 'battery_monitor')).items, runtime.watched], [[], []]);
    memory.disk.failing = false;
    assert.equal((await make()).id, 'trig_2');
    await close();
  });

  it('leaves nothing behind if its data cannot be subscribed to', async () => {
    let broken = true;
    const scene = await triggerScene({
      runtime: {
        onCall: () => {
          if (broken) throw new SovdError({ code: 'x-medkit-subscribe-failed', message: 'no room for another topic' });
        },
      },
    });
    const make = () => scene.create('app', 'battery_monitor', 'data/voltage', CHANGE, { persistent: true });
    const error = await errorOf(make());
    assert.deepEqual([error.code, error.status], ['x-medkit-subscribe-failed', 503]);
    assert.deepEqual(error.parameters, { details: 'no room for another topic' });
    assert.deepEqual([(await scene.service.list('app', 'battery_monitor')).items, scene.memory.rows.size], [[], 0]);
    broken = false;
    await make();
    assert.deepEqual(scene.runtime.watched, ['/voltage']);
    await scene.close();
  });

  it('is reported by health if earlier triggers cannot be read, until they can be', async () => {
    const memory = memoryRecords();
    memory.disk.failing = true;
    const { triggers, create, clock, service, logged, close } = await triggerScene({ memory });
    assert.equal(triggers.health().warnings[0]?.code, 'triggers_unavailable');
    assert.equal((await errorOf(service.list('app', 'driver'))).code, 'service-unavailable');
    assert.equal((await errorOf(create('app', 'driver', 'faults', CHANGE))).code, 'service-unavailable');
    memory.disk.failing = false;
    await clock.advanceAsync(10_000, 1000);
    assert.deepEqual(triggers.health().warnings, []);
    assert.equal(logged.filter((line) => line.includes('Triggers from before the start')).length, 1);
    assert.equal((await create('app', 'driver', 'faults', CHANGE)).id, 'trig_1');
    await close();
  });
});

it('disabled triggers answer not-implemented', async () => {
  const { service, call, close } = await triggerScene({ options: { enabled: false } });
  const [kind, id]: [EntityKind, string] = ['app', 'nobody'];
  for (const request of [
    service.list(kind, id),
    service.get(kind, id, 'trig_1'),
    service.create(kind, id, { resource: '', trigger_condition: 7 }, call()),
    service.update(kind, id, 'trig_1', { lifetime: 1 }, call()),
    service.remove(kind, id, 'trig_1', call()),
    service.events(kind, id, 'trig_1', undefined),
    service.test(kind, id, 'trig_1', call()),
  ]) {
    const error = await errorOf(request);
    assert.deepEqual([error.code, error.status, error.message], ['not-implemented', 501, 'Triggers not available']);
  }
  await close();
});

describe('the owner of a trigger', () => {
  const principal = (id: string, permissions: readonly Permission[] = ['subscriptions']): Principal => ({
    ...{ id, kind: 'user', role: 'viewer', scopes: [] },
    permissions: new Set(permissions),
  });
  const REQUEST = { resource: '/api/v1/apps/driver/faults', trigger_condition: CHANGE };

  it('is its creator; others change and delete it only with the permission to manage those of others', async () => {
    const { service, clock, create, close } = await triggerScene();
    const by = (asking: Principal) => callContext({ clock, timeoutMs: 1000, principal: asking });
    const [alice, bob] = [by(principal('user:alice')), by(principal('user:bob'))];
    const made = await service.create('app', 'driver', REQUEST, alice);
    assert.equal(made['x-medkit']?.owner, 'user:alice');
    for (const change of [
      service.update('app', 'driver', made.id, { lifetime: 9 }, bob),
      service.remove('app', 'driver', made.id, bob),
    ]) {
      const { code, status } = await errorOf(change);
      assert.deepEqual([code, status], ['insufficient-access-rights', 403]);
    }
    const key = by({ ...principal('key:1'), kind: 'key', owner: 'user:alice' });
    assert.equal((await service.update('app', 'driver', made.id, { lifetime: 9 }, key)).lifetime, 9);
    await service.remove(
      'app',
      'driver',
      made.id,
      by(principal('user:eve', ['subscriptions', 'subscriptions.manage'])),
    );
    const unowned = await create('app', 'driver', 'faults', CHANGE);
    assert.equal((await errorOf(service.remove('app', 'driver', unowned.id, alice))).status, 403);
    await close();
  });

  it('has half of the remaining room, and an error that names the limit', async () => {
    const { service, clock, close } = await triggerScene({ options: { maxTriggers: 4 } });
    const make = (id: string) =>
      service.create('app', 'driver', REQUEST, callContext({ clock, timeoutMs: 1000, principal: principal(id) }));
    await make('user:alice');
    await make('user:alice');
    const { code, status, message, parameters } = await errorOf(make('user:alice'));
    assert.deepEqual([code, status, parameters], ['rate-limit-exceeded', 429, { max_triggers: 4, held: 2 }]);
    assert.match(message, /user:alice has 2 of 4 triggers.*raise triggers\.max_triggers/);
    await make('user:bob');
    await close();
  });

  it('is required: nothing fires while the owner is removed, and it continues when the owner is back', async () => {
    let problem: string | undefined;
    const { service, clock, triggers, publish, listen, close } = await triggerScene({
      options: { ownerProblem: () => problem },
    });
    const call = callContext({ clock, timeoutMs: 1000, principal: principal('user:alice') });
    const resource = '/api/v1/apps/battery_monitor/data/voltage';
    const request = { resource, trigger_condition: CHANGE, multishot: true };
    const { id } = await service.create('app', 'battery_monitor', request, call);
    const { received } = await listen('app', 'battery_monitor', id);
    await publish('/battery_monitor', '/voltage', { data: 1 }, { data: 2 });
    const before = received.ids.length;
    assert.ok(before > 0);
    problem = 'It is suspended, because its owner user:alice was removed';
    await publish('/battery_monitor', '/voltage', { data: 3 });
    assert.equal(received.ids.length, before);
    const item = await service.get('app', 'battery_monitor', id);
    assert.deepEqual([item.status, item['x-medkit']?.problem], ['active', problem]);
    assert.equal(triggers.health().blocks['x-medkit-triggers']?.['suspended'], 1);
    problem = undefined;
    await publish('/battery_monitor', '/voltage', { data: 4 });
    assert.ok(received.ids.length > before);
    await close();
  });
});
