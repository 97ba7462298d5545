import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { type CoreEvents, callContext, eventBus, type Log, openModel } from '@medkit/core';
import { app, component, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import Type from 'typebox';
import { definePlugin, PLUGIN_API_VERSION } from '../plugin.ts';
import type { PluginContext } from '../plugin-context.ts';
import type { PluginParts } from '../plugin-parts.ts';
import { DeferredHost } from './gateway-host.ts';
import { hostPlugin } from './host-plugin.ts';

/** Creates a model of a robot with the app `lidar` and a plugin `pump`. */
async function setUp(setup: (context: PluginContext) => Promise<PluginParts>) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const log: Log = (level, message) => logged.push(`${level}: ${message}`);
  const deferredHost = new DeferredHost();
  const plugin = definePlugin({ apiVersion: PLUGIN_API_VERSION, name: 'pump', options: Type.Object({}), setup });
  const hosting = hostPlugin({ plugin, name: 'pump', options: {}, clock, log, deferredHost });
  await settled();
  return {
    clock,
    logged,
    deferredHost,
    hosting,
    open: async () => {
      const { runtime, routes } = await hosting;
      const robot = memoryRuntime({ apps: [app('lidar')], priority: 10 });
      const model = await openModel({ runtimes: [robot, runtime], clock, log });
      await settled();
      await clock.advance(10);
      return { model, routes, robot };
    },
  };
}

