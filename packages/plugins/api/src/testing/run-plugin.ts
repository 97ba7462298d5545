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
import type { ApiReply, ApiRequest, RosAccess } from '../plugin-context.ts';
import type { PluginReply, PluginRoute } from '../plugin-route.ts';
import { memoryProcess } from './memory-process.ts';

const STEP_MS = 5;
const CALL_MS = 5000;

export interface RunOptions {
  /** As a configuration has them: texts are taken for what the schema wants. Default: none. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What others tell of, as a robot would. */
  readonly entities?: Partial<EntityLists>;
  /** Answers what the plugin asks of the gateway; 404 unless given. */
  readonly reply?: (request: ApiRequest) => Partial<ApiReply> | Promise<Partial<ApiReply>>;
  /** A graph, for a plugin that looks at one. */
  readonly ros?: RosAccess;
  /** Where it keeps what is to outlast it; nowhere unless given. */
  readonly folder?: string;
  /** Run it as in a process of its own: everything that it gives and gets is cloned. */
  readonly isolated?: boolean;
}

/** A plugin that runs in a gateway which is made up, on a clock that stands still until it is told to move. */
export interface PluginRun {
  readonly clock: SimulatedClock;
  /** The entities of the plugin and of others, merged as a gateway does. */
  readonly model: Model;
  /** What it provides, behind the guards that it has in a gateway. */
  readonly providers: Providers;
  /** What it does with scripts, and where logs are read from, behind the same guards. */
  readonly scripts: HostedPlugin['scripts'];
  readonly logs: HostedPlugin['logs'];
  /** Faults that it reported, in order. */
  readonly reports: readonly FaultReport[];
  /** Lines that it recorded of its entities, in order. */
  readonly lines: readonly LogEntry[];
  /** What it asked of the gateway, in order. */
  readonly asked: readonly ApiRequest[];
  /** What it logged, as `warn: <name>: <text>`. */
  readonly logged: readonly string[];
  /** Tells the plugin what happens: `events.emit('fault.event', …)`. */
  readonly events: EventBus<CoreEvents>;
  state: HostedPlugin['state'];
  health(): Promise<RuntimeHealth>;
  call(timeoutMs?: number): CallContext;
  /** Asks one of its routes, by the path of a client: `GET`, `/apps/pump/x-pump?unit=bar`. Rejects as a gateway answers. */
  ask(method: string, path: string, body?: PluginReply['body']): Promise<PluginReply>;
  /** Lets time pass, and everything happen that happens then. */
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** Runs a plugin without a gateway and without a robot. Rejects where its options do not fit its schema. */
export async function runPlugin(
  plugin: Plugin,
  { options = {}, entities = {}, reply, ros, folder, isolated = false }: RunOptions = {},
): Promise<PluginRun> {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const log = (level: string, message: string): void => void logged.push(`${level}: ${message}`);
  const reports: FaultReport[] = [];
  const lines: LogEntry[] = [];
  const asked: ApiRequest[] = [];
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
    request: async (_plugin, request) => {
      asked.push(request);
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
    lines,
    asked,
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

/** The route that a path means, with its parameters. Throws where the plugin has none. */
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

/** What `promise` gives, for which time may have to pass: a plugin that is never set up is given up. */
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
