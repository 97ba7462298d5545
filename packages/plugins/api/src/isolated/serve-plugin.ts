import { type CallContext, callContext } from '@medkit/core';
import type { Clock, Port } from '@medkit/edges';
import { decodeError, dispatchCalls, Link, type WireError } from '@medkit/edges/link';
import type { RosMessage, ServiceHandler } from '@medkit/ros2';
import { eventHooks } from '../event-hooks.ts';
import { checkedOptions } from '../host/plugin-options.ts';
import { validateParts } from '../host/validate-parts.ts';
import {
  LOG_METHODS,
  methodsIn,
  OPTIONAL_UPDATE_METHODS,
  RUNNER_METHODS,
  SCRIPT_METHODS,
  UPDATE_METHODS,
} from '../part-methods.ts';
import type { PluginContext } from '../plugin-context.ts';
import { pluginOf } from '../plugin-module.ts';
import type { PluginParts } from '../plugin-parts.ts';
import { ChildListeners } from './child-listeners.ts';
import { LINK_BOUNDS, linkErrors } from './link-errors.ts';
import type { CallFields, PartGroup, PartsDescription, SetUpRequest } from './protocol.ts';
import { remoteRos } from './remote-ros.ts';

export interface ServePluginOptions {
  readonly port: Port;
  readonly clock: Clock;
  /** Loads the module at this URL. */
  readonly load: (file: string) => Promise<unknown>;
  /** Returns the memory used by the process in bytes. */
  readonly residentBytes: () => number;
}

/** Serves a plugin in its process to the gateway at the other end of `port`. */
export function servePlugin({ port, clock, load, residentBytes }: ServePluginOptions): void {
  const listeners = new ChildListeners(() => link);
  const handlers = new Map<number, ServiceHandler>();
  let parts: PluginParts = {};
  let decode: (error: WireError) => Error = decodeError;
  const contextOf = (signal: AbortSignal, { timeoutMs, ...fields }: CallFields): CallContext =>
    callContext({ clock, timeoutMs, signal, ...fields });

  const link = new Link({
    port,
    bounds: LINK_BOUNDS,
    errors: linkErrors((error) => decode(error)),
    onNotice: (name, args) => {
      if (name === 'ping') link.notify('pong', [residentBytes()]);
      else if (name === 'heard') listeners.deliver(args[0] as number, args[1]);
    },
    // Calls that this version does not know come from a newer gateway; they are rejected.
    onCall: dispatchCalls({
      setUp: async ([request]: [SetUpRequest]) => {
        // Plugins distinguish graph errors by class. Without a graph, the ROS 2 package is not loaded.
        if (request.ros) decode = (await import('@medkit/ros2')).ROS_ERRORS.decode;
        const module = await load(request.file);
        link.notify('loaded');
        const plugin = pluginOf(module);
        const checked = checkedOptions(plugin.options, request.options);
        if ('problems' in checked) {
          throw new Error(`its settings below plugins.${request.name} are invalid: ${checked.problems.join('; ')}`);
        }
        const context = contextIn(link, listeners, {
          ...{ clock, name: request.name, options: checked.options },
          ...(request.folder !== undefined && { folder: request.folder }),
        });
        const ros = request.ros ? { ros: remoteRos(link, listeners, handlers) } : {};
        parts = validateParts(await plugin.setup({ ...context, ...ros }));
        return describe(parts);
      },
      contribution: () => parts.contribution?.(),
      health: () => parts.health?.(),
      stop: () => parts.stop?.(),
      method: (
        [group, name, method, args, fields]: [PartGroup, string, string, readonly unknown[], CallFields],
        { signal },
      ) => {
        const named = group === 'updates' || group === 'logs' ? { [group]: parts[group] } : parts[group];
        const methods = (named as Methods | undefined)?.[name];
        if (!methods?.[method]) throw new Error(`it has no ${name}.${method}`);
        return methods[method](...args, contextOf(signal, fields));
      },
      route: ([operationId, request, fields]: [string, never, CallFields], { signal }) => {
        const route = parts.routes?.find((each) => each.route.operationId === operationId);
        if (!route) throw new Error(`it no longer has the route ${operationId}`);
        return route.handle(request, contextOf(signal, fields));
      },
      'ros.handle': ([handler, request]: [number, RosMessage]) => {
        const handle = handlers.get(handler);
        if (!handle) throw new Error('the server is closed');
        return handle(request);
      },
    }),
  });
}

type Methods = Readonly<Record<string, Readonly<Record<string, (...args: readonly unknown[]) => unknown>>>>;

/** Creates the context without the graph. */
function contextIn(
  link: Link,
  listeners: ChildListeners,
  local: Pick<PluginContext, 'clock' | 'name' | 'folder' | 'options'>,
): Omit<PluginContext, 'ros'> {
  return {
    ...local,
    log: (level, message) => link.notify('log', [level, message]),
    changed: () => link.notify('changed'),
    entities: () => link.call('entities', []) as ReturnType<PluginContext['entities']>,
    ...eventHooks((hook, listener) => listeners.listen(hook, listener)),
    resourceChanged: (change) => link.notify('resourceChanged', [change]),
    reportFault: (report) => link.call('reportFault', [report]) as ReturnType<PluginContext['reportFault']>,
    clearFault: (fault) => link.call('clearFault', [fault]) as ReturnType<PluginContext['clearFault']>,
    record: (entityId, line) => link.call('record', [entityId, line]) as ReturnType<PluginContext['record']>,
    request: (request) => link.call('request', [request]) as ReturnType<PluginContext['request']>,
  };
}

/**
 * Methods that take a listener. Functions cannot be cloned, so these methods are not offered to the gateway, and
 * callers work without them.
 */
const UNCLONEABLE = ['watch'];

function methodsOf(provider: object = {}): readonly string[] {
  return Object.keys(provider).filter((method) => !UNCLONEABLE.includes(method));
}

function describe(parts: PluginParts): PartsDescription {
  const { contribution, health, providers = {}, routes = [] } = parts;
  const { samplers = {}, transports = {}, conditions = {}, updates, scripts, logs } = parts;
  const methods = Object.entries(providers).map(([name, provider]) => [name, methodsOf(provider)] as const);
  return {
    contribution: contribution !== undefined,
    health: health !== undefined,
    providers: Object.fromEntries(methods),
    // Schemas are JSON. Drops other data that a schema library stores in them; the gateway does not use it.
    routes: routes.map(({ route }) => JSON.parse(JSON.stringify(route)) as typeof route),
    samplers: Object.entries(samplers).map(([name, { takesPath = false }]) => ({ name, takesPath })),
    transports: Object.keys(transports),
    conditions: Object.keys(conditions),
    updates: methodsIn(updates, [...UPDATE_METHODS, ...OPTIONAL_UPDATE_METHODS]),
    logs: methodsIn(logs, LOG_METHODS),
    ...(scripts && {
      scripts: {
        ...(scripts.entities && { entities: scripts.entities }),
        provider: methodsIn(scripts.provider, SCRIPT_METHODS),
        runner: methodsIn(scripts.runner, RUNNER_METHODS),
      },
    }),
  };
}
