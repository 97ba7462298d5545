import { Worker } from 'node:worker_threads';
import type { Port } from './protocol.ts';

/** A thread that writes one recording. */
export interface BagThread {
  readonly port: Port;
  /** Resolves when it has ended, with the reason in a few words. */
  readonly ended: Promise<string>;
  /** Ends it whatever it does. Resolves when it has ended. */
  end(): Promise<void>;
}

/** Heap for some blocks, what becomes of them, and the definitions of all types. */
const MAX_HEAP_MB = 128;

// A string is not rewritten when the package is compiled: the entry has the ending of this very file.
const ENTRY = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export function startBagThread(): BagThread {
  const worker = new Worker(ENTRY, {
    name: 'medkit-recording',
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