/** Lets pending promises settle. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const PUMP = { entities: { apps: [app('pump_1', { name: 'Pump', source: '' })] } };

describe('a plugin', () => {
  it('contributes entities and serves their resources', async () => {
    const { open } = await setUp(async () => ({
      contribution: async () => PUMP,
      providers: {
        data: {
          list: async (id) => [{ id: `${id}.pressure`, name: 'pressure', category: 'currentData' }],
          read: () => assert.fail('not read'),
          write: () => assert.fail('not written'),
        },
      },
    }));
    const { model } = await open();
    const pump = model.tree.get('app', 'pump_1');
    assert.deepEqual([pump?.source, pump?.address], ['plugin', { runtime: 'pump', nativeId: 'apps/pump_1' }]);
    const call = callContext({ clock: new SimulatedClock(), timeoutMs: 1000 });
    assert.deepEqual(
      (await model.provider('pump')?.data?.list('apps/pump_1', call))?.map(({ id }) => id),
      ['pump_1.pressure'],
    );
    await model.close();
  });

  it('may have an app and a component with the same id, neither of which has the resources of the other', async () => {
    const { open, clock } = await setUp(async () => ({
      contribution: async () => ({ entities: { apps: [app('pump_1')], components: [component('pump_1')] } }),
      providers: {
        data: {
          list: () => new Promise(() => undefined),
          read: () => assert.fail('not read'),
          write: () => assert.fail('not written'),
          holders: async (id) => [id],
        },
      },
    }));
    const { model } = await open();
    const [pumpApp, machine] = [model.tree.get('app', 'pump_1'), model.tree.get('component', 'pump_1')];
    assert.deepEqual(
      [pumpApp, machine].map((entity) => entity?.address?.nativeId),
      ['apps/pump_1', 'components/pump_1'],
    );
    const data = model.provider('pump')!.data!;
    for (let times = 0; times < 5; times++) {
      const refused = assert.rejects(async () => data.list('apps/pump_1', callContext({ clock, timeoutMs: 100 })), {
        code: 'not-responding',
      });
      await clock.advance(101);
      await refused;
    }
    const call = callContext({ clock, timeoutMs: 1000 });
    await assert.rejects(async () => data.list('apps/pump_1', call), { code: 'service-unavailable' });
    assert.deepEqual(await data.holders?.('components/pump_1', 'flow', call), ['components/pump_1', 'apps/pump_1']);
    const { blocks } = await model.health();
    assert.deepEqual(blocks['x-medkit-plugin-pump'], { state: 'running', failures_total: 5 });
    await model.close();
  });

  it('contributes its entities once: an unchanged entity is the same object at every merge, even if it is contributed again', async () => {
    let context: PluginContext | undefined;
    let level = 1;
    const { open, clock, hosting } = await setUp(async (pluginContext) => {
      context = pluginContext;
      return {
        contribution: async () => ({
          entities: { apps: [app('pump_1'), app('pump_2', { tags: [`level ${level}`] })] },
          additions: { apps: [app('lidar', { source: '', capabilities: ['x-pump'] })] },
        }),
      };
    });
    const { model } = await open();
    const { runtime } = await hosting;
    const contribution = runtime.contribution();
    assert.equal(runtime.contribution(), contribution);
    level = 2;
    context?.changed();
    await settled();
    await clock.advance(10);
    const again = runtime.contribution();
    assert.deepEqual(
      again.apps.map((each, at) => each === contribution.apps[at]),
      [true, false],
    );
    assert.equal(again.additions?.apps?.[0], contribution.additions?.apps?.[0]);
    await model.close();
  });

  it('is asked for its contribution again after a change, by one call at a time', async () => {
    let calls = 0;
    let inside = 0;
    let context: PluginContext | undefined;
    const { open, clock } = await setUp(async (pluginContext) => {
      context = pluginContext;
      return {
        contribution: async () => {
          assert.equal(++inside, 1);
          await settled();
          inside--;
          return { entities: { apps: [app(`pump_${++calls}`)] } };
        },
      };
    });
    const { model } = await open();
    await settled();
    assert.equal(calls, 1);
    for (let changes = 0; changes < 5; changes++) context?.changed();
    for (let turns = 0; turns < 5; turns++) {
      await settled();
      await clock.advance(5);
    }
    assert.equal(calls, 3);
    assert.deepEqual(
      model.tree.all('app').map(({ id }) => id),
      ['lidar', 'pump_3'],
    );
    await model.close();
  });

  it('is left out if its setup fails or never ends, and health names it', async () => {
    const never = setUp(() => new Promise(() => undefined));
    const throwing = setUp(async () => {
      throw new Error('no pump');
    });
    for (const [begun, reason] of [
      [throwing, /no pump/],
      [never, /longer than 5000 ms/],
    ] as const) {
      const { open, clock } = await begun;
      await clock.advance(5000);
      const { model } = await open();
      const { warnings, blocks } = await model.health();
      assert.equal(warnings[0]?.code, 'plugin_left_out');
      assert.match(warnings[0]?.message ?? '', reason);
      assert.deepEqual(blocks['x-medkit-plugin-pump'], { state: 'left out', failures_total: 0 });
      assert.deepEqual(
        model.tree.all('app').map(({ id }) => id),
        ['lidar'],
      );
      await model.close();
    }
  });

  it('is switched off if it throws in every hook; health names it, and the tree stays the same without it', async () => {
    let context: PluginContext | undefined;
    const fails = async (): Promise<never> => {
      throw new Error('broken');
    };
    const { open, clock, logged } = await setUp(async (pluginContext) => {
      context = pluginContext;
      return { contribution: fails, health: fails, stop: fails, routes: [] };
    });
    const { model } = await open();
    for (let changes = 0; changes < 5; changes++) {
      context?.changed();
      await settled();
      await clock.advance(5);
    }
    await clock.advance(10);
    assert.equal(model.tree.all('app').length, 1);
    const { warnings, blocks } = await model.health();
    assert.match(warnings[0]?.message ?? '', /^Plugin pump kept failing and is switched off .* contribution: broken$/);
    assert.equal(blocks['x-medkit-plugin-pump']?.state, 'switched off');
    await model.close();
    assert.ok(logged.some((line) => line.includes('Plugin pump failed while it stopped: broken')));
  });

  it('that never answers delays a client no longer than the deadline of the call', async () => {
    const { open, clock } = await setUp(async () => ({
      contribution: async () => PUMP,
      providers: {
        data: {
          list: () => new Promise(() => undefined),
          read: () => new Promise(() => undefined),
          write: () => new Promise(() => undefined),
        },
      },
    }));
    const { model } = await open();
    const listing = model.provider('pump')?.data?.list('pump_1', callContext({ clock, timeoutMs: 1000 }));
    const refused = assert.rejects(listing!, SovdError);
    await clock.advance(1001);
    await refused;
    await model.close();
  });

  it('serves routes that answer with its errors, and its failures reveal nothing internal', async () => {
    let failure: Error | undefined;
    const route = {
      method: 'get',
      path: '/x-pump',
      operationId: 'getPump',
      summary: 'The pump',
      description: 'All of it',
      parameters: [],
      responses: { 200: { description: 'The pump' } },
      errors: [],
    } as const;
    const { open, clock } = await setUp(async () => ({
      routes: [
        {
          route,
          handle: async () => {
            if (failure) throw failure;
            return { body: { pressure: 3 } };
          },
        },
      ],
    }));
    const { routes, model } = await open();
    const ask = () =>
      routes[0]!.handle({ path: {}, query: {}, body: undefined }, callContext({ clock, timeoutMs: 1000 }));
    assert.deepEqual(await ask(), { body: { pressure: 3 } });
    failure = new SovdError({ code: 'resource-not-found', message: 'No pump' });
    for (let times = 0; times < 9; times++) await assert.rejects(ask(), { message: 'No pump', status: 404 });
    failure = new Error('secret');
    for (let times = 0; times < 9; times++) {
      await assert.rejects(ask(), { message: 'Internal plugin error', status: 500 });
    }
    failure = undefined;
    assert.deepEqual(await ask(), { body: { pressure: 3 } }, 'no client switches a plugin off');
    await model.close();
  });

  it('receives events of the gateway once it is open, and none after it has stopped', async () => {
    const received: string[] = [];
    const events = eventBus<CoreEvents>((_name, error) => assert.fail(String(error)));
    let context: PluginContext | undefined;
    const { open, deferredHost } = await setUp(async (pluginContext) => {
      context = pluginContext;
      pluginContext.onEntitiesChange(({ generation }) => received.push(`tree ${generation}`));
      assert.deepEqual(await pluginContext.entities(), { areas: [], components: [], apps: [], functions: [] });
      assert.equal(
        await pluginContext.reportFault({ code: 'A', event: 'FAILED', severity: 2, description: '', source: 'p' }),
        false,
      );
      return {};
    });
    const { model } = await open();
    const change = { generation: 7, added: [], removed: [], changed: [] };
    deferredHost.open({
      entities: () => ({ areas: [], components: [], apps: [app('lidar')], functions: [] }),
      events,
      reportFault: async () => true,
      clearFault: async () => true,
      request: async (_plugin, { path }) => ({ status: 200, headers: {}, body: path }),
    });
    events.emit('entities.changed', change);
    assert.deepEqual(received, ['tree 7']);
    assert.equal((await context?.entities())?.apps[0]?.id, 'lidar');
    assert.equal((await context?.request({ method: 'GET', path: '/health' }))?.body, '/health');
    await model.close();
    events.emit('entities.changed', change);
    assert.deepEqual(received, ['tree 7']);
  });
});
