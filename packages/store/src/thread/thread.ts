import { Worker } from 'node:worker_threads';
import type { Port, ThreadData } from './protocol.ts';

/** A thread with a connection to the database, from its start to its end. */
export interface Thread {
  readonly port: Port;
  /** Resolves when it has ended, with the reason in a few words. */
  readonly ended: Promise<string>;
  /** Ends it whatever it does. Resolves when it has ended. */
  end(): Promise<void>;
}

/** Heap that a thread may use: all that may wait for it and the largest answers, twice over. */
const MAX_HEAP_MB = 256;

// A string is not rewritten when the package is compiled: the entry has the ending of this very file.
const ENTRY = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export function startThread(data: ThreadData): Thread {
  const worker = new Worker(ENTRY, {
    name: `medkit-store-${data.role}`,
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
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
