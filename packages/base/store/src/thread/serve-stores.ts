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
  /** Gives memory back that is free, which holds up the thread for some 20 ms. */
  readonly tidyMemory?: (() => void) | undefined;
}

/** A thread that heard nothing for so long is at rest. */
export const REST_MS = 10_000;
/** Messages after which it is worth while to give memory back once more; to open a store is worth it by itself. */
export const TIDIED_AFTER_MESSAGES = 1000;

/**
 * Serves as many stores as the other end of `port` names, each with a database of its own: what one's disk refuses is no
 * concern of the others. They wait for each other's disk, for as long as one transaction takes.
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
 * Gives memory back when the thread is at rest, after it has had much to do. V8 does not by itself: a thread that does little
 * comes to no garbage collection, and keeps 4 MB of what its start left behind. Gives what hears that there was something to do.
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
    // A database that cannot be closed is of no use either way, and the next one to open it says why.
  }
}
