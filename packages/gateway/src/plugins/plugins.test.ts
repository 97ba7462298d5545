import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { openModel } from '@medkit/core';
import { app, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { systemFiles } from '@medkit/edges/node';
import { MemoryStoredFiles, SimulatedClock } from '@medkit/edges/testing';
import { definePlugin, PLUGIN_API_VERSION, type Plugin, type PluginContext, type PluginRoute } from '@medkit/plugin';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { PluginSettings } from '../config/index.ts';
import { createGatewayServer } from '../gateway-server.ts';
import { checkReplies } from '../testing/check-replies.ts';
import { quietLogs } from '../testing/quiet-logs.ts';
import { testConfig } from '../testing/test-gateway.ts';
import { houseOf } from './house.ts';
import { openPlugins } from './open-plugins.ts';

const servers: FastifyInstance[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A gateway of a robot with the apps `lidar` and `camera` and of these modules, each the plugin of its name. */
async function gatewayOf(
  modules: Readonly<Record<string, unknown>>,
  { options = {}, token = '' }: { readonly options?: Readonly<Record<string, unknown>>; readonly token?: string } = {},
) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const log = (level: string, message: string) => void logged.push(`${level}: ${message}`);
  const config = await testConfig({ server: { token } });
  const reports: string[] = [];
  const robot = memoryRuntime({
    name: 'robot',
    priority: 10,
    apps: [app('lidar', { fqn: '/lidar', address: { runtime: 'robot', nativeId: '/lidar' } }), app('camera')],
    data: { '/lidar': { '/scan': { value: { ranges: [1] } } } },
    providers: { faults: memoryFaults({ onReport: ({ code }) => reports.push(code) }), logs: quietLogs.provider },
  });
  const settings = (name: string): PluginSettings => ({ name, folder: '/', isolated: false, memoryMb: 64, options });
  const opening = openPlugins({
    plugins: Object.keys(modules).map(settings),
    source: {
      locate: async ({ name }) => ({ file: new URL(`file:///${name}`), version: '1.2.3' }),
      load: async ({ pathname }) => {
        const module = modules[pathname.slice(1)];
        if (module instanceof Error) throw module;
        return module;
      },
    },
    isolated: () => assert.fail('none is isolated'),
    clock,
    log,
    taken: ['robot'],
  });
  await settled();
  await clock.advance(5000);
  const plugins = await opening;
  const model = await openModel({ runtimes: [robot, ...plugins.runtimes], clock, log });
  const server = await createGatewayServer({
    config,
    model,
    clock,
    files: systemFiles,
    storage: new MemoryStoredFiles(),
    random: seededRandom(1),
    bootId: 'boot',
    machineName: 'robot-01',
    plugins,
    log,
    onSend: checkReplies,
  });
  servers.push(server);
  plugins.open(houseOf({ model, server, token, clock }));
  for (let turns = 0; turns < 4; turns++) {
    await settled();
    await clock.advance(10);
  }
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  const ask = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, payload?: object) => {
    const reply = await server.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
    return { status: reply.statusCode, headers: reply.headers, text: reply.payload, body: jsonOf(reply.payload) };
  };
  return {
    clock,
    model,
    logged,
    reports,
    plugins,
    ask,
    health: async () => (await ask('GET', '/health')).body,
    close: () => model.close(),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: replies of any shape are looked into.
function jsonOf(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Parts = Awaited<ReturnType<Plugin['setup']>>;

function module(setup: (context: PluginContext) => Promise<Parts>, more: Partial<Plugin> = {}) {
  return {
    plugin: definePlugin({ apiVersion: PLUGIN_API_VERSION, name: 'p', options: Type.Object({}), setup, ...more }),
  };
}

type RouteOptions = Partial<PluginRoute['route']>;

function route(path: string, handle: PluginRoute['handle'], more: RouteOptions = {}): PluginRoute {
  const operationId = `get${path.replaceAll(/\W+/g, '_')}${more.method ?? ''}`;
  const said = { method: 'get', operationId, summary: 'Pump', description: 'The pump', parameters: [] } as const;
  return { route: { ...said, path, responses: { 200: { description: 'It' } }, errors: [], ...more }, handle };
}

const PUMP = app('pump', { name: 'Pump', source: '' });

describe('plugins that cannot be used (discovery 2.1)', () => {
  it('[edge] are each left out with what to do, and harm neither the gateway nor the others', async () => {
    const gateway = await gatewayOf({
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
    const told = new Map<string, string>(
      warnings.map(({ code, message }: { code: string; message: string }) => [
        message.split(' ')[1],
        `${code}: ${message}`,
      ]),
    );
    const expected: readonly (readonly [string, RegExp])[] = [
      ['missing', /plugin_left_out: .*are not installed near/],
      ['empty', /it exports no "plugin"/],
      ['null', /it exports no "plugin"/],
      ['old', /version 7 of the plugin API and this medkit has version 1: install the two in versions that fit/],
      ['idle', /no function "setup"/],
      ['throwing', /could not be set up: no bus/],
      ['nothing', /setup gave no parts/],
      ['slow', /took longer than 5000 ms/],
      ['robot', /name of a part of medkit/],
      ['options', /settings below plugins\.options do not fit: .*port/],
    ];
    for (const [name, message] of expected) assert.match(told.get(name) ?? '', message, name);
    assert.equal(told.size, expected.length);
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
  it('[edge] are served by the last one, with a warning; a field of a robot counts for more', async () => {
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
    const gateway = await gatewayOf({ z: claims('first'), a: claims('last') });
    const items = (await gateway.ask('GET', '/apps/pump/data')).body.items;
    assert.deepEqual(
      items.map(({ id }: { id: string }) => id),
      ['last'],
    );
    assert.equal((await gateway.ask('GET', '/apps/lidar')).body.name, 'lidar');
    const { warnings } = await gateway.health();
    assert.match(warnings[0].message, /the one that is loaded last serves it: app pump \(z, a\)/);
    assert.deepEqual([warnings[0].code, warnings[0].entity_ids], ['entity_claimed_twice', ['pump', 'lidar']]);
    await gateway.close();
  });
});

describe('a route of a plugin (discovery 2.3)', () => {
  const pump = (routes: readonly PluginRoute[]) =>
    module(async () => ({
      contribution: async () => ({ entities: { apps: [app('pump', { source: '', capabilities: ['x-pump'] })] } }),
      routes,
    }));

  it('is answered for entities that exist, found by any of their names, and stands among their capabilities', async () => {
    const gateway = await gatewayOf({
      p: pump([
        route('/apps/{app_id}/x-pump', async ({ path, query }) => ({
          body: { path, unit: query['unit'] ?? '' },
          headers: { 'X-Pump': '1' },
        })),
        route('/x-pumps', async () => ({ status: 202, body: [1n << 62n] }), {
          responses: { 202: { description: 'It' } },
        }),
      ]),
    });
    const reply = await gateway.ask('GET', '/apps/pump/x-pump?unit=bar');
    assert.deepEqual([reply.status, reply.headers['x-pump']], [200, '1']);
    assert.match(String(reply.headers['content-type']), /^application\/json/);
    assert.deepEqual(reply.body, { path: { app_id: 'pump' }, unit: 'bar' });
    assert.equal((await gateway.ask('GET', '/x-pumps')).text, '[4611686018427387904]');
    assert.deepEqual((await gateway.ask('GET', '/apps/pump')).body.capabilities.at(-1), {
      name: 'x-pump',
      href: '/api/v1/apps/pump/x-pump',
    });
    const unknown = await gateway.ask('GET', '/apps/nobody/x-pump');
    assert.deepEqual([unknown.status, unknown.body.error_code], [404, 'entity-not-found']);
    const invalid = await gateway.ask('GET', '/apps/no%20body/x-pump');
    assert.deepEqual([invalid.status, invalid.body.error_code], [400, 'invalid-parameter']);
    await gateway.close();
  });

  it('gets a body that fits its schema, and none other', async () => {
    const body = { schema: Type.Object({ bar: Type.Number() }), description: 'Pressure', examples: {} };
    const gateway = await gatewayOf({
      p: pump([
        route('/apps/{app_id}/x-pump', async (request) => ({ body: request.body ?? null }), { method: 'put', body }),
      ]),
    });
    assert.deepEqual((await gateway.ask('PUT', '/apps/pump/x-pump', { bar: 3 })).body, { bar: 3 });
    const refused = await gateway.ask('PUT', '/apps/pump/x-pump', { bar: 'high' });
    assert.deepEqual([refused.status, refused.body.error_code], [400, 'invalid-request']);
    assert.deepEqual(refused.body.parameters.fields, [{ field: 'bar', message: 'expected a number' }]);
    await gateway.close();
  });

  it('tells errors of its own as they are, cut at 512 characters, and says nothing of those it did not mean', async () => {
    let failure: unknown;
    const gateway = await gatewayOf({
      p: pump([
        route('/apps/{app_id}/x-pump', async () => {
          throw failure;
        }),
        route('/x-nonsense', async () => 7 as never),
        route('/x-status', async () => ({ status: 42 })),
      ]),
    });
    const told = async (path = '/apps/pump/x-pump') => {
      const { status, body } = await gateway.ask('GET', path);
      return [status, body.vendor_code ?? body.error_code, body.message];
    };
    failure = new SovdError({ code: 'precondition-not-fulfilled', message: 'The pump is dry' });
    assert.deepEqual(await told(), [409, 'precondition-not-fulfilled', 'The pump is dry']);
    // As the class of another copy of the contract has it.
    failure = Object.assign(new Error('x'.repeat(600)), {
      name: 'SovdError',
      code: 'x-medkit-plugin-error',
      status: 999,
    });
    assert.deepEqual(await told(), [599, 'x-medkit-plugin-error', `${'x'.repeat(512)}...`]);
    failure = new Error('password');
    assert.deepEqual(await told(), [500, 'x-medkit-plugin-error', 'Internal plugin error']);
    for (const path of ['/x-nonsense', '/x-status']) {
      assert.deepEqual(await told(path), [500, 'x-medkit-plugin-error', 'Internal plugin error']);
    }
    await gateway.close();
  });

  it('[edge] that is malformed, or would take requests from another, is refused by name while the rest is served', async () => {
    const ok = async () => ({ body: 'ok' });
    const gateway = await gatewayOf({
      first: module(async () => ({
        routes: [
          route('/x-a', ok),
          route('/apps/{app_id}/data/x', ok),
          route('/apps/{app_id}', ok),
          route('/health', ok),
          route('/x-a/docs', ok),
          route('x-b', ok),
          route('/x-b/{id}', ok),
          route('/x-b/../c', ok),
          route('/x-c', ok, { method: 'patch' as never }),
          route('/x-d', ok, { operationId: 'getHealth' }),
        ],
      })),
      second: module(async () => ({ routes: [route('/x-a', ok, { operationId: 'other' }), route('/x-e', ok)] })),
    });
    const { warnings, 'x-medkit-plugins': block } = await gateway.health();
    const refused = warnings.map(({ message }: { message: string }) => message.replace(' is not served', ''));
    assert.deepEqual(refused, [
      'GET /apps/{app_id}/data/x of plugin first: it would take requests from GET /apps/{app_id}/data/{data_id} of medkit',
      'GET /apps/{app_id} of plugin first: it would take requests from GET /apps/{app_id} of medkit',
      'GET /health of plugin first: it would take requests from GET /health of medkit',
      'GET /x-a/docs of plugin first: the documentation is there',
      'GET x-b of plugin first: it has no path',
      'GET /x-b/{id} of plugin first: it does not declare the parameter id of its path',
      'GET /x-b/../c of plugin first: ".." is no segment of a path',
      'PATCH /x-c of plugin first: its method is none of get, put, post and delete',
      'GET /x-d of plugin first: getHealth is an operation of medkit already',
      'GET /x-a of plugin second: it would take requests from GET /x-a of plugin first',
    ]);
    assert.deepEqual(
      block.plugins.map(({ routes }: { routes: string[] }) => routes),
      [['GET /x-a'], ['GET /x-e']],
    );
    assert.equal((await gateway.ask('GET', '/x-e')).status, 200);
    await gateway.close();
  });

  it('stands in the documentation, in that of the server, of an entity and of the resource', async () => {
    const ok = async () => ({ text: 'digraph {}' });
    const text = { responses: { 200: { description: 'DOT', media: 'text/vnd.graphviz' } } };
    const gateway = await gatewayOf({ p: pump([route('/apps/{app_id}/x-pump', ok, text)]) });
    for (const [path, shown] of [
      ['/docs', '/apps/{app_id}/x-pump'],
      ['/apps/pump/docs', '/apps/pump/x-pump'],
      ['/apps/pump/x-pump/docs', '/apps/pump/x-pump'],
    ] as const) {
      const { body } = await gateway.ask('GET', path);
      assert.deepEqual(body.paths[shown]?.get.tags, ['Plugins'], path);
      assert.ok(body.tags.some(({ name }: { name: string }) => name === 'Plugins'));
      assert.ok((await new Validator().validate(body)).valid, path);
    }
    const { endpoints } = (await gateway.ask('GET', '/')).body;
    assert.ok(endpoints.includes('GET /api/v1/apps/{app_id}/x-pump'));
    const reply = await gateway.ask('GET', '/apps/pump/x-pump');
    assert.deepEqual([reply.text, reply.headers['content-type']], ['digraph {}', 'text/vnd.graphviz; charset=utf-8']);
    await gateway.close();
  });

  it('passes the same gate as every other', async () => {
    const gateway = await gatewayOf(
      { p: pump([route('/x-pumps', async () => ({ body: 1 }))]) },
      { token: 'x'.repeat(16) },
    );
    const server = servers.at(-1) as FastifyInstance;
    assert.equal((await server.inject('/api/v1/x-pumps')).statusCode, 401);
    assert.equal((await gateway.ask('GET', '/x-pumps')).status, 200);
    await gateway.close();
  });
});

describe('the context of a plugin (discovery 2.3)', () => {
  it('asks the API of the gateway by its rules, and never rejects', async () => {
    let context: PluginContext | undefined;
    const gateway = await gatewayOf(
      {
        p: module(async (given) => {
          context = given;
          return {};
        }),
      },
      { token: 'x'.repeat(16) },
    );
    const told = async (path: string) => {
      const reply = await context?.request({ method: 'GET', path });
      const { data, error_code } = (reply?.body ?? {}) as { readonly data?: unknown; readonly error_code?: string };
      return [reply?.status, data ?? error_code];
    };
    assert.deepEqual(await told('/apps/lidar/data/%2Fscan'), [200, { ranges: [1] }]);
    assert.deepEqual(await told('/apps/nobody'), [404, 'entity-not-found']);
    const wrong = await context?.request({ method: 'GET', path: '/apps', headers: { authorization: 'Bearer no' } });
    assert.equal(wrong?.status, 401);
    const endless = context?.request({ method: 'GET', path: '/faults/stream' });
    await settled();
    await gateway.clock.advance(15_000);
    assert.equal((await endless)?.status, 504);
    await gateway.close();
  });

  it('tells of entities and reports faults', async () => {
    let context: PluginContext | undefined;
    const gateway = await gatewayOf({
      p: module(async (given) => {
        context = given;
        return {};
      }),
    });
    assert.deepEqual((await context?.entities())?.apps.map(({ id }) => id).sort(), ['camera', 'lidar']);
    const report = { code: 'PUMP_DRY', event: 'FAILED', severity: 2, description: 'Dry', source: 'pump' } as const;
    assert.equal(await context?.reportFault(report), true);
    assert.deepEqual(gateway.reports, ['PUMP_DRY']);
    await gateway.close();
  });
});
