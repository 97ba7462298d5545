import type { Thread } from '@medkit/edges';
import type { FromSharedThread, ThreadData, ToSharedThread } from './protocol.ts';

interface Guest {
  readonly receive: (message: unknown) => void;
  readonly leave: (reason: string) => void;
}

interface Host {
  readonly thread: Thread;
  readonly guests: Map<number, Guest>;
}

/**
 * Shares one thread between stores: each store gets a virtual thread. The thread starts with the first store and ends
 * with the last. If it ends unexpectedly, all virtual threads end, and the next store starts a new one.
 */
export function sharedThread(start: () => Thread): (data: ThreadData) => Thread {
  let running: Host | undefined;
  let lastStore = 0;
  const retire = (host: Host) => {
    if (running === host) running = undefined;
  };
  return (data) => {
    running ??= startHost(start(), retire);
    return guestOf(running, ++lastStore, data, retire);
  };
}

function startHost(thread: Thread, retire: (host: Host) => void): Host {
  const guests: Host['guests'] = new Map();
  const host = { thread, guests };
  thread.port.on('message', (value) => {
    const message = value as FromSharedThread;
    const guest = guests.get(message.store);
    if (message.kind === 'message') guest?.receive(message.message);
    else guest?.leave('it was stopped');
  });
  void thread.ended.then((reason) => {
    retire(host);
    for (const guest of guests.values()) guest.leave(reason);
  });
  return host;
}

function guestOf(host: Host, store: number, data: ThreadData, retire: (host: Host) => void): Thread {
  const { thread, guests } = host;
  const send = (message: ToSharedThread) => thread.port.postMessage(message);
  const listeners: ((message: unknown) => void)[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  guests.set(store, {
    receive: (message) => {
      for (const listener of listeners) listener(message);
    },
    leave: (reason) => {
      guests.delete(store);
      if (guests.size === 0) retire(host);
      resolve(reason);
    },
  });
  send({ kind: 'begin', store, data });
  return {
    port: {
      postMessage: (message) => send({ kind: 'message', store, message }),
      on: (_event, listener) => listeners.push(listener),
    },
    ended,
    end: async () => {
      send({ kind: 'end', store });
      await ended;
      if (guests.size === 0) await thread.end();
    },
  };
}
