import { Worker } from 'node:worker_threads';
import type { Thread } from '../thread.ts';

export interface ThreadOptions {
  /** The module that runs in the thread. */
  readonly entry: URL;
  /** Thread name, as tools of the system show it. */
  readonly name: string;
  /** Heap limit; exceeding it ends this thread, not the process. */
  readonly maxHeapMb: number;
  /** `workerData` of the module. */
  readonly data?: unknown;
}

/** Starts a module in a separate thread. */
export function startThread({ entry, name, maxHeapMb, data }: ThreadOptions): Thread {
  const worker = new Worker(entry, {
    name,
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
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
