import type { Clock, Port, Thread } from '@medkit/edges';
import { servePlugin } from '../isolated/serve-plugin.ts';

export interface MemoryProcess extends Thread {
  /** Stops processing messages, like a process in an endless loop. */
  hang(): void;
  /** Processes messages again. Messages sent while it hung are lost. */
  wake(): void;
  /** Ends like a process that crashes. */
  crash(reason: string): void;
  /** Sets the memory that the process reports from now on. */
  takeMemory(octets: number): void;
}

/**
 * Creates a simulated process for a plugin. All messages are cloned, as between two processes. The process receives
 * messages only `startMs` after its start.
 */
export function memoryProcess(module: unknown, clock: Clock, startMs = 0): MemoryProcess {
  const beginsMs = clock.monotonicMs() + startMs;
  const end = Promise.withResolvers<string>();
  let isOver = false;
  let hangs = false;
  let octets = 0;
  const gateway = listeners();
  const plugin = listeners();
  const sending = (to: (message: unknown) => void, isDeaf: () => boolean): Port['postMessage'] => {
    return (value) => {
      if (isOver) return;
      const message = structuredClone(value);
      setImmediate(() => {
        if (!isOver && !isDeaf()) to(message);
      });
    };
  };
  const finish = (reason: string): void => {
    isOver = true;
    end.resolve(reason);
  };
  servePlugin({
    port: { postMessage: sending(gateway.deliver, () => hangs), on: plugin.on },
    clock,
    load: async () => module,
    residentBytes: () => octets,
  });
  return {
    port: {
      postMessage: (value) => {
        const send = () => sending(plugin.deliver, () => hangs)(value);
        const leftMs = beginsMs - clock.monotonicMs();
        if (leftMs > 0) clock.after(leftMs, send);
        else send();
      },
      on: gateway.on,
    },
    ended: end.promise,
    end: async () => finish('signal SIGKILL'),
    hang: () => {
      hangs = true;
    },
    wake: () => {
      hangs = false;
    },
    crash: finish,
    takeMemory: (taken) => {
      octets = taken;
    },
  };
}

function listeners() {
  const all: ((message: unknown) => void)[] = [];
  return {
    on: (_event: 'message', listener: (message: unknown) => void) => all.push(listener),
    deliver: (message: unknown) => {
      for (const listener of all) listener(message);
    },
  };
}
