import type { Clock, Port, Timer } from '@medkit/edges';
import type { FromSharedThread, ToSharedThread } from './protocol.ts';
import { serveStore } from './serve-store.ts';

interface Served {
  readonly receive: (message: unknown) => void;
  readonly close: () => void;
}

interface Dependencies {
  readonly port: Port;
  readonly clock: Clock;
  /** Frees unused memory, which blocks the thread for about 20 ms. */
  readonly tidyMemory?: (() => void) | undefined;
}

/** Idle time after which the thread frees memory. */
export const IDLE_MS = 10_000;
/** Messages after which freeing memory again is worthwhile; opening a store counts as that many. */
export const TIDIED_AFTER_MESSAGES = 1000;

/**
 * Serves any number of stores, each with a separate database: a failing disk of one does not affect the others. A store
 * waits for another's disk at most for one transaction.
 */
export function serveStores({ port, clock, tidyMemory }: Dependencies): void {
  const served = new Map<number, Served>();
  const send = (message: FromSharedThread) => port.postMessage(message);
  const onMessage = tidyMemory && tidyWhenIdle(clock, tidyMemory);
  port.on('message', (value) => {
    const message = value as ToSharedThread;
    onMessage?.(message.kind === 'begin');
    const { store } = message;
    switch (message.kind) {
      case 'begin': {
        const listeners: ((received: unknown) => void)[] = [];
        const storePort: Port = {
          postMessage: (answer) => send({ kind: 'message', store, message: answer }),
          on: (_event, listener) => listeners.push(listener),
        };
        const close = serveStore({ port: storePort, data: message.data, clock });
        const receive = (received: unknown) => {
          for (const listener of listeners) listener(received);
        };
        served.set(store, { receive, close });
        break;
      }
      case 'message':
        served.get(store)?.receive(message.message);
        break;
      case 'end':
        end(served.get(store));
        served.delete(store);
        send({ kind: 'ended', store });
    }
  });
}

/**
 * Frees memory when the thread becomes idle after much work. V8 does not: a thread with little work triggers no garbage
 * collection and keeps 4 MB from its start. Returns a function to call for each message.
 */
function tidyWhenIdle(clock: Clock, tidyMemory: () => void): (isMuch: boolean) => void {
  let messages = 0;
  let timer: Timer | undefined;
  let isQuiet = false;
  const checkIdle = () => {
    if (isQuiet) {
      timer?.cancel();
      timer = undefined;
      messages = 0;
      tidyMemory();
    }
    isQuiet = true;
  };
  return (isMuch) => {
    isQuiet = false;
    messages += isMuch ? TIDIED_AFTER_MESSAGES : 1;
    if (messages >= TIDIED_AFTER_MESSAGES) timer ??= clock.every(IDLE_MS, checkIdle);
  };
}

function end(served: Served | undefined): void {
  try {
    served?.close();
  } catch {
    // A database that cannot be closed is unusable anyway; the next attempt to open it reports the reason.
  }
}
