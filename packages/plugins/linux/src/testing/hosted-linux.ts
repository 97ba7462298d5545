import { SovdError } from '@medkit/contract';
import { callContext, type JsonValue, openModel } from '@medkit/core';
import { memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { checkedOptions, DeferredHost, hostPlugin, type PluginRoute } from '@medkit/plugin';
import { Check } from 'typebox/value';
import { LinuxOptions } from '../linux-options.ts';
import { linuxPlugin } from '../linux-plugin.ts';
import type { FakeMachine } from './fake-machine.ts';

export interface HostedLinuxOptions {
  readonly machine: FakeMachine;
  readonly robot: Parameters<typeof memoryRuntime>[0];
  readonly name?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Answer of a route, including errors. */
export interface RouteReply {
  readonly status: number;
  readonly body: JsonValue | undefined;
}

/** Runs the plugin in a gateway of a robot in memory, on a fake machine. */
export async function hostedLinux({ machine, robot, name = 'linux', options = {} }: HostedLinuxOptions) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const log = (level: string, message: string) => void logged.push(`${level}: ${message}`);
  const checked = checkedOptions(LinuxOptions, options);
  if ('problems' in checked) throw new Error(checked.problems.join('; '));
  const deferredHost = new DeferredHost();
  const hosting = hostPlugin({
    plugin: linuxPlugin(machine),
    name,
    options: checked.options,
    clock,
    log,
    deferredHost,
  });
  await pass(clock, 20);
  const { runtime, routes } = await hosting;
  const memory = memoryRuntime({ name: 'robot', priority: 10, ...robot });
  const model = await openModel({ runtimes: [memory, runtime], clock, log });
  deferredHost.open({
    entities: () => ({
      areas: model.tree.all('area'),
      components: model.tree.all('component'),
      apps: model.tree.all('app'),
      functions: model.tree.all('function'),
    }),
    events: model.events,
    clearFault: async () => false,
    reportFault: async () => false,
    request: async () => ({ status: 404, headers: {}, body: undefined }),
  });
  await pass(clock, 1500);
  const call = () => callContext({ clock, timeoutMs: 5000 });
  return {
    clock,
    logged,
    model,
    robot: memory,
    runtime,
    routes,
    call,
    /** Advances the clock and completes everything that is due. */
    pass: (ms: number) => pass(clock, ms),
    get: (path: string): Promise<RouteReply> => callRoute(routes, path, call(), clock),
    providers: model.provider(name),
    close: () => model.close(),
  };
}

const STEP_MS = 10;

const pass = (clock: SimulatedClock, ms: number) => clock.advanceAsync(ms, STEP_MS);

async function callRoute(
  routes: readonly PluginRoute[],
  path: string,
  call: ReturnType<typeof callContext>,
  clock: SimulatedClock,
): Promise<RouteReply> {
  const [, collection, id, resource] = path.split('/');
  const param = collection === 'apps' ? 'app_id' : 'component_id';
  const found = routes.find(({ route }) => route.path === `/${collection}/{${param}}/${resource}`);
  if (!found) return { status: 404, body: undefined };
  try {
    const pending = found.handle({ path: { [param]: id }, query: {}, body: undefined }, call);
    pending.catch(() => undefined);
    await pass(clock, 20);
    const { status = 200, body } = await pending;
    const { schema } = found.route.responses[200];
    if (!schema || !Check(schema, body)) throw new Error(`${path} does not fit its schema: ${JSON.stringify(body)}`);
    return { status, body };
  } catch (error) {
    if (!(error instanceof SovdError)) throw error;
    if (!(found.route.errors as readonly string[]).includes(error.code))
      throw new Error(`${path} does not declare ${error.code}`);
    return { status: error.status, body: { code: error.code, message: error.message } };
  }
}
