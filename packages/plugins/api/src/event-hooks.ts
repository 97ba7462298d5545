import type { CoreEvents } from '@medkit/core';

/** A gateway event that plugins can listen to. */
interface HookDefinition<Name extends keyof CoreEvents, Payload> {
  readonly event: Name;
  /** Converts the event to the value that listeners receive. */
  readonly payload: (event: CoreEvents[Name]) => Payload;
  /**
   * Whether the event may be dropped for a plugin process that does not keep up. If another event would be dropped, the
   * process is ended.
   */
  readonly losable: boolean;
}

function defineHook<Name extends keyof CoreEvents, Payload>(
  event: Name,
  payload: (event: CoreEvents[Name]) => Payload,
  { losable = false }: { readonly losable?: boolean } = {},
): HookDefinition<Name, Payload> {
  return { event, payload, losable };
}

/**
 * The event hooks of the plugin context, by name. Each row defines one hook, in the gateway and in a separate plugin
 * process. Listeners receive events of this gateway only.
 */
export const EVENT_HOOKS = {
  onEntitiesChange: defineHook('entities.changed', (change) => change),
  onFaultEvent: defineHook('fault.event', ({ event }) => event),
  onLogEntry: defineHook('log.added', ({ entry }) => entry, { losable: true }),
};

export type EventHook = keyof typeof EVENT_HOOKS;

/** Each hook adds a listener and returns a function that removes it. */
export type EventHooks = {
  readonly [Hook in EventHook]: (
    listener: (payload: ReturnType<(typeof EVENT_HOOKS)[Hook]['payload']>) => void,
  ) => () => void;
};

/** A listener of any hook. */
export type EventListener = (payload: never) => void;

/** Creates the hooks; `hook` implements each of them. */
export function eventHooks(hook: (name: EventHook, listener: EventListener) => () => void): EventHooks {
  const named = (Object.keys(EVENT_HOOKS) as EventHook[]).map((name) => [
    name,
    (listener: EventListener) => hook(name, listener),
  ]);
  return Object.fromEntries(named) as EventHooks;
}
