import { LOCAL, type Origin } from '../entity/entity.ts';

/**
 * Of which gateways a listener hears: of this one, or of all. What is of no gateway in particular is of this one. Whoever acts on
 * what he hears listens to `local`: another gateway does that for its own.
 */
export type Hearing = 'local' | 'all';

/** Tells listeners of what happened. Every event is named and typed in one map `M`. */
export interface EventBus<M extends object> {
  /** Gives a way to stop listening. A listener that throws harms no other. */
  on<N extends keyof M>(name: N, listener: (event: M[N]) => void, of?: Hearing): () => void;
  emit<N extends keyof M>(name: N, event: M[N]): void;
}

interface Listening {
  readonly listener: (event: never) => void;
  readonly of: Hearing;
}

/** A bus that calls listeners at once and in the order they came. `onError` hears of those that throw. */
export function eventBus<M extends object>(onError: (name: keyof M, error: unknown) => void): EventBus<M> {
  const listeners = new Map<keyof M, Set<Listening>>();
  return {
    on: (name, listener, of = 'local') => {
      // An object of its own, so that one function may listen twice and stop once.
      const own: Listening = { listener, of };
      const listening = listeners.get(name) ?? new Set();
      listeners.set(name, listening.add(own));
      return () => void listening.delete(own);
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
