import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  callContext,
  type LogEntry,
  type LogProvider,
  type LogReader,
  LogStore,
  openModel,
  storedLogs,
} from '@medkit/core';
import { app, component, type MemoryRuntime, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { createLogService } from './log-service.ts';

function storedRuntime(name: string, apps: readonly string[]) {
  const entries: LogEntry[] = [];
  const store = new LogStore({ entriesPerLogger: 10, onFull: () => undefined });
  const { keep, provider } = storedLogs({ store, isEntity: () => false, logged: (entry) => entries.push(entry) });
  let broken = false;
  const guarded: LogProvider = {
    list: async (...asked) => {
      if (broken) throw new Error('broken');
      return provider.list(...asked);
    },
    add: provider.add,
    ...(provider.oldestNs && { oldestNs: provider.oldestNs }),
  };
  const runtime = memoryRuntime({
    name,
    components: [component('amr')],
    apps: apps.map((id) => app(id, { componentId: 'amr', address: { runtime: name, nativeId: `/${id}` } })),
    providers: { logs: guarded },
  });
  const log = (logger: string, seconds: number) =>
    keep({ timestampNs: BigInt(seconds) * 1_000_000_000n, severity: 'info', logger, message: `${logger} ${seconds}` });
  return { runtime, entries, log, breakIt: () => (broken = true) };
}

async function serve(runtimes: readonly MemoryRuntime[], reader?: LogReader) {
  const clock = new SimulatedClock();
  const model = await openModel({ runtimes, clock, log: () => undefined });
  const call = () => callContext({ clock, timeoutMs: 1000 });
  return { clock, call, logs: createLogService({ model, clock, ...(reader && { reader }) }) };
}

describe('the log service', () => {
  it('puts what several runtimes keep in the order of time, numbers of two runtimes being no order', async () => {
    const [ros, plc] = [storedRuntime('ros2', ['lidar']), storedRuntime('plc', ['conveyor'])];
    const { logs, call } = await serve([ros.runtime, plc.runtime]);
    ros.log('lidar', 1);
    plc.log('conveyor', 2);
    ros.log('lidar', 3);
    const { items } = await logs.list('component', 'amr', {}, call());
    assert.deepEqual(
      items.map(({ message }) => message),
      ['lidar 1', 'conveyor 2', 'lidar 3'],
    );
    const newest = await logs.rosout({ limit: '2' }, call());
    assert.deepEqual(
      newest.items.map(({ message }) => message),
      ['conveyor 2', 'lidar 3'],
    );
  });

  it('answers what it gets, and says whose is missing', async () => {
    const [ros, plc] = [storedRuntime('ros2', ['lidar']), storedRuntime('plc', ['conveyor'])];
    const { logs, call } = await serve([ros.runtime, plc.runtime]);
    ros.log('lidar', 1);
    plc.breakIt();
    const { items, 'x-medkit': about } = await logs.list('component', 'amr', {}, call());
    assert.equal(items.length, 1);
    assert.equal(about?.partial, true);
    assert.deepEqual(
      about?.failed_members?.map(({ entity_id, runtime }) => `${runtime} ${entity_id}`),
      ['plc amr'],
    );
    await assert.rejects(logs.list('app', 'conveyor', {}, call()), { code: 'service-unavailable' });
  });

  it('is unavailable where nobody keeps a log, and empty where only others do', async () => {
    const bare = memoryRuntime({ apps: [app('valve', { address: { runtime: 'memory', nativeId: 'v' } })] });
    const alone = await serve([bare]);
    const none = { code: 'service-unavailable', message: 'Nothing here keeps a log' };
    await assert.rejects(alone.logs.list('app', 'valve', {}, alone.call()), none);
    await assert.rejects(alone.logs.rosout({}, alone.call()), none);
    await assert.rejects(alone.logs.list('app', 'valve', { severity: 'loud' }, alone.call()), {
      code: 'invalid-parameter',
    });

    const beside = await serve([bare, storedRuntime('ros2', []).runtime]);
    assert.deepEqual(await beside.logs.list('app', 'valve', {}, beside.call()), { items: [] });
  });

  it('reads from elsewhere in the place of all runtimes, and keeps what it notes where it was', async () => {
    const [ros, plc] = [storedRuntime('ros2', ['lidar']), storedRuntime('plc', ['conveyor'])];
    const asked: unknown[] = [];
    let broken = false;
    const reader: LogReader = {
      list: async (nativeId, { sources, namespaces }, { minimum, context, limit, after }) => {
        if (broken) throw new Error('no route to host');
        asked.push([nativeId, sources, namespaces, minimum, context, limit, after]);
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
    const { logs, call } = await serve([ros.runtime, plc.runtime], reader);
    ros.log('lidar', 1);
    const filters = { severity: 'warning', context: 'li', limit: '5', since: 'log_1763806634123456' };
    const { items } = await logs.list('component', 'amr', filters, call());
    assert.deepEqual(
      items.map(({ id, message }) => `${id} ${message}`),
      ['log_7 from afar'],
    );
    assert.equal((await logs.rosout({}, call())).items.length, 1);
    const sources = ['/conveyor', '/lidar', 'medkit.component.amr'];
    assert.deepEqual(asked, [
      ['component/amr', sources, [], 'warning', 'li', 5, { sequence: 1763806634123456 }],
      ['/', [], ['/'], 'debug', '', 1000, undefined],
    ]);
    await logs.add('app', 'lidar', { severity: 'error', message: 'Too hot' }, call());
    assert.equal(ros.entries.at(-1)?.message, 'Too hot');
    broken = true;
    await assert.rejects(logs.list('app', 'lidar', {}, call()), {
      code: 'service-unavailable',
      message: 'The log cannot be read',
    });
  });

  it('has entities under the names that they log by, also where their native ids name a collection besides', async () => {
    const ros = storedRuntime('ros2', ['lidar']);
    const asked: (readonly string[])[] = [];
    const reader: LogReader = {
      list: async (_nativeId, { sources }) => {
        asked.push(sources);
        return [];
      },
    };
    const valve = app('valve', { componentId: 'amr', address: { runtime: 'plc', nativeId: 'apps/valve' } });
    const { logs, call } = await serve([ros.runtime, memoryRuntime({ name: 'plc', apps: [valve] })], reader);
    await logs.list('component', 'amr', {}, call());
    assert.deepEqual(asked, [['/lidar', 'valve', 'medkit.component.amr']]);
  });

  it('is paged through backwards, the newest first, and says how far it goes back', async () => {
    const [ros, plc] = [storedRuntime('ros2', ['lidar']), storedRuntime('plc', ['conveyor'])];
    const { logs, call } = await serve([ros.runtime, plc.runtime]);
    for (let second = 1; second <= 5; second++) ros.log('lidar', second);
    const page = async (parameters: Parameters<typeof logs.rosout>[0]) => {
      const { items, 'x-medkit': about } = await logs.list('app', 'lidar', { limit: '2', ...parameters }, call());
      return [items.map(({ id }) => id).join(), about?.oldest];
    };
    const oldest = '1970-01-01T00:00:01.000000000Z';
    assert.deepEqual(await page({}), ['log_4,log_5', undefined]);
    assert.deepEqual(await page({ before: 'log_4' }), ['log_3,log_2', oldest]);
    assert.deepEqual(await page({ before: '1970-01-01T00:00:02Z' }), ['log_1', oldest]);
    assert.deepEqual(await page({ until: 'log_3' }), ['log_2,log_3', oldest]);
    assert.deepEqual(await page({ since: 'log_1', until: '1970-01-01T00:00:04Z' }), ['log_2,log_3', oldest]);
    plc.log('conveyor', 0);
    const whole = await logs.rosout({ before: '1970-01-01T00:00:02Z' }, call());
    assert.deepEqual(
      [whole.items.map(({ message }) => message), whole['x-medkit']],
      [['lidar 1', 'conveyor 0'], { oldest: '1970-01-01T00:00:00.000000000Z' }],
    );
    await assert.rejects(logs.rosout({ before: 'soon' }, call()), { message: /^Invalid before: must be an entry id/ });
  });

  it('shows nothing behind the end of a list, even where a reader knows no end', async () => {
    const entry = (sequence: number): LogEntry => ({
      sequence,
      timestampNs: BigInt(sequence),
      severity: 'info',
      logger: 'lidar',
      message: `${sequence}`,
    });
    const reader: LogReader = { list: async () => [entry(1), entry(2), entry(3)] };
    const { logs, call } = await serve([storedRuntime('ros2', ['lidar']).runtime], reader);
    const { items, 'x-medkit': about } = await logs.rosout({ before: 'log_3' }, call());
    assert.deepEqual([items.map(({ message }) => message), about], [['2', '1'], undefined]);
  });

  it('adds notes of the gateway to the log of an entity', async () => {
    const ros = storedRuntime('ros2', ['lidar']);
    const { logs, call, clock } = await serve([ros.runtime]);
    await logs.add('app', 'lidar', { severity: 'error', message: 'Too hot', metadata: { limit: 2n ** 63n } }, call());
    await logs.add('component', 'amr', { severity: 'loud', message: 'Noted', metadata: {} }, call());
    assert.deepEqual(
      ros.entries.map(({ severity, logger, message, timestampNs }) => [severity, logger, message, timestampNs]),
      [
        ['error', 'lidar', 'Too hot {"limit":"9223372036854775808"}', clock.wallNs()],
        ['info', 'medkit.component.amr', 'Noted', clock.wallNs()],
      ],
    );
    assert.equal((await logs.list('app', 'lidar', {}, call())).items.length, 1);
    assert.equal((await logs.list('component', 'amr', {}, call())).items.length, 2);
  });

  it('forgets the configuration of the entity that was configured longest ago, not of all', async () => {
    const apps = Array.from({ length: 10_001 }, (_, n) => app(`a${n}`));
    const { logs } = await serve([memoryRuntime({ apps })]);
    for (const { id } of apps) logs.configure('app', id, { max_entries: 5 });
    const entriesOf = (id: string) => logs.configuration('app', id).max_entries;
    assert.deepEqual([entriesOf('a0'), entriesOf('a1'), entriesOf('a10000')], [100, 5, 5]);
  });
});
