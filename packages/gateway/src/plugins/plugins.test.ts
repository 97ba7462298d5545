import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { app, component, fault } from '@medkit/core/testing';
import type { PluginContext } from '@medkit/plugin';
import Type from 'typebox';
import { SHARED_HEALTH_MS } from '../health/shared-health.ts';
import { module, pluginGateway, settled } from '../testing/plugin-gateway.ts';

const PUMP = app('pump', { name: 'Pump', source: '' });

describe('plugins that cannot be used (discovery 2.1)', () => {
  it('[edge] are each left out with a remedy, and affect neither the gateway nor the others', async () => {
    const gateway = await pluginGateway({
      missing: new Error('packages @medkit/plugin-missing and missing are not installed near /'),
      empty: {},
      null: { plugin: null },
      old: { plugin: { apiVersion: 7, name: 'old', setup: () => undefined } },
      idle: { plugin: { apiVersion: 1, name: 'idle' } },
      throwing: module(async () => {
        throw new Error('no bus');
      }),
      nothing: { plugin: { apiVersion: 1, name: 'nothing', setup: async () => undefined } },
      slow: module(() => new Promise(() => undefined)),
      robot: module(async () => ({})),
      options: module(async () => ({}), { options: Type.Object({ port: Type.Integer() }) }),
      good: module(async () => ({ contribution: async () => ({ entities: { apps: [PUMP] } }) })),
    });
    const { warnings, 'x-medkit-plugins': block } = await gateway.health();
    const messages = new Map<string, string>(
      warnings.map(({ code, message }: { code: string; message: string }) => [
        message.split(' ')[1],
        `${code}: ${message}`,
      ]),
    );
    const expected: readonly (readonly [string, RegExp])[] = [
      ['missing', /plugin_left_out: .*are not installed near/],
      ['empty', /it exports no "plugin"/],
      ['null', /it exports no "plugin"/],
      ['old', /version 7 of the plugin API and this medkit has version 1: install matching versions/],
      ['idle', /no function "setup"/],
      ['throwing', /could not be set up: no bus/],
      ['nothing', /setup returned no parts/],
      ['slow', /took longer than 5000 ms/],
      ['robot', /is reserved by medkit/],
      ['options', /settings below plugins\.options are invalid: .*port/],
    ];
    for (const [name, message] of expected) assert.match(messages.get(name) ?? '', message, name);
    assert.equal(messages.size, expected.length);
    assert.deepEqual(
      block.plugins.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`),
      [...expected.map(([name]) => `${name} left out`), 'good running'],
    );
    assert.equal((await gateway.ask('GET', '/apps/pump')).status, 200);
    assert.equal((await gateway.ask('GET', '/apps/lidar/data/%2Fscan')).status, 200);
    await gateway.close();
  });
});

describe('plugins that claim one entity (discovery 2.4)', () => {
  it('[edge] are served by the last one, with a warning; a field from the robot takes precedence', async () => {
    const claims = (name: string) =>
      module(async () => ({
        contribution: async () => ({ entities: { apps: [PUMP, app('lidar', { name: 'Mine' })] } }),
        providers: {
          data: {
            list: async () => [{ id: name, name, category: 'currentData' }],
            read: () => assert.fail(),
            write: () => assert.fail(),
          },
        },
      }));
    const gateway = await pluginGateway({ z: claims('first'), a: claims('last') });
    const items = (await gateway.ask('GET', '/apps/pump/data')).body.items;
    assert.deepEqual(
      items.map(({ id }: { id: string }) => id),
      ['last'],
    );
    assert.equal((await gateway.ask('GET', '/apps/lidar')).body.name, 'lidar');
    const { warnings } = await gateway.health();
    assert.match(warnings[0].message, /the plugin that was loaded last serves it: app pump \(z, a\)/);
    assert.deepEqual([warnings[0].code, warnings[0].entity_ids], ['entity_claimed_twice', ['pump', 'lidar']]);
    await gateway.close();
  });
});

describe('the context of a plugin (discovery 2.3)', () => {
  it('can send requests to the API of the gateway under its rules, and always receives a reply', async () => {
    let context: PluginContext | undefined;
    const gateway = await pluginGateway(
      {
        p: module(async (received) => {
          context = received;
          return {};
        }),
      },
      { token: 'x'.repeat(16) },
    );
    const answer = async (path: string) => {
      const reply = await context?.request({ method: 'GET', path });
      const { data, error_code } = (reply?.body ?? {}) as { readonly data?: unknown; readonly error_code?: string };
      return [reply?.status, data ?? error_code];
    };
    assert.deepEqual(await answer('/apps/lidar/data/%2Fscan'), [200, { ranges: [1] }]);
    assert.deepEqual(await answer('/apps/nobody'), [404, 'entity-not-found']);
    const wrong = await context?.request({ method: 'GET', path: '/apps', headers: { authorization: 'Bearer no' } });
    assert.equal(wrong?.status, 401);
    const endless = context?.request({ method: 'GET', path: '/faults/stream' });
    await settled();
    await gateway.clock.advance(15_000);
    assert.equal((await endless)?.status, 504);
    await gateway.close();
  });

  it('is unusable once the plugin has ended: its subscriptions end, and those of other plugins do not', async () => {
    const contexts = new Map<string, PluginContext>();
    const plugin = (name: string) =>
      module(async (received) => {
        contexts.set(name, received);
        return {};
      });
    const gateway = await pluginGateway({ p: plugin('p'), q: plugin('q') }, { token: 'x'.repeat(16) });
    const figures = async () => {
      gateway.clock.advance(SHARED_HEALTH_MS);
      const { clients, revoked } = (await gateway.health())['x-medkit-event-streams'];
      return [clients, revoked];
    };
    const following = ['p', 'q'].map((name) => contexts.get(name)?.request({ method: 'GET', path: '/faults/stream' }));
    for (let turns = 0; turns < 8; turns++) await settled();
    assert.deepEqual(await figures(), [2, 0]);
    await gateway.model.remove('p');
    assert.equal((await following[0])?.status, 200);
    assert.deepEqual(await figures(), [1, 1]);
    assert.equal((await contexts.get('p')?.request({ method: 'GET', path: '/apps' }))?.status, 503);
    assert.equal((await contexts.get('q')?.request({ method: 'GET', path: '/apps' }))?.status, 200);
    await gateway.close();
    assert.equal((await following[1])?.status, 200);
  });

  for (const isolated of [false, true]) {
    it(`records lines of its entities, ${isolated ? 'from a separate process' : 'within the gateway'}`, async () => {
      let context: PluginContext | undefined;
      const skid = component('skid', { source: '' });
      const plugin = module(async (received) => {
        context = received;
        const entities = { components: [skid], apps: [app('pump', { source: '', componentId: 'skid' })] };
        return { contribution: async () => ({ entities }) };
      });
      const gateway = await pluginGateway({ p: plugin }, { isolated });
      await context?.record('pump', { severity: 'error', message: 'runs dry' });
      await context?.record('skid', { severity: 'info', message: 'door open' });
      const refused = context?.record('lidar', { severity: 'info', message: 'not mine' });
      await assert.rejects(refused ?? assert.fail(), /^Error: plugin p contributes no app or component "lidar"/);
      const logOf = async (path: string) =>
        (await gateway.ask('GET', `${path}/logs`)).body.items.map(
          ({ message, logger_name }: { message: string; logger_name: string }) => `${logger_name} ${message}`,
        );
      assert.deepEqual(await logOf('/apps/pump'), ['/pump runs dry']);
      assert.deepEqual(await logOf('/components/skid'), ['/pump runs dry', '/skid door open']);
      assert.deepEqual(await logOf('/apps/lidar'), []);
      await gateway.close();
    });
  }

  it('can list entities and report faults, of its entities and of sources known by name alone', async () => {
    let context: PluginContext | undefined;
    const gateway = await pluginGateway({
      p: module(async (received) => {
        context = received;
        return { contribution: async () => ({ entities: { apps: [PUMP] } }) };
      }),
    });
    assert.deepEqual((await context?.entities())?.apps.map(({ id }) => id).sort(), ['camera', 'lidar', 'pump']);
    const report = { code: 'PUMP_DRY', event: 'FAILED', severity: 2, description: 'Dry', source: 'pump' } as const;
    assert.equal(await context?.reportFault(report), true);
    const claimed = { ...report, code: 'BLIND', source: '/lidar', runtime: 'p' };
    assert.equal(await context?.reportFault(claimed), true);
    assert.deepEqual(gateway.reports, ['PUMP_DRY of p', 'BLIND of somebody']);
    await gateway.close();
  });

  it('can clear a fault that is over, unless another source still reports it or a client has locked it', async () => {
    let context: PluginContext | undefined;
    const reporters = [{ runtime: 'p', source: 'pump' }];
    const failing = { source: '/lidar', failing: true };
    const gateway = await pluginGateway(
      {
        p: module(async (received) => {
          context = received;
          return { contribution: async () => ({ entities: { apps: [PUMP] } }) };
        }),
      },
      {
        faults: [
          fault('DRY', { sources: ['pump'], reporters }),
          fault('HOT', { sources: ['pump', '/lidar'], reporters, sourceResults: [failing] }),
          fault('LOUD', { sources: ['pump'], reporters }),
        ],
      },
    );
    const clear = (code: string, source = 'pump') => context?.clearFault({ code, source });
    const open = async () =>
      (await gateway.ask('GET', '/faults')).body.items.map(({ fault_code }: { fault_code: string }) => fault_code);
    assert.equal(await clear('DRY'), true);
    assert.deepEqual(await open(), ['HOT', 'LOUD']);
    assert.equal(await clear('HOT'), true);
    assert.deepEqual(await open(), ['HOT', 'LOUD'], 'another source still reports it');
    assert.equal(await clear('NEVER_RAISED'), true);
    assert.equal(await clear('LOUD', 'missing'), false);
    const lock = await gateway.server.inject({
      method: 'POST',
      url: '/api/v1/apps/pump/locks',
      headers: { 'x-client-id': 'alice' },
      payload: { lock_expiration: 60, scopes: ['faults'] },
    });
    assert.equal(lock.statusCode, 201);
    assert.equal(await clear('LOUD'), false);
    assert.deepEqual(await open(), ['HOT', 'LOUD']);
    assert.deepEqual(gateway.reports.slice(0, 2), ['DRY of p', 'HOT of p']);
    await gateway.close();
  });
});
