import type { Clock, Port, Timer } from '@medkit/edges';
import type { FromSharedThread, ToSharedThread } from './protocol.ts';
import { serveStore } from './serve-store.ts';

interface Served {
  readonly hear: (message: unknown) => void;
  readonly close: () => void;
}

interface Dependencies {
  readonly port: Port;
  readonly clock: Clock;
  /** Frees unused memory, which blocks the thread for about 20 ms. */
  readonly tidyMemory?: (() => void) | undefined;
}

/** Idle time after which the thread frees memory. */
export const REST_MS = 10_000;
/** Messages after which freeing memory again is worthwhile; opening a store counts as that many. */
export const TIDIED_AFTER_MESSAGES = 1000;

/**
 * Serves any number of stores, each with a separate database: a failing disk of one does not affect the others. A store
 * waits for another's disk at most for one transaction.
 */
export function serveStores({ port, clock, tidyMemory }: Dependencies): void {
  const served = new Map<number, Served>();
  const tell = (message: FromSharedThread) => port.postMessage(message);
  const hearing = tidyMemory && tidyAtRest(clock, tidyMemory);
  port.on('message', (value) => {
    const message = value as ToSharedThread;
    hearing?.(message.kind === 'begin');
    const { store } = message;
    switch (message.kind) {
      case 'begin': {
        const listeners: ((heard: unknown) => void)[] = [];
        const own: Port = {
          postMessage: (answer) => tell({ kind: 'message', store, message: answer }),
          on: (_event, listener) => listeners.push(listener),
        };
        const close = serveStore({ port: own, data: message.data, clock });
        const hear = (heard: unknown) => {
          for (const listener of listeners) listener(heard);
        };
        served.set(store, { hear, close });
        break;
      }
      case 'message':
        served.get(store)?.hear(message.message);
        break;
      case 'end':
        end(served.get(store));
        served.delete(store);
        tell({ kind: 'ended', store });
    }
  });
}

/**
 * Frees memory when the thread becomes idle after much work. V8 does not: a thread with little work triggers no garbage
 * collection and keeps 4 MB from its start. Returns a function to call for each message.
 */
function tidyAtRest(clock: Clock, tidyMemory: () => void): (isMuch: boolean) => void {
  let messages = 0;
  let looking: Timer | undefined;
  let isQuiet = false;
  const look = () => {
    if (isQuiet) {
      looking?.cancel();
      looking = undefined;
      messages = 0;
      tidyMemory();
    }
    isQuiet = true;
  };
  return (isMuch) => {
    isQuiet = false;
    messages += isMuch ? TIDIED_AFTER_MESSAGES : 1;
    if (messages >= TIDIED_AFTER_MESSAGES) looking ??= clock.every(REST_MS, look);
  };
}

function end(served: Served | undefined): void {
  try {
    served?.close();
  } catch {
    // A database that cannot be closed is unusable anyway; the next attempt to open it reports the reason.
  }
}
