import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { type CoreEvents, callContext, eventBus, openModel, type UpdateProvider } from '@medkit/core';
import { app, errorOf, memoryRuntime, memoryUpdates } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import Type from 'typebox';
import { DeferredHost } from '../host/gateway-host.ts';
import { hostPlugin } from '../host/host-plugin.ts';
import { definePlugin, PLUGIN_API_VERSION } from '../plugin.ts';
import type { PluginContext } from '../plugin-context.ts';
import type { PluginParts } from '../plugin-parts.ts';
import { type MemoryProcess, memoryProcess } from '../testing/memory-process.ts';
import { isolatedPlugin } from './isolated-plugin.ts';

const MB = 1_048_576;

/** Hosts a plugin in a simulated process that can hang, crash and use more memory. */
async function setUp(
  setup: (context: PluginContext) => Promise<PluginParts>,
  options: Readonly<Record<string, unknown>> = {},
  { startMs = 0, loadMs = 0 } = {},
) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const log = (level: string, message: string): void => void logged.push(`${level}: ${message}`);
  const schema = Type.Object({
    unit: Type.String({ default: 'bar' }),
    stations: Type.Optional(Type.Array(Type.Integer())),
  });
  const plugin = definePlugin({ apiVersion: PLUGIN_API_VERSION, name: 'pump', options: schema, setup });
  const processes: MemoryProcess[] = [];
  const start = (): MemoryProcess => {
    const loaded = new Promise((resolve) => clock.after(startMs + loadMs, () => resolve({ plugin })));
    const process = memoryProcess(loadMs > 0 ? loaded : { plugin }, clock, startMs);
    processes.push(process);
    return process;
  };
  const deferredHost = new DeferredHost();
  const isolated = isolatedPlugin({ name: 'pump', file: new URL('memory:pump'), memoryMb: 64, clock, log, start });
  const hosting = hostPlugin({ plugin: isolated, name: 'pump', options, isolated: true, clock, log, deferredHost });
  const pass = async (ms: number): Promise<void> => {
    await clock.advanceAsync(ms, 5);
    for (let turns = 0; turns < 6; turns++) await new Promise((resolve) => setImmediate(resolve));
  };
  await pass(100);
  return {
    clock,
    logged,
    processes,
    deferredHost,
    pass,
    hosting,
    open: async () => {
      const { runtime, routes } = await hosting;
      const model = await openModel({ runtimes: [memoryRuntime({ apps: [app('lidar')] }), runtime], clock, log });
      await pass(50);
      const apps = () => model.tree.all('app').map(({ id }) => id);
      const process = async () => (await model.health()).blocks['x-medkit-plugin-pump-process'];
      const warningTexts = async () => (await model.health()).warnings.map(({ message }) => message);
      return { model, routes, runtime, apps, process, warningTexts };
    },
  };
}

const PUMP = { entities: { apps: [app('pump', { source: '' })] } };
const pump = async (): Promise<PluginParts> => ({ contribution: async () => PUMP });

