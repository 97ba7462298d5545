import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  type CoreEvents,
  callContext,
  type EntityLists,
  type EventBus,
  eventBus,
  type FaultReport,
  type LogEntry,
  type Model,
  openModel,
  type Providers,
  type RuntimeHealth,
} from '@medkit/core';
import { memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { Check } from 'typebox/value';
import { DeferredHost } from '../host/gateway-host.ts';
import { type HostedPlugin, hostPlugin } from '../host/host-plugin.ts';
import { checkedOptions } from '../host/plugin-options.ts';
import { isolatedPlugin } from '../isolated/isolated-plugin.ts';
import type { Plugin } from '../plugin.ts';
import type { ApiReply, ApiRequest, FaultEnd, RosAccess } from '../plugin-context.ts';
import type { PluginReply, PluginRoute } from '../plugin-route.ts';
import { memoryProcess } from './memory-process.ts';

const STEP_MS = 5;
const CALL_MS = 5000;

export interface RunOptions {
  /** Options as in a configuration: texts are converted according to the schema. Default: none. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Entities of other sources, such as the robot. */
  readonly entities?: Partial<EntityLists>;
  /** Answers the plugin's requests to the gateway. Default: 404. */
  readonly reply?: (request: ApiRequest) => Partial<ApiReply> | Promise<Partial<ApiReply>>;
  /** A graph for plugins that use one. */
  readonly ros?: RosAccess;
  /** Folder for the plugin's persistent data. Default: none. */
  readonly folder?: string;
  /** Whether to simulate a separate process: all exchanged values are cloned. */
  readonly isolated?: boolean;
}

/** A plugin running in a simulated gateway. The clock moves only when the test advances it. */
export interface PluginRun {
  readonly clock: SimulatedClock;
  /** The merged entities of the plugin and of other sources. */
  readonly model: Model;
  /** The plugin's providers, guarded as in a gateway. */
  readonly providers: Providers;
  /** The plugin's scripts and log reader, guarded as in a gateway. */
  readonly scripts: HostedPlugin['scripts'];
  readonly logs: HostedPlugin['logs'];
  /** Faults that it reported, in order. */
  readonly reports: readonly FaultReport[];
  /** Log lines that it recorded for its entities, in order. */
  readonly lines: readonly LogEntry[];
  /** Faults that it cleared, in order. */
  readonly cleared: readonly FaultEnd[];
  /** Requests that it sent to the gateway, in order. */
  readonly requests: readonly ApiRequest[];
  /** Messages that it logged, such as `warn: <name>: <text>`. */
  readonly logged: readonly string[];
  /** Sends events to the plugin: `events.emit('fault.event', …)`. */
  readonly events: EventBus<CoreEvents>;
  state: HostedPlugin['state'];
  health(): Promise<RuntimeHealth>;
  call(timeoutMs?: number): CallContext;
  /**
   * Calls one of its routes by the path that a client uses: `GET`, `/apps/pump/x-pump?unit=bar`. Rejects with the error
   * that a gateway would return.
   */
  ask(method: string, path: string, body?: PluginReply['body']): Promise<PluginReply>;
  /** Advances the clock and runs everything that becomes due. */
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** Runs a plugin without a gateway and without a robot. Rejects if its options do not match its schema. */
export async function runPlugin(
  plugin: Plugin,
  { options = {}, entities = {}, reply, ros, folder, isolated = false }: RunOptions = {},
): Promise<PluginRun> {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const log = (level: string, message: string): void => void logged.push(`${level}: ${message}`);
  const reports: FaultReport[] = [];
  const cleared: FaultEnd[] = [];
  const lines: LogEntry[] = [];
  const requests: ApiRequest[] = [];
  const { name } = plugin;
  const checked = checkedOptions(plugin.options, options);
  if ('problems' in checked) throw new Error(checked.problems.join('; '));
  const deferredHost = new DeferredHost();
  const process = { name, file: new URL('memory:plugin'), memoryMb: 128, clock, log };
  const hosting = hostPlugin({
    plugin: isolated ? isolatedPlugin({ ...process, start: () => memoryProcess({ plugin }, clock) }) : plugin,
    name,
    options: isolated ? options : checked.options,
    ...(folder !== undefined && { folder }),
    clock,
    log,
    deferredHost,
    ...(ros && { ros }),
  });
  const { runtime, routes, state, scripts, logs } = await whileTimePasses(clock, hosting);
  const others = memoryRuntime({ name: 'others', priority: 10, ...entities });
  const model = await openModel({ runtimes: [others, runtime], clock, log });
  const events = eventBus<CoreEvents>((event, error) => log('error', `a listener to ${event} failed: ${error}`));
  model.events.on('entities.changed', (change) => events.emit('entities.changed', change));
  model.events.on('log.added', (added) => {
    lines.push(added.entry);
    events.emit('log.added', added);
  });
  deferredHost.open({
    entities: () => ({
      areas: model.tree.all('area'),
      components: model.tree.all('component'),
      apps: model.tree.all('app'),
      functions: model.tree.all('function'),
    }),
    events,
    reportFault: async (_, report) => {
      reports.push(report);
      return true;
    },
    clearFault: async (_, fault) => {
      // A gateway reports the end before it clears the fault.
      reports.push({ ...fault, event: 'PASSED', severity: 0, description: '' });
      cleared.push(fault);
      return true;
    },
    request: async (_plugin, request) => {
      requests.push(request);
      return { status: 404, headers: {}, body: undefined, ...(await reply?.(request)) };
    },
  });
  const call = (timeoutMs = CALL_MS) => callContext({ clock, timeoutMs });
  const advance = async (ms: number): Promise<void> => {
    await clock.advanceAsync(ms, STEP_MS);
    await settled();
  };
  await advance(6 * STEP_MS);
  return {
    clock,
    model,
    providers: model.provider(name) ?? {},
    scripts,
    logs,
    reports,
    cleared,
    lines,
    requests,
    logged,
    events,
    state,
    health: () => runtime.health(),
    call,
    ask: async (method, path, body) => {
      const { route, request } = routeOf(routes, method, path);
      const schema = route.route.body?.schema;
      if (schema && !Check(schema, body)) throw new SovdError({ code: 'invalid-request' });
      return route.handle({ ...request, body }, call());
    },
    advance,
    stop: () => model.close(),
  };
}

/** Finds the route for a path and its parameters. Throws if the plugin has none. */
function routeOf(routes: readonly PluginRoute[], method: string, address: string) {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  for (const route of routes) {
    if (route.route.method !== method.toLowerCase()) continue;
    const pattern = route.route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}$`).exec(pathname);
    if (!match) continue;
    const named = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)] as const);
    return { route, request: { path: Object.fromEntries(named), query: Object.fromEntries(searchParams) } };
  }
  throw new Error(`no route of the plugin is ${method.toUpperCase()} ${pathname}`);
}

/** Waits for `promise` and advances the clock if necessary, so that timeouts of the setup can elapse. */
async function whileTimePasses<T>(clock: SimulatedClock, promise: Promise<T>): Promise<T> {
  let isOver = false;
  void promise.finally(() => {
    isOver = true;
  });
  for (let turn = 0; turn < 10 && !isOver; turn++) await settled();
  while (!isOver) await clock.advanceAsync(1000, 100);
  return promise;
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
