import { Worker } from 'node:worker_threads';
import type { Port } from './port.ts';

/** A thread that serves an adapter, from its start to its end. */
export interface Thread {
  readonly port: Port;
  /** Resolves when it has ended, with the reason in a few words. */
  readonly ended: Promise<string>;
  /** Ends it whatever it does. Resolves when it has ended. */
  end(): Promise<void>;
}

/**
 * Heap that the thread may use. A graph of 500 participants and 10,000 endpoints takes a tenth of it; whatever grows
 * beyond it ends this thread, and not the gateway.
 */
const MAX_HEAP_MB = 512;

/** Starts the module at `entry` in a thread of its own. */
export function startThread(entry: URL): Thread {
  const worker = new Worker(entry, { name: 'medkit-dds', resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
  let reason: string | undefined;
  worker.on('error', (error: Error) => {
    reason = `${error.name}: ${error.message}`;
  });
  const ended = new Promise<string>((resolve) => {
    worker.on('exit', (code) => resolve(reason ?? `exit code ${code}`));
  });
  return {
    port: worker,
    ended,
    end: async () => {
      await worker.terminate();
    },
  };
}
