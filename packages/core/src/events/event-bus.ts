/** Tells listeners of what happened. Every event is named and typed in one map `M`. */
export interface EventBus<M extends object> {
  /** Gives a way to stop listening. A listener that throws harms no other. */
  on<N extends keyof M>(name: N, listener: (event: M[N]) => void): () => void;
  emit<N extends keyof M>(name: N, event: M[N]): void;
}

/** A bus that calls listeners at once and in the order they came. `onError` hears of those that throw. */
export function eventBus<M extends object>(onError: (name: keyof M, error: unknown) => void): EventBus<M> {
  const listeners = new Map<keyof M, Set<(event: never) => void>>();
  return {
    on: (name, listener) => {
      // A wrapper of its own, so that one function may listen twice and stop once.
      const own = (event: never): void => listener(event);
      const listening = listeners.get(name) ?? new Set();
      listeners.set(name, listening.add(own));
      return () => void listening.delete(own);
    },
    emit: (name, event) => {
      const listening = listeners.get(name);
      if (!listening?.size) return;
      for (const listener of [...listening]) {
        try {
          listener(event as never);
        } catch (error) {
          onError(name, error);
        }
      }
    },
  };
}
