import { type Fault, openModel } from '@medkit/core';
import { app, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import {
  definePlugin,
  PLUGIN_API_VERSION,
  type Plugin,
  type PluginContext,
  type PluginParts,
  type PluginRoute,
} from '@medkit/plugin';
import { isolatedPlugin } from '@medkit/plugin/isolated';
import { memoryProcess } from '@medkit/plugin/testing';
import Type from 'typebox';
import type { PluginSettings } from '../config/index.ts';
import type { GatewayServerOptions } from '../gateway-server.ts';
import { gatewayHostOf } from '../plugins/gateway-host.ts';
import { type OpenPluginsOptions, openPlugins } from '../plugins/open-plugins.ts';
import { openPrincipals } from '../security/identify.ts';
import { testConfig } from './test-gateway.ts';
import { testServer } from './test-server.ts';

export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A gateway of a robot with the apps `lidar` and `camera`, and with these modules as plugins, by name. */
export async function pluginGateway(
  modules: Readonly<Record<string, unknown>>,
  {
    options = {},
    token = '',
    isolated = false,
    changes = {},
    parts = {},
    faults = [],
    filesAt,
  }: {
    readonly options?: Readonly<Record<string, unknown>>;
    readonly token?: string;
    /** Whether each plugin runs as in a separate process. */
    readonly isolated?: boolean;
    readonly changes?: Parameters<typeof testConfig>[0];
    readonly parts?: Partial<GatewayServerOptions>;
    /** Faults of the fault manager. */
    readonly faults?: readonly Fault[];
    readonly filesAt?: OpenPluginsOptions['filesAt'];
  } = {},
) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const log = (level: string, message: string) => void logged.push(`${level}: ${message}`);
  const reports: string[] = [];
  const robot = memoryRuntime({
    name: 'robot',
    priority: 10,
    apps: [app('lidar', { node: '/lidar', address: { runtime: 'robot', nativeId: '/lidar' } }), app('camera')],
    data: { '/lidar': { '/scan': { value: { ranges: [1] } } } },
    records: { isEntity: () => true },
    providers: {
      faults: memoryFaults({
        faults,
        onReport: ({ code, runtime = 'somebody' }) => reports.push(`${code} of ${runtime}`),
      }),
    },
  });
  const settings = (name: string): PluginSettings => ({ name, folder: '/', isolated, memoryMb: 64, options });
  const config = {
    ...(await testConfig({ server: { token }, ...changes })),
    plugins: Object.keys(modules).map(settings),
  };
  const opening = openPlugins({
    plugins: config.plugins,
    source: {
      locate: async ({ name }) => ({ file: new URL(`file:///${name}`), version: '1.2.3' }),
      load: async ({ pathname }) => {
        const module = modules[pathname.slice(1)];
        if (module instanceof Error) throw module;
        return module;
      },
    },
    isolated: ({ name, memoryMb }, file) =>
      isolatedPlugin({ name, file, memoryMb, clock, log, start: () => memoryProcess(modules[name], clock) }),
    clock,
    log,
    taken: ['robot'],
    ...(filesAt && { filesAt }),
  });
  for (let turns = 0; turns < 8; turns++) await settled();
  await clock.advance(5000);
  const plugins = await opening;
  const model = await openModel({ runtimes: [robot, ...plugins.runtimes], clock, log });
  const principals = openPrincipals({ token, random: seededRandom(1) });
  const server = await testServer({ principals, config, model, clock, plugins, log, ...parts });
  plugins.open(gatewayHostOf({ model, server, principals, clock }));
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
    server,
    close: async () => {
      await server.close();
      await model.close();
    },
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

/** A module that exports a plugin. */
export function module(setup: (context: PluginContext) => Promise<PluginParts>, more: Partial<Plugin> = {}) {
  return {
    plugin: definePlugin({ apiVersion: PLUGIN_API_VERSION, name: 'p', options: Type.Object({}), setup, ...more }),
  };
}

type RouteOptions = Partial<PluginRoute['route']>;

/** A route of a plugin with defaults for all other members. */
export function route(path: string, handle: PluginRoute['handle'], more: RouteOptions = {}): PluginRoute {
  const operationId = `get${path.replaceAll(/\W+/g, '_')}${more.method ?? ''}`;
  const said = { method: 'get', operationId, summary: 'Pump', description: 'The pump', parameters: [] } as const;
  return { route: { ...said, path, responses: { 200: { description: 'It' } }, errors: [], ...more }, handle };
}
