import type { CoreEvents, Log, ResourceChanged } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { LocalNode } from '@medkit/ros2';
import { EVENT_HOOKS, type EventHook, type EventListener, eventHooks } from '../event-hooks.ts';
import type { EntityLine, PluginContext, RosAccess } from '../plugin-context.ts';
import type { DeferredHost } from './gateway-host.ts';
import type { HookGuard } from './hook-guard.ts';
import { withLegacyNames } from './legacy-names.ts';

export interface ContextOptions {
  readonly name: string;
  readonly options: unknown;
  readonly folder?: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly ros: RosAccess | undefined;
  readonly deferredHost: DeferredHost;
  readonly guard: HookGuard;
  readonly changed: () => void;
  /** Adds a line to the log of an entity of the plugin. Throws if that is not possible. */
  readonly record: (entityId: string, line: EntityLine) => void;
}

/** A context, and a function that closes everything opened through it. */
export interface OpenContext {
  readonly context: PluginContext;
  close(): Promise<void>;
}

const UNAVAILABLE = { status: 503, headers: {}, body: undefined };
const NO_ENTITIES = { areas: [], components: [], apps: [], functions: [] };

/** Creates the context of one plugin. Until the gateway is open, the tree is empty and requests get no answer. */
export function openContext({ deferredHost, guard, ros, log, record, ...shared }: ContextOptions): OpenContext {
  const { name } = shared;
  const open = new Set<() => void | Promise<void>>();
  let isClosed = false;
  const closable = (close: () => void | Promise<void>): (() => void | Promise<void>) => {
    // A plugin whose setup timed out keeps running for a while. Close what it opens now, since nothing else would.
    if (isClosed) {
      void (async () => close())().catch(() => undefined);
      throw new Error('the plugin has ended');
    }
    open.add(close);
    return () => {
      if (open.delete(close)) return close();
    };
  };
  /** Adds a listener as soon as the gateway is open. */
  const addListener = (hook: EventHook, listener: EventListener): (() => void) => {
    const { event, payload }: { event: keyof CoreEvents; payload: (event: never) => unknown } = EVENT_HOOKS[hook];
    const deliver = guard.listener(hook, listener as (event: unknown) => void);
    let ended = false;
    let stop: (() => void) | undefined;
    deferredHost.whenOpen(({ events }) => {
      if (!ended) stop = events.on(event, (body) => deliver(payload(body as never)));
    });
    return closable(() => {
      ended = true;
      stop?.();
    }) as () => void;
  };
  return {
    context: {
      ...shared,
      log: (level, message) => log(level, `${name}: ${message}`),
      entities: async () => withLegacyNames(deferredHost.host?.entities() ?? NO_ENTITIES),
      ...eventHooks((hook, listener) => addListener(hook, listener)),
      resourceChanged: (change) => {
        if (isResourceChange(change)) deferredHost.host?.events.emit('resource.changed', change);
        else log('warn', `${name}: it reported an invalid change: expected a collection whose name begins with x-`);
      },
      reportFault: async (report) => deferredHost.host?.reportFault(name, report) ?? false,
      clearFault: async (fault) => (isClosed ? false : (deferredHost.host?.clearFault(name, fault) ?? false)),
      record: async (entityId, line) => {
        if (isClosed) throw new Error('the plugin has ended');
        record(entityId, line);
      },
      request: async (request) => (isClosed ? undefined : deferredHost.host?.request(name, request)) ?? UNAVAILABLE,
      ...(ros && { ros: closingNodes(ros, closable) }),
    },
    close: async () => {
      isClosed = true;
      deferredHost.host?.leave?.(name);
      const closing = [...open];
      open.clear();
      await Promise.allSettled(closing.map(async (close) => close()));
    },
  };
}

/** Returns whether the argument is a valid change. A plugin may be written in JavaScript or run in another process. */
function isResourceChange(change: Partial<ResourceChanged> | undefined): change is ResourceChanged {
  const { entity, collection, path, value } = change ?? {};
  return (
    typeof entity?.kind === 'string' &&
    typeof entity.id === 'string' &&
    typeof collection === 'string' &&
    collection.startsWith('x-') &&
    typeof path === 'string' &&
    value !== undefined
  );
}

/** Wraps the graph so that nodes and listeners opened through it are closed with the plugin. */
function closingNodes(
  ros: RosAccess,
  closable: (close: () => void | Promise<void>) => () => void | Promise<void>,
): RosAccess {
  return {
    graph: () => ros.graph(),
    onGraphChange: (listener) => closable(ros.onGraphChange(listener)) as () => void,
    node: async (options): Promise<LocalNode> => {
      const node = await ros.node(options);
      const close = closable(() => node.close());
      return { ...bound(node), close: async () => close() };
    },
    describeType: (type) => ros.describeType(type),
    decode: (type, cdr) => ros.decode(type, cdr),
    encode: (type, json) => ros.encode(type, json),
    toJson: (type, message) => ros.toJson(type, message),
  };
}

function bound(node: LocalNode): Omit<LocalNode, 'close'> {
  return {
    fqn: node.fqn,
    publisher: (topic, type, qos) => node.publisher(topic, type, qos),
    subscribe: (options) => node.subscribe(options),
    client: (service, type) => node.client(service, type),
    service: (name, type, handler) => node.service(name, type, handler),
  };
}
