import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { callContext, isPromise, openModel, type Providers } from '@medkit/core';
import { app, component, fault, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { MUTE, twentyRobots } from '@medkit/entities/testing';
import { type LockAccess, OPEN_ACCESS } from '@medkit/locks';
import { createFaultService } from './fault-service.ts';

const NO_FRAMES = { of: () => [], settled: async () => undefined };

const STORED_FAULT = {
  faults: [{ fault: fault('MOTOR_HOT', { sources: ['/motor'] }), thresholds: [] }],
  muted: [],
  clusters: [],
};

const log = () => undefined;

async function setUp(list: NonNullable<Providers['faults']>['list']) {
  const clock = new SimulatedClock();
  const address = { runtime: 'memory', nativeId: '/motor' };
  const runtime = memoryRuntime({
    apps: [app('motor', { node: '/motor', address })],
    providers: { faults: { ...memoryFaults(), list } },
  });
  const model = await openModel({ runtimes: [runtime], clock, log });
  const faults = createFaultService({
    model,
    clock,
    entityFrames: NO_FRAMES,
    locks: OPEN_ACCESS,
    log,
  });
  return { clock, faults };
}

describe('lists of faults', () => {
  it('are returned immediately if the manager caches them, and are the same until one changes: no signal is created', async () => {
    const { clock, faults } = await setUp(() => STORED_FAULT);
    const waiting = {
      isAbandoned: false,
      get signal(): AbortSignal {
        return assert.fail('no signal is needed');
      },
    };
    const call = () => callContext({ clock, timeoutMs: 1000, waiting });
    const all = [faults.listAll({}, call()), faults.listAll({}, call())];
    const ofApp = [faults.list('app', 'motor', {}, call()), faults.list('app', 'motor', {}, call())];
    for (const [list, again] of [all, ofApp]) {
      assert.ok(list && !isPromise(list));
      assert.equal(list, again);
      assert.deepEqual(
        list.items.map(({ fault_code }) => fault_code),
        ['MOTOR_HOT'],
      );
    }
  });

  it('are awaited if the manager must be called, and report failed managers', async () => {
    const { clock, faults } = await setUp(async () => STORED_FAULT);
    const call = () => callContext({ clock, timeoutMs: 1000 });
    const list = faults.listAll({}, call());
    assert.ok(isPromise(list));
    assert.equal((await list).items.length, 1);
    assert.throws(() => faults.listAll({ status: 'none' }, call()), { code: 'invalid-parameter' });
    const broken = await setUp(() => {
      throw new Error('the book is lost');
    });
    await assert.rejects(async () => broken.faults.listAll({}, call()), { code: 'service-unavailable' });
  });
});

describe('a fault of a gateway without any component or area', () => {
  const stored = [
    fault('PEER_NOT_RESPONDING', { sources: ['/medkit_gateway'] }),
    fault('MOTOR_HOT', { sources: ['/motor'] }),
  ];
  const setUpAlone = async (locks: LockAccess = OPEN_ACCESS) => {
    const clock = new SimulatedClock();
    const cleared: string[] = [];
    const onCall = (method: string, code = '') => {
      if (method === 'clear') cleared.push(code);
    };
    const address = { runtime: 'memory', nativeId: '/motor' };
    const providers = { faults: memoryFaults({ faults: stored, onCall }) };
    const runtime = memoryRuntime({ apps: [app('motor', { node: '/motor', address })], providers });
    const model = await openModel({ runtimes: [runtime], clock, log });
    const faults = createFaultService({ model, clock, entityFrames: NO_FRAMES, locks, log });
    return { faults, cleared, call: () => callContext({ clock, timeoutMs: 1000 }) };
  };

  it('is read and cleared by its code', async () => {
    const { faults, cleared, call } = await setUpAlone();
    const { item } = await faults.getByCode('PEER_NOT_RESPONDING', call());
    assert.equal(item.code, 'PEER_NOT_RESPONDING');
    await faults.clearByCode('PEER_NOT_RESPONDING', call());
    assert.deepEqual(cleared, ['PEER_NOT_RESPONDING']);
    await assert.rejects(faults.getByCode('NONE', call()), { code: 'resource-not-found' });
    await assert.rejects(faults.clearByCode('NONE', call()), { code: 'resource-not-found' });
  });

  it('is not cleared by its code while another client has locked its app', async () => {
    const calls: string[] = [];
    const locks: LockAccess = {
      ...OPEN_ACCESS,
      change: async ({ entity, collection, item }) => {
        calls.push(`${entity.id} ${collection} ${item}`);
        throw new SovdError({ code: 'lock-broken', message: 'Locked by another client' });
      },
    };
    const { faults, cleared, call } = await setUpAlone(locks);
    await assert.rejects(faults.clearByCode('MOTOR_HOT', call()), { code: 'lock-broken' });
    assert.deepEqual([calls, cleared], [['motor faults MOTOR_HOT'], []]);
  });
});

describe('a fault whose reporter is no entity', () => {
  async function setUpHost() {
    const clock = new SimulatedClock();
    const stored = [
      fault('MOTOR_HOT', { sources: ['/motor'] }),
      fault('NODE_LEFT', { sources: ['/gone'] }),
      fault('SHARED', {
        sources: ['/gone', '/motor'],
        sourceResults: [
          { source: '/motor', runtime: 'memory', failing: false },
          { source: '/gone', failing: true },
        ],
      }),
    ];
    const calls: string[] = [];
    const onCall = (method: string, code = '') => void calls.push(`${method} ${code}`);
    const address = { runtime: 'memory', nativeId: '/motor' };
    const runtime = memoryRuntime({
      components: [component('amr')],
      apps: [app('motor', { node: '/motor', componentId: 'amr', address })],
      providers: { faults: memoryFaults({ faults: stored, onCall }) },
    });
    const model = await openModel({ runtimes: [runtime], clock, log });
    const service = createFaultService({ model, clock, entityFrames: NO_FRAMES, locks: OPEN_ACCESS, log });
    return { service, calls, call: () => callContext({ clock, timeoutMs: 1000 }) };
  }

  it('can be read and cleared like every listed fault, at the entity that the list names', async () => {
    const { service, calls, call } = await setUpHost();
    const { items } = await service.listAll({}, call());
    assert.deepEqual(
      items.map(({ fault_code, entity_type, entity_id }) => [fault_code, entity_type, entity_id]),
      [
        ['MOTOR_HOT', 'app', 'motor'],
        ['NODE_LEFT', 'component', 'amr'],
        ['SHARED', 'component', 'amr'],
      ],
    );
    for (const { entity_type: kind, entity_id: id, fault_code } of items) {
      assert.ok(kind && id);
      assert.equal((await service.get(kind, id, fault_code, call())).item.code, fault_code);
      await service.history(kind, id, fault_code, {}, call());
      await service.clear(kind, id, fault_code, call());
    }
    assert.equal(calls.filter((each) => each.startsWith('clear')).length, 3);
  });

  it('names the reporters that are not running, and those that still fail', async () => {
    const { service, call } = await setUpHost();
    const { items } = await service.listAll({}, call());
    assert.deepEqual(
      items.map((item) => item['x-medkit']?.absent_sources),
      [undefined, ['/gone'], ['/gone']],
    );
    const detail = await service.get('component', 'amr', 'SHARED', call());
    assert.deepEqual(detail['x-medkit']?.absent_sources, ['/gone']);
    assert.deepEqual(detail['x-medkit']?.failing_sources, ['/gone']);
  });

  it('can be read, but not cleared, at one of several reporters', async () => {
    const { service, call } = await setUpHost();
    assert.equal((await service.get('app', 'motor', 'SHARED', call())).item.code, 'SHARED');
    await assert.rejects(service.clear('app', 'motor', 'SHARED', call()), { code: 'resource-not-found' });
    await assert.rejects(service.get('app', 'motor', 'NODE_LEFT', call()), { code: 'resource-not-found' });
  });
});

describe('faults of twenty robots, of which one at another gateway does not answer', () => {
  async function loggedRobots() {
    const calls: string[] = [];
    const robots = await twentyRobots((robot, answered) => ({
      faults: memoryFaults({
        faults: [fault(`${robot.toUpperCase()}_HOT`, { sources: ['/app'] }), fault('SHARED', { sources: ['/app'] })],
        onCall: (method, code = '') => {
          calls.push(`${robot} ${method} ${code}`.trim());
          return answered();
        },
      }),
    }));
    const faults = createFaultService({ ...robots, entityFrames: NO_FRAMES, locks: OPEN_ACCESS, log });
    return { ...robots, faults, calls };
  }

  it('are listed after a second without that robot, which is named', async () => {
    const { faults, timed } = await loggedRobots();
    for (const list of [
      await timed((call) => faults.listAll({}, call)),
      await timed((call) => faults.list('area', 'hall', {}, call)),
    ]) {
      assert.ok(list.ms >= 1000 && list.ms <= 1200, `${list.ms} ms`);
      assert.equal(list.value.items.length, 2 * 19);
      const { partial, failed_members } = list.value['x-medkit'] ?? {};
      assert.deepEqual([partial, failed_members?.map(({ runtime }) => runtime)], [true, [MUTE]]);
    }
  });

  it('of one robot come from its gateway, and no other gateway is called', async () => {
    const { faults, timed, calls } = await loggedRobots();
    for (const at of [0, 12]) {
      const { value, ms } = await timed((call) => faults.list('app', `app_${at}`, {}, call));
      assert.deepEqual(
        value.items.map(({ fault_code }) => fault_code),
        [`ROBOT_${at}_HOT`, 'SHARED'],
      );
      assert.equal((await timed((call) => faults.get('app', `app_${at}`, 'SHARED', call))).ms + ms, 0);
      await assert.rejects(() => timed((call) => faults.get('app', `app_${at}`, 'ROBOT_7_HOT', call)), {
        code: 'resource-not-found',
      });
    }
    assert.deepEqual([...new Set(calls.map((call) => call.split(' ', 1)[0]))], ['robot_0', 'robot_12']);
  });

  it('are cleared only at this gateway if all are cleared', async () => {
    const { faults, timed, calls } = await loggedRobots();
    await timed((call) => faults.clearAll({}, call));
    assert.deepEqual(
      calls.filter((call) => call.includes('clear') || !call.startsWith('robot_0')),
      ['robot_0 clear ROBOT_0_HOT', 'robot_0 clear SHARED'],
    );
  });

  it('are awaited as long as the client waits, if an entity of that robot is requested', async () => {
    const { faults, timed } = await loggedRobots();
    await assert.rejects(() => timed((call) => faults.list('app', 'app_7', {}, call)), {
      code: 'service-unavailable',
    });
  });
});

describe('faults of one code in two local runtimes', () => {
  const symptom = { faultCode: 'SHARED', rootCauseCode: 'ROOT', ruleId: 'rule', delayMs: 0 };

  async function twoKeepers(locks: LockAccess = OPEN_ACCESS) {
    const clock = new SimulatedClock();
    const cleared: string[] = [];
    const keeper = (name: string, rest: Parameters<typeof memoryFaults>[0]) =>
      memoryRuntime({
        name,
        apps: [app(name, { address: { runtime: name, nativeId: name } })],
        providers: {
          faults: memoryFaults({
            ...rest,
            onCall: (method, code) => void (method === 'clear' && cleared.push(`${name} ${code}`)),
          }),
        },
      });
    const sources = ['plc'];
    const runtimes = [
      keeper('robot', { faults: [fault('ROOT', { sources: ['robot'] }), fault('SHARED', { sources: ['robot'] })] }),
      keeper('plc', { faults: [fault('ROOT', { sources }), fault('SHARED', { sources })], muted: [symptom] }),
    ];
    const model = await openModel({ runtimes, clock, log });
    const faults = createFaultService({ model, clock, entityFrames: NO_FRAMES, locks, log });
    return { faults, cleared, call: () => callContext({ clock, timeoutMs: 1000 }) };
  }

  it('are each cleared by their manager, and a lock of one does not keep a symptom of the other', async () => {
    for (const [locked, expected] of [
      ['robot', ['plc ROOT', 'robot ROOT']],
      ['plc', ['plc ROOT', 'robot ROOT', 'robot SHARED']],
    ] as const) {
      const isClosed: LockAccess['isClosed'] = ({ entity, item }) => entity.id === locked && item === 'SHARED';
      const { faults, cleared, call } = await twoKeepers({ ...OPEN_ACCESS, isClosed });
      await faults.clearAll({}, call());
      assert.deepEqual(cleared.sort(), expected, `${locked} is locked`);
      const { items } = await faults.list('app', 'plc', {}, call());
      assert.equal(items.length, locked === 'plc' ? 1 : 0);
    }
  });

  it('are each explained by their manager', async () => {
    const { faults, call } = await twoKeepers();
    const codes = async (id: string) => (await faults.list('app', id, {}, call())).items.map((item) => item.fault_code);
    assert.deepEqual([await codes('robot'), await codes('plc')], [['ROOT', 'SHARED'], ['ROOT']]);
  });
});
