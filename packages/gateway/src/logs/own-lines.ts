import type { Log } from '@medkit/core';

/** Lines from before anybody listened that are kept for the first who does: those of a start. */
const EARLY_LINES = 64;

/** The lines that medkit logs, for those who hand them on. */
export interface OwnLines {
  /** Writes a line where `log` does, and tells whoever listens. */
  readonly log: Log;
  /** Calls the listener with every line, those that nobody has heard yet first; gives a way to stop that. */
  onLine(listener: Log): () => void;
}

export function ownLines(log: Log): OwnLines {
  const listeners = new Set<Log>();
  const early: Parameters<Log>[] = [];
  return {
    log: (...line) => {
      log(...line);
      for (const listener of listeners) listener(...line);
      if (listeners.size === 0 && early.length < EARLY_LINES) early.push(line);
    },
    onLine: (listener) => {
      for (const line of early.splice(0)) listener(...line);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
