import type { Clock, Port } from '@medkit/edges';
import type { FromSharedThread, ToSharedThread } from './protocol.ts';
import { serveStore } from './serve-store.ts';

interface Served {
  readonly hear: (message: unknown) => void;
  readonly close: () => void;
}

/**
 * Serves as many stores as the other end of `port` names, each with a database of its own: what one's disk refuses is no
 * concern of the others. They wait for each other's disk, for as long as one transaction takes.
 */
export function serveStores({ port, clock }: { readonly port: Port; readonly clock: Clock }): void {
  const served = new Map<number, Served>();
  const tell = (message: FromSharedThread) => port.postMessage(message);
  port.on('message', (value) => {
    const message = value as ToSharedThread;
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

function end(served: Served | undefined): void {
  try {
    served?.close();
  } catch {
    // A database that cannot be closed is of no use either way, and the next one to open it says why.
  }
}
