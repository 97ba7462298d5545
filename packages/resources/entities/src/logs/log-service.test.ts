import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  callContext,
  gatewayPrincipal,
  LOCAL_RUNTIME,
  type LogAdded,
  type LogEntry,
  type LogProvider,
  type LogReader,
  logBuffers,
  openModel,
} from '@medkit/core';
import { app, area, component, type MemoryRuntime, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { MUTE, twentyRobots } from '../members/testing/twenty-robots.ts';
import { createLogService } from './log-service.ts';

const SECOND_NS = 1_000_000_000n;

const lineOf = (logger: string, seconds: number) =>
  ({ timestampNs: BigInt(seconds) * SECOND_NS, severity: 'info', logger, message: `${logger} ${seconds}` }) as const;

const appsOf = (runtime: string, ids: readonly string[]) => ({
  components: [component(`${runtime}_host`, { areaId: 'hall' })],
  areas: [area('hall')],
  apps: ids.map((id) => app(id, { componentId: `${runtime}_host`, address: { runtime, nativeId: `/${id}` } })),
});

/** A local runtime that records logs. */
function recording(name: string, apps: readonly string[]) {
  const runtime = memoryRuntime({ name, ...appsOf(name, apps), records: { isEntity: () => false } });
  return { runtime, log: (logger: string, seconds: number) => runtime.record(lineOf(logger, seconds)) };
}

/** Another gateway, which stores its own log. */
function peerOf(name: string, apps: readonly string[]) {
  const { keep, provider } = logBuffers().open({ isEntity: () => false, logged: () => undefined });
  let isBroken = false;
  const list: LogProvider['list'] = async (...args) => {
    if (isBroken) throw new Error('broken');
    return provider.list(...args);
  };
  const runtime = memoryRuntime({
    name,
    origin: name,
    ...appsOf(name, apps),
    providers: { logs: { ...provider, list } },
  });
  return {
    runtime,
    log: (logger: string, seconds: number) => keep(lineOf(logger, seconds)),
    breakIt: () => (isBroken = true),
  };
}

/** This gateway as a runtime, which stores its own notes. */
const gateway = () => memoryRuntime({ name: LOCAL_RUNTIME, records: { isEntity: () => false } });

async function serve(runtimes: readonly MemoryRuntime[], reader?: LogReader) {
  const clock = new SimulatedClock();
  const model = await openModel({ runtimes, clock, log: () => undefined });
  const call = () => callContext({ clock, timeoutMs: 1000 });
  const added: LogAdded[] = [];
  model.events.on('log.added', (each) => added.push(each));
  return { clock, call, added, logs: createLogService({ model, clock, ...(reader && { reader }) }) };
}

describe('the log service', () => {
  it('orders entries of one gateway by arrival, whatever the clocks of runtimes', async () => {
    const [ros, simulation] = [recording('ros2', ['lidar']), recording('simulation', ['wheel'])];
    const { logs, call } = await serve([ros.runtime, simulation.runtime]);
    ros.log('lidar', 1000);
    simulation.log('wheel', 1);
    ros.log('lidar', 1001);
    simulation.log('wheel', 2);
    const all = await logs.list('area', 'hall', {}, call());
    assert.deepEqual(
      all.items.map(({ id, message }) => `${id} ${message}`),
      ['log_1 lidar 1000', 'log_2 wheel 1', 'log_3 lidar 1001', 'log_4 wheel 2'],
    );
    const next = await logs.wholeLog({ since: 'log_1', limit: '2' }, call());
    assert.deepEqual(
      next.items.map(({ id }) => id),
      ['log_2', 'log_3'],
    );
  });

  it('orders entries of several gateways by time, because their numbers are not comparable', async () => {
    const [ros, peer] = [recording('ros2', ['lidar']), peerOf('peer_b', ['conveyor'])];
    const { logs, call } = await serve([ros.runtime, peer.runtime]);
    ros.log('lidar', 1);
    peer.log('conveyor', 2);
    ros.log('lidar', 3);
    const { items } = await logs.list('area', 'hall', {}, call());
    assert.deepEqual(
      items.map(({ message }) => message),
      ['lidar 1', 'conveyor 2', 'lidar 3'],
    );
    const newest = await logs.wholeLog({ limit: '2' }, call());
    assert.deepEqual(
      newest.items.map(({ message }) => message),
      ['conveyor 2', 'lidar 3'],
    );
  });

  it('reads only the gateway of an entity, and reports no log if that has none', async () => {
    const mute = memoryRuntime({ name: 'peer_b', origin: 'peer_b', ...appsOf('peer_b', ['gripper']) });
    const ros = recording('ros2', ['lidar']);
    const { logs, call, added } = await serve([ros.runtime, mute, gateway()]);
    ros.log('gripper', 1);
    const message =
      /^The \w+ \w+ belongs to the gateway \w+, which does not offer its logs here: send the request to that gateway$/;
    const notStored = { code: 'not-implemented', message };
    await assert.rejects(logs.list('app', 'gripper', {}, call()), notStored);
    await assert.rejects(logs.list('component', 'peer_b_host', {}, call()), notStored);
    const note = { severity: 'error', message: 'Too hot' };
    await assert.rejects(logs.add('app', 'gripper', note, call()), notStored);
    assert.equal(added.length, 1);
  });

  it('returns available entries, and names the missing runtimes', async () => {
    const [ros, peer] = [recording('ros2', ['lidar']), peerOf('peer_b', ['conveyor'])];
    const { logs, call } = await serve([ros.runtime, peer.runtime]);
    ros.log('lidar', 1);
    peer.breakIt();
    const { items, 'x-medkit': about } = await logs.list('area', 'hall', {}, call());
    assert.equal(items.length, 1);
    assert.equal(about?.partial, true);
    assert.deepEqual(
      about?.failed_members?.map(({ entity_id, runtime }) => `${runtime} ${entity_id}`),
      ['peer_b hall'],
    );
    await assert.rejects(logs.list('app', 'conveyor', {}, call()), { code: 'service-unavailable' });
  });

  it('is unavailable if no runtime stores a log, and empty if only other entities have one', async () => {
    const plain = memoryRuntime({ apps: [app('valve', { address: { runtime: 'memory', nativeId: 'v' } })] });
    const alone = await serve([plain]);
    const none = { code: 'service-unavailable', message: 'This gateway has no log' };
    await assert.rejects(alone.logs.list('app', 'valve', {}, alone.call()), none);
    await assert.rejects(async () => alone.logs.wholeLog({}, alone.call()), none);
    await assert.rejects(alone.logs.list('app', 'valve', { severity: 'loud' }, alone.call()), {
      code: 'invalid-parameter',
    });

    const beside = await serve([plain, recording('ros2', []).runtime]);
    assert.deepEqual(await beside.logs.list('app', 'valve', {}, beside.call()), { items: [] });
  });

  it('reads from an external reader instead of all runtimes, and stores its notes locally', async () => {
    const [ros, plc] = [recording('ros2', ['lidar']), recording('plc', ['conveyor'])];
    const queries: unknown[] = [];
    let broken = false;
    const reader: LogReader = {
      list: async (nativeId, { sources, namespaces }, { minimum, context, limit, after }) => {
        if (broken) throw new Error('no route to host');
        queries.push([nativeId, sources, namespaces, minimum, context, limit, after]);
        const found = {
          sequence: 7,
          timestampNs: 5n,
          severity: 'error',
          logger: 'lidar',
          message: 'from afar',
        } as const;
        return [found];
      },
    };
    const { logs, call, added } = await serve([ros.runtime, plc.runtime], reader);
    ros.log('lidar', 1);
    const filters = { severity: 'warning', context: 'li', limit: '5', since: 'log_1763806634123456' };
    const { items } = await logs.list('component', 'ros2_host', filters, call());
    assert.deepEqual(
      items.map(({ id, message }) => `${id} ${message}`),
      ['log_7 from afar'],
    );
    assert.equal((await logs.wholeLog({}, call())).items.length, 1);
    const sources = ['/lidar', 'medkit.component.ros2_host'];
    assert.deepEqual(queries, [
      ['component/ros2_host', sources, [], 'warning', 'li', 5, { sequence: 1763806634123456 }],
      ['/', [], ['/'], 'debug', '', 1000, undefined],
    ]);
    await logs.add('app', 'lidar', { severity: 'error', message: 'Too hot' }, call());
    assert.equal(added.at(-1)?.entry.message, 'Too hot');
    broken = true;
    await assert.rejects(logs.list('app', 'lidar', {}, call()), {
      code: 'service-unavailable',
      message: 'The log cannot be read',
    });
  });

  it('finds entities by their logger names, also if their native ids contain a collection', async () => {
    const ros = recording('ros2', ['lidar']);
    const queries: (readonly string[])[] = [];
    const reader: LogReader = {
      list: async (_nativeId, { sources }) => {
        queries.push(sources);
        return [];
      },
    };
    const valve = app('valve', { componentId: 'ros2_host', address: { runtime: 'plc', nativeId: 'apps/valve' } });
    const { logs, call } = await serve([ros.runtime, memoryRuntime({ name: 'plc', apps: [valve] })], reader);
    await logs.list('component', 'ros2_host', {}, call());
    assert.deepEqual(queries, [['/lidar', 'valve', 'medkit.component.ros2_host']]);
  });

  it('is paged backwards, the newest first, and states the time of its oldest entry', async () => {
    const [ros, peer] = [recording('ros2', ['lidar']), peerOf('peer_b', ['conveyor'])];
    const { logs, call } = await serve([ros.runtime, peer.runtime]);
    for (let second = 1; second <= 5; second++) ros.log('lidar', second);
    const page = async (parameters: Parameters<typeof logs.wholeLog>[0]) => {
      const { items, 'x-medkit': about } = await logs.list('app', 'lidar', { limit: '2', ...parameters }, call());
      return [items.map(({ id }) => id).join(), about?.oldest];
    };
    const oldest = '1970-01-01T00:00:01.000000000Z';
    assert.deepEqual(await page({}), ['log_4,log_5', undefined]);
    assert.deepEqual(await page({ before: 'log_4' }), ['log_3,log_2', oldest]);
    assert.deepEqual(await page({ before: '1970-01-01T00:00:02Z' }), ['log_1', oldest]);
    assert.deepEqual(await page({ until: 'log_3' }), ['log_2,log_3', oldest]);
    assert.deepEqual(await page({ since: 'log_1', until: '1970-01-01T00:00:04Z' }), ['log_2,log_3', oldest]);
    peer.log('conveyor', 0);
    const whole = await logs.wholeLog({ before: '1970-01-01T00:00:02Z' }, call());
    assert.deepEqual(
      [whole.items.map(({ message }) => message), whole['x-medkit']],
      [['lidar 1', 'conveyor 0'], { oldest: '1970-01-01T00:00:00.000000000Z' }],
    );
    await assert.rejects(async () => logs.wholeLog({ before: 'soon' }, call()), {
      message: /^Invalid before: must be an entry id/,
    });
  });

  it('returns nothing after the end of a list, even if a reader ignores the end', async () => {
    const entry = (sequence: number): LogEntry => ({
      sequence,
      timestampNs: BigInt(sequence),
      severity: 'info',
      logger: 'lidar',
      message: `${sequence}`,
    });
    const reader: LogReader = { list: async () => [entry(1), entry(2), entry(3)] };
    const { logs, call } = await serve([recording('ros2', ['lidar']).runtime], reader);
    const { items, 'x-medkit': about } = await logs.wholeLog({ before: 'log_3' }, call());
    assert.deepEqual([items.map(({ message }) => message), about], [['2', '1'], undefined]);
  });

  it('adds notes of the gateway to the log of an entity', async () => {
    const ros = recording('ros2', ['lidar']);
    const { logs, call, clock, added } = await serve([ros.runtime, gateway()]);
    await logs.add('app', 'lidar', { severity: 'error', message: 'Too hot', metadata: { limit: 2n ** 63n } }, call());
    ros.log('lidar', 1);
    await logs.add('component', 'ros2_host', { severity: 'loud', message: 'Noted', metadata: {} }, call());
    await logs.add('area', 'hall', { severity: 'info', message: 'Swept' }, call());
    assert.deepEqual(
      added.map(({ runtime, entry: { severity, logger, message, timestampNs } }) => [
        runtime,
        severity,
        logger,
        message,
        timestampNs,
      ]),
      [
        ['ros2', 'error', 'lidar', 'Too hot {"limit":"9223372036854775808"}', clock.wallNs()],
        ['ros2', 'info', 'lidar', 'lidar 1', SECOND_NS],
        [LOCAL_RUNTIME, 'info', 'medkit.component.ros2_host', 'Noted', clock.wallNs()],
        [LOCAL_RUNTIME, 'info', 'medkit.area.hall', 'Swept', clock.wallNs()],
      ],
    );
    const idsOf = async (kind: 'app' | 'component' | 'area', id: string) =>
      (await logs.list(kind, id, {}, call())).items.map((item) => item.id);
    assert.deepEqual(await idsOf('app', 'lidar'), ['log_1', 'log_2']);
    assert.deepEqual(await idsOf('component', 'ros2_host'), ['log_1', 'log_2', 'log_3']);
    assert.deepEqual(await idsOf('area', 'hall'), ['log_1', 'log_2', 'log_4']);
    const { items } = await logs.wholeLog({}, call());
    assert.equal(items.length, 4);
  });

  it('answers immediately, without a timer and a signal, if all runtimes belong to this gateway', async () => {
    const { logs, clock, call } = await serve([recording('ros2', ['lidar']).runtime, gateway()]);
    const timersBefore = clock.timers;
    const waited = {
      ...call(),
      isAbandoned: false,
      get signal(): AbortSignal {
        throw new Error('nobody looks at the signal');
      },
    };
    assert.deepEqual(logs.wholeLog({}, waited), { items: [] });
    assert.equal(clock.timers, timersBefore);
  });

  it('drops only the least recent configuration of an entity', async () => {
    const apps = Array.from({ length: 10_001 }, (_, n) => app(`a${n}`));
    const { logs, call } = await serve([memoryRuntime({ apps })]);
    for (const { id } of apps) logs.configure('app', id, { max_entries: 5 }, call());
    const entriesOf = (id: string) => logs.configuration('app', id).max_entries;
    assert.deepEqual([entriesOf('a0'), entriesOf('a1'), entriesOf('a10000')], [100, 5, 5]);
  });

  it('keeps the configurations of other clients while one client configures all entities', async () => {
    const apps = Array.from({ length: 10_010 }, (_, n) => app(`a${n}`));
    const { logs, clock } = await serve([memoryRuntime({ apps })]);
    const by = (owner: string) => callContext({ clock, timeoutMs: 1000, principal: gatewayPrincipal(owner) });
    logs.configure('app', 'a0', { max_entries: 7 }, by('user:other'));
    for (const { id } of apps.slice(1)) logs.configure('app', id, { max_entries: 5 }, by('user:greedy'));
    assert.equal(logs.configuration('app', 'a0').max_entries, 7);
    assert.deepEqual(logs.health().blocks['x-medkit-quotas']?.['log_configurations'], {
      ...{ held: 10_000, capacity: 10_000, owners: 2, largest: 9999, refused: 10, evicts: true },
    });
  });
});

describe('logs of twenty robots, of which one at another gateway does not answer', () => {
  const SILENT = 'robot_3';

  /** One robot stores no log. */
  async function loggingRobots() {
    const calls: string[] = [];
    const { model, clock, timed } = await twentyRobots((robot, answered) => {
      const { keep, provider: logs } = logBuffers().open({ isEntity: () => false, logged: () => undefined });
      keep(lineOf('app', 1));
      const called = () => {
        calls.push(robot);
        return answered();
      };
      return robot === SILENT
        ? {}
        : {
            logs: {
              ...logs,
              list: (...question) => called().then(() => logs.list(...question)),
              oldestNs: (...question) => called().then(() => logs.oldestNs?.(...question)),
            },
          };
    });
    return { logs: createLogService({ model, clock }), calls, timed };
  }

  it('are listed after a second without that robot, which is named', async () => {
    const { logs, timed } = await loggingRobots();
    for (const list of [
      await timed((call) => logs.list('area', 'hall', { before: '2026-01-01T00:00:00Z' }, call)),
      await timed((call) => logs.wholeLog({ before: '2026-01-01T00:00:00Z' }, call)),
    ]) {
      assert.ok(list.ms >= 1000 && list.ms <= 1200, `${list.ms} ms`);
      const { partial, failed_members, oldest } = list.value['x-medkit'] ?? {};
      assert.deepEqual(
        [list.value.items.length, partial, failed_members?.map(({ runtime }) => runtime), oldest],
        [18, true, [MUTE], '1970-01-01T00:00:01.000000000Z'],
      );
    }
  });

  it('of one robot are read at its gateway, and no other is called; a robot without a log has none', async () => {
    const { logs, calls, timed } = await loggingRobots();
    for (const id of ['app_0', 'app_12']) {
      const { value, ms } = await timed((call) => logs.list('app', id, {}, call));
      assert.deepEqual([value.items.length, ms], [1, 0]);
    }
    const missing = {
      code: 'not-implemented',
      message:
        'The app app_3 belongs to the gateway robot_3, which does not offer its logs here: send the request to that gateway',
    };
    await assert.rejects(() => timed((call) => logs.list('app', 'app_3', {}, call)), missing);
    const note = { severity: 'info', message: 'Noted' };
    await assert.rejects(() => timed((call) => logs.add('app', 'app_3', note, call)), missing);
    assert.deepEqual(calls, ['robot_0', 'robot_12']);
  });
});