describe('a plugin in a separate process', () => {
  it('gets its options as its schema defines them, and is left out if they do not fit', async () => {
    let options: unknown;
    const setup = async (context: PluginContext) => {
      options = context.options;
      return {};
    };
    await (await setUp(setup, { stations: ['3', '1'] })).hosting;
    assert.deepEqual(options, { unit: 'bar', stations: [3, 1] });
    const { open } = await setUp(setup, { stations: ['first'] });
    const { warningTexts } = await open();
    assert.match(
      (await warningTexts())[0] ?? '',
      /could not be set up: its settings below plugins\.pump are invalid: stations/,
    );
  });

  it('offers no watch on data, because a listener cannot cross the process boundary, so that watchers poll it', async () => {
    const unused = () => assert.fail();
    const { open } = await setUp(async () => ({
      contribution: async () => PUMP,
      providers: { data: { list: unused, read: unused, write: unused, watch: unused } },
    }));
    const { model } = await open();
    assert.deepEqual(Object.keys(model.provider('pump')?.data ?? {}).sort(), ['list', 'read', 'write']);
  });

  it('has its samplers and transports called in its process', async () => {
    const done: unknown[] = [];
    const { hosting, clock, pass } = await setUp(async () => ({
      samplers: {
        'x-pumps': { takesPath: true, sample: async (entity, path) => `${entity.id}/${path}` },
        'x-all': { sample: async () => 1 },
      },
      transports: {
        mqtt: {
          start: async ({ id }) => void done.push(`start ${id}`),
          deliver: async (id, event) => void done.push([id, event]),
          stop: async (id) => void done.push(`stop ${id}`),
        },
      },
    }));
    const { samplers, transports } = await hosting;
    assert.deepEqual(
      [...samplers].map(([name, { takesPath }]) => [name, takesPath]),
      [
        ['x-pumps', true],
        ['x-all', false],
      ],
    );
    const call = () => callContext({ clock, timeoutMs: 1000 });
    const entity = { kind: 'app', id: 'pump' } as const;
    const sampled = samplers.get('x-pumps')?.sample(entity, 'a', call());
    const transport = transports.get('mqtt');
    const event = { timestamp: 'now', payload: 1 };
    void transport?.start({ id: 'sub_001', entity, resource: '/x' }, call());
    void transport?.deliver('sub_001', event, call());
    void transport?.stop('sub_001', call());
    await pass(20);
    assert.equal(await sampled, 'pump/a');
    assert.deepEqual(done, ['start sub_001', ['sub_001', event], 'stop sub_001']);
  });

  it('installs updates in its process, and reports progress as far as it can', async () => {
    const { provider, updates, tasks } = memoryUpdates({ onProgress: () => ({ percent: 40 }), resumes: false });
    const { hosting, clock, pass } = await setUp(async () => ({ updates: Object.create(provider) as UpdateProvider }));
    const { updates: hosted } = await hosting;
    const call = () => callContext({ clock, timeoutMs: 1000 });
    const progress = hosted?.progress?.('map-2', call());
    void hosted?.register({ id: 'map-2', size: 2n ** 60n }, call());
    void hosted?.prepare('map-2', call());
    const unknown = errorOf(hosted!.get('map-3', call()));
    await pass(20);
    assert.deepEqual([...updates.values()], [{ id: 'map-2', size: 2n ** 60n }]);
    assert.deepEqual([tasks, await progress, hosted?.resume], [['prepare map-2'], { percent: 40 }, undefined]);
    assert.equal((await unknown).code, 'x-medkit-update-not-found');
    const none = await setUp(pump);
    assert.equal((await none.hosting).updates, undefined);
  });

  it('has its conditions evaluated in its process, and reports changes of its collections from there', async () => {
    let context: PluginContext | undefined;
    const { hosting, clock, pass, deferredHost } = await setUp(async (pluginContext) => {
      context = pluginContext;
      return {
        conditions: {
          'x-rise': {
            check: async ({ by }) => {
              if (!by) throw new SovdError({ code: 'invalid-parameter', message: 'it needs a "by"' });
            },
            evaluate: async (previous, value, { by }) => Number(value) - Number(previous ?? value) >= Number(by),
          },
        },
      };
    });
    const { conditions } = await hosting;
    const call = () => callContext({ clock, timeoutMs: 1000 });
    const rise = conditions.get('x-rise');
    const refused = assert.rejects(rise!.check({}, call()), { code: 'invalid-parameter', message: 'it needs a "by"' });
    const judged = Promise.all([
      rise?.evaluate(undefined, 9, { by: 3 }, call()),
      rise?.evaluate(1, 5, { by: 3 }, call()),
      rise?.evaluate(3n, 5n, { by: 3 }, call()),
    ]);
    const changes: unknown[] = [];
    const events = eventBus<CoreEvents>((_name, error) => assert.fail(String(error)));
    events.on('resource.changed', (change) => changes.push(change));
    const noEntities = { areas: [], components: [], apps: [], functions: [] };
    const request = () => assert.fail('nothing is asked');
    deferredHost.open({
      entities: () => noEntities,
      events,
      reportFault: async () => true,
      clearFault: async () => true,
      request,
    });
    const change = {
      entity: { kind: 'app', id: 'pump' },
      collection: 'x-pumps',
      path: 'a',
      value: { on: true },
    } as const;
    context?.resourceChanged(change);
    context?.resourceChanged({ ...change, collection: 'data' });
    context?.resourceChanged(undefined as never);
    await pass(20);
    await refused;
    assert.deepEqual(await judged, [false, true, false]);
    assert.deepEqual(changes, [change]);
  });

  it('keeps the code, status, message and parameters of its errors', async () => {
    let failure: Error = new SovdError({
      code: 'precondition-not-fulfilled',
      message: 'Dry',
      status: 423,
      parameters: { level: 0 },
    });
    const { open, clock, pass } = await setUp(async () => ({
      contribution: async () => PUMP,
      providers: {
        data: {
          list: async () => {
            throw failure;
          },
          read: () => assert.fail(),
          write: () => assert.fail(),
        },
      },
    }));
    const { model } = await open();
    const ask = async () => {
      const pending = model
        .provider('pump')
        ?.data?.list('pump', callContext({ clock, timeoutMs: 1000 }))
        .catch((e) => e);
      await pass(10);
      const { code, status, message, parameters } = (await pending) as unknown as SovdError;
      return { code, status, message, parameters };
    };
    assert.deepEqual(await ask(), {
      code: 'precondition-not-fulfilled',
      status: 423,
      message: 'Dry',
      parameters: { level: 0 },
    });
    failure = new Error('password');
    assert.deepEqual(await ask(), {
      code: 'x-medkit-plugin-error',
      status: 500,
      message: 'Internal plugin error',
      parameters: undefined,
    });
    await model.close();
  });

  it('is ended and restarted if it gives no sign of life; meanwhile only its entities are missing', async () => {
    const { open, processes, pass, logged } = await setUp(pump);
    const { apps, process, warningTexts, model } = await open();
    assert.deepEqual(apps(), ['lidar', 'pump']);
    processes[0]?.hang();
    await pass(4000);
    assert.deepEqual(apps(), ['lidar', 'pump']);
    await pass(2600);
    assert.equal(processes.length, 2);
    await pass(100);
    assert.deepEqual(apps(), ['lidar', 'pump']);
    assert.deepEqual(await process(), {
      running: true,
      ends_total: 1,
      last_end: 'it did not respond for 5000 ms',
    });
    assert.deepEqual(await warningTexts(), [
      'Plugin pump: its process ended, it did not respond for 5000 ms. It runs again. Ends so far: 1.',
    ]);
    assert.ok(logged.some((line) => line.includes('It is started again in 500 ms')));
    await pass(300_000);
    assert.deepEqual(await warningTexts(), [], 'after a while nobody needs to know');
    await model.close();
  });

  it('is ended and restarted if it hangs, and never switched off, however often it is called', async () => {
    const { open, processes, pass, clock } = await setUp(async () => ({
      contribution: async () => PUMP,
      health: async () => ({ warnings: [], blocks: {} }),
      providers: { data: { list: async () => [], read: () => assert.fail(), write: () => assert.fail() } },
    }));
    const { model, runtime } = await open();
    await pass(1000);
    processes[0]?.hang();
    const calls: Promise<unknown>[] = [];
    for (let times = 0; times < 20; times++) {
      calls.push(runtime.health());
      const call = callContext({ clock, timeoutMs: 2000 });
      calls.push(assert.rejects(async () => runtime.providers.data?.list('pump', call), { status: 503 }));
    }
    await pass(2500);
    await Promise.all(calls);
    await pass(4500);
    assert.equal(processes.length, 2);
    const listed = runtime.providers.data?.list('pump', callContext({ clock, timeoutMs: 1000 }));
    await pass(20);
    assert.deepEqual(await listed, []);
    await model.close();
  });

  it('answers pending calls with 503 when its process ends, and stays enabled', async () => {
    const { open, processes, pass, clock } = await setUp(async () => ({
      contribution: async () => PUMP,
      providers: {
        data: { list: () => new Promise(() => undefined), read: () => assert.fail(), write: () => assert.fail() },
      },
    }));
    const { model, runtime } = await open();
    const calls = Array.from({ length: 9 }, () => {
      const call = callContext({ clock, timeoutMs: 2000 });
      return assert.rejects(async () => runtime.providers.data?.list('pump', call), { status: 503, message: /ended/ });
    });
    await pass(20);
    processes[0]?.crash('signal SIGSEGV');
    await Promise.all(calls);
    assert.equal((await model.health()).blocks['x-medkit-plugin-pump']?.['state'], 'running');
    await model.close();
  });

  it('has no counted failure if its process ends during a call of contribution, however often', async () => {
    let isMute = true;
    const mute = new Promise<never>(() => undefined);
    const { open, processes, pass } = await setUp(async () => ({
      contribution: () => (isMute ? mute : PUMP) as never,
    }));
    const { apps, model } = await open();
    for (let delayMs = 500; delayMs <= 16_000; delayMs *= 2) {
      processes.at(-1)?.crash('signal SIGSEGV');
      isMute = delayMs < 16_000;
      await pass(delayMs + 50);
    }
    assert.equal(processes.length, 7);
    assert.deepEqual(apps(), ['lidar', 'pump']);
    const { blocks } = await model.health();
    assert.deepEqual(blocks['x-medkit-plugin-pump'], { state: 'running', failures_total: 0 });
    await model.close();
  });

  it('is ended if it takes too much memory or sends too much', async () => {
    const { open, processes, pass } = await setUp(async ({ changed, clock }) => {
      clock.after(10_000, () => {
        for (let count = 0; count < 6000; count++) changed();
      });
      return { contribution: async () => PUMP };
    });
    const { process, model } = await open();
    processes[0]?.takeMemory(257 * MB);
    await pass(2000);
    assert.equal((await process())?.['last_end'], 'it used 257 MB of memory');
    await pass(11_000);
    assert.match(String((await process())?.['last_end']), /^it sent 60\d\d messages in 1000 ms$/);
    await model.close();
  });

  it('is restarted after ever longer pauses if it crashes repeatedly, and meanwhile answers that it is unavailable', async () => {
    const { open, processes, pass, clock } = await setUp(async () => ({
      contribution: async () => PUMP,
      providers: {
        data: { list: async () => [], read: () => assert.fail(), write: () => assert.fail() },
      },
    }));
    const { apps, runtime, model } = await open();
    const startsAfter: number[] = [];
    for (let crashes = 0; crashes < 4; crashes++) {
      const count = processes.length;
      processes.at(-1)?.crash('signal SIGSEGV');
      const beginMs = clock.monotonicMs();
      await pass(50);
      assert.deepEqual(apps(), ['lidar']);
      const call = callContext({ clock, timeoutMs: 1000 });
      await assert.rejects(async () => runtime.providers.data?.list('pump', call), {
        status: 503,
        message: 'Plugin pump: its process ended, signal SIGSEGV. It is being started again.',
      });
      while (processes.length === count) await pass(50);
      startsAfter.push(Math.round((clock.monotonicMs() - beginMs) / 500) * 500);
      await pass(200);
      assert.deepEqual(apps(), ['lidar', 'pump']);
    }
    assert.deepEqual(startsAfter, [500, 1000, 2000, 4000]);
    await model.close();
  });

  it('receives events of the gateway, and is ended if it does not read the mandatory ones', async () => {
    let received = 0;
    const { open, processes, deferredHost, pass } = await setUp(async (context) => {
      context.onEntitiesChange(() => {
        received++;
      });
      context.onLogEntry(() => undefined);
      return { contribution: async () => PUMP };
    });
    const { model, process } = await open();
    const { events } = model;
    deferredHost.open({
      entities: () => ({ areas: [], components: [], apps: [], functions: [] }),
      events,
      reportFault: async () => true,
      clearFault: async () => true,
      request: async () => ({ status: 200, headers: {}, body: 1 }),
    });
    const change = { generation: 7, added: [], removed: [], changed: [] };
    for (let count = 0; count < 200; count++) events.emit('entities.changed', change);
    await pass(10);
    assert.equal(received, 200);
    processes[0]?.hang();
    for (let count = 0; count < 300; count++) {
      events.emit('log.added', { runtime: 'ros2', entry: { id: count } as never });
    }
    await pass(10);
    assert.equal((await process())?.['ends_total'], 0, 'log entries may be lost');
    for (let count = 0; count < 300; count++) events.emit('entities.changed', change);
    await pass(10);
    assert.equal((await process())?.['last_end'], 'it does not process the events of its listeners');
    await model.close();
  });

  it('is left out and not restarted if its setup fails, nor if it stops', async () => {
    const failing = await setUp(async () => {
      throw new Error('no bus');
    });
    const { warningTexts } = await failing.open();
    assert.match((await warningTexts())[0] ?? '', /could not be set up: no bus/);
    await failing.pass(60_000);
    assert.equal(failing.processes.length, 1);
    let stopped = 0;
    const well = await setUp(async () => ({
      stop: async () => {
        stopped++;
      },
    }));
    const { model } = await well.open();
    const closing = model.close();
    await well.pass(100);
    await closing;
    await well.pass(60_000);
    assert.deepEqual([stopped, well.processes.length], [1, 1]);
  });

  it('has bounded time to start and to load on a busy machine, and a separate bound for its setup', async () => {
    const slow = await setUp(pump, {}, { startMs: 12_000, loadMs: 12_000 });
    await slow.pass(24_500);
    const { apps, warningTexts, model } = await slow.open();
    assert.deepEqual([apps(), await warningTexts()], [['lidar', 'pump'], []]);
    await model.close();
    for (const [times, waitMs, message] of [
      [{ startMs: 60_000 }, 15_500, /could not be set up: it took longer than 15000 ms to start/],
      [{ loadMs: 60_000 }, 15_500, /could not be set up: it took longer than 15000 ms to load its module/],
      [{}, 5000, /could not be set up: it took longer than 4500 ms to set up/],
    ] as const) {
      const late = await setUp(() => new Promise(() => undefined), {}, times);
      await late.pass(waitMs);
      const { warningTexts, model } = await late.open();
      assert.match((await warningTexts())[0] ?? '', message);
      await model.close();
    }
  });

  it('is not ended if it sends nothing while its module loads', async () => {
    const { pass, processes, open } = await setUp(pump, {}, { loadMs: 8000 });
    processes[0]?.hang();
    await pass(7000);
    processes[0]?.wake();
    await pass(2000);
    const { apps, warningTexts, model } = await open();
    assert.deepEqual([apps(), await warningTexts()], [['lidar', 'pump'], []]);
    await model.close();
  });

  it('is ended if it does not stop', async () => {
    const { open, processes, pass } = await setUp(async () => ({ stop: () => new Promise(() => undefined) }));
    const { model } = await open();
    const closing = model.close();
    await pass(2500);
    await closing;
    assert.equal(await processes[0]?.ended, 'signal SIGKILL');
  });
});
