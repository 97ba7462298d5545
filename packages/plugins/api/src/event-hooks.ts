import type { CoreEvents } from '@medkit/core';

/** Something of the gateway that plugins can listen to. */
interface HeardEvent<Name extends keyof CoreEvents, Told> {
  readonly event: Name;
  /** What a listener is told of it. */
  readonly told: (event: CoreEvents[Name]) => Told;
  /** It is left out for a process that does not keep up, which is ended where it would miss anything else. */
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
 * What plugins listen to, by its name in their context, within the gateway and in a process of their own: each row is a hook.
 * All are of this gateway alone.
 */
export const EVENT_HOOKS = {
  onEntitiesChange: heard('entities.changed', (change) => change),
  onFaultEvent: heard('fault.event', ({ event }) => event),
  onLogEntry: heard('log.added', ({ entry }) => entry, { losable: true }),
};

export type EventHook = keyof typeof EVENT_HOOKS;

/** Each takes a listener, and gives a way to stop. */
export type EventHooks = {
  readonly [Hook in EventHook]: (
    listener: (told: ReturnType<(typeof EVENT_HOOKS)[Hook]['told']>) => void,
  ) => () => void;
};

/** A listener of any of them. */
export type EventListener = (told: never) => void;

/** The hooks, each as `hook` makes it. */
export function eventHooks(hook: (name: EventHook, listener: EventListener) => () => void): EventHooks {
  const named = (Object.keys(EVENT_HOOKS) as EventHook[]).map((name) => [
    name,
    (listener: EventListener) => hook(name, listener),
  ]);
  return Object.fromEntries(named) as EventHooks;
}
