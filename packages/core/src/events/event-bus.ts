import { LOCAL, type Origin } from '../entity/entity.ts';

/**
 * Which gateways' events a listener receives: only events of this gateway, or all events. Events without an origin
 * belong to this gateway. Listeners that act on events use `local`, because every other gateway acts on its own events.
 */
export type EventScope = 'local' | 'all';

/** Delivers events to listeners. The map `M` gives the name and type of every event. */
export interface EventBus<M extends object> {
  /** Adds a listener and returns a function that removes it. A listener that throws does not affect the others. */
  on<N extends keyof M>(name: N, listener: (event: M[N]) => void, of?: EventScope): () => void;
  emit<N extends keyof M>(name: N, event: M[N]): void;
}

interface Registration {
  readonly listener: (event: never) => void;
  readonly of: EventScope;
}

/**
 * Creates a bus that calls listeners synchronously, in the order they were added. `onError` receives what a listener
 * throws.
 */
export function eventBus<M extends object>(onError: (name: keyof M, error: unknown) => void): EventBus<M> {
  const listeners = new Map<keyof M, Set<Registration>>();
  return {
    on: (name, listener, of = 'local') => {
      // A separate object, so that one function can be added twice and removed once.
      const registration: Registration = { listener, of };
      const listening = listeners.get(name) ?? new Set();
      listeners.set(name, listening.add(registration));
      return () => void listening.delete(registration);
    },
    emit: (name, event) => {
      const listening = listeners.get(name);
      if (!listening?.size) return;
      const { origin = LOCAL } = event as { readonly origin?: Origin };
      for (const { listener, of } of [...listening]) {
        if (origin !== LOCAL && of === 'local') continue;
        try {
          listener(event as never);
        } catch (error) {
          onError(name, error);
        }
      }
    },
  };
}
