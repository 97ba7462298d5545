import type { CoreEvents } from '@medkit/core';

/** A gateway event that plugins can listen to. */
interface HeardEvent<Name extends keyof CoreEvents, Told> {
  readonly event: Name;
  /** Converts the event to the value that listeners receive. */
  readonly told: (event: CoreEvents[Name]) => Told;
  /**
   * Whether the event may be dropped for a plugin process that does not keep up. If another event would be dropped, the
   * process is ended.
   */
  readonly losable: boolean;
}

function heard<Name extends keyof CoreEvents, Told>(
  event: Name,
  told: (event: CoreEvents[Name]) => Told,
  { losable = false }: { readonly losable?: boolean } = {},
): HeardEvent<Name, Told> {
  return { event, told, losable };
}

/**
 * The event hooks of the plugin context, by name. Each row defines one hook, in the gateway and in a separate plugin
 * process. Listeners receive events of this gateway only.
 */
export const EVENT_HOOKS = {
  onEntitiesChange: heard('entities.changed', (change) => change),
  onFaultEvent: heard('fault.event', ({ event }) => event),
  onLogEntry: heard('log.added', ({ entry }) => entry, { losable: true }),
};

export type EventHook = keyof typeof EVENT_HOOKS;

/** Each hook adds a listener and returns a function that removes it. */
export type EventHooks = {
  readonly [Hook in EventHook]: (
    listener: (told: ReturnType<(typeof EVENT_HOOKS)[Hook]['told']>) => void,
  ) => () => void;
};

/** A listener of any hook. */
export type EventListener = (told: never) => void;

/** Creates the hooks; `hook` implements each of them. */
export function eventHooks(hook: (name: EventHook, listener: EventListener) => () => void): EventHooks {
  const named = (Object.keys(EVENT_HOOKS) as EventHook[]).map((name) => [
    name,
    (listener: EventListener) => hook(name, listener),
  ]);
  return Object.fromEntries(named) as EventHooks;
}
