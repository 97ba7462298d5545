import { Worker } from 'node:worker_threads';
import type { Thread } from '../thread.ts';

export interface ThreadOptions {
  /** The module that runs in it. */
  readonly entry: URL;
  /** As the tools of the system show it. */
  readonly name: string;
  /** What grows beyond it ends this thread, and not the process. */
  readonly maxHeapMb: number;
  /** `workerData` of the module. */
  readonly data?: unknown;
}

/** Starts a module in a thread of its own. */
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
