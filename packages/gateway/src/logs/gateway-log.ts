import type { Log } from '@medkit/core';

/** Maximum lines that are buffered for the first listener: those of a start. */
const EARLY_LINES = 64;

/** The log lines of medkit, with listeners. */
export interface GatewayLog {
  /** Writes a line to `log` and to the listeners. */
  readonly log: Log;
  /**
   * Calls the listener with every line; the first listener also gets the buffered ones. Returns a function that
   * unsubscribes.
   */
  onLine(listener: Log): () => void;
  /** Gives the listeners the context that `current` returns with each line that has none. */
  useTraces(current: () => string | undefined): void;
}

export function gatewayLog(log: Log): GatewayLog {
  const listeners = new Set<Log>();
  const early: Parameters<Log>[] = [];
  let current: () => string | undefined = () => undefined;
  return {
    log: (level, message, traceparent = current()) => {
      log(level, message);
      for (const listener of listeners) listener(level, message, traceparent);
      if (listeners.size === 0 && early.length < EARLY_LINES) early.push([level, message, traceparent]);
    },
    onLine: (listener) => {
      for (const line of early.splice(0)) listener(...line);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    useTraces: (contexts) => {
      current = contexts;
    },
  };
}
