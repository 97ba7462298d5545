import type { Thread } from '@medkit/edges';
import { startThread } from '@medkit/edges/node';
import type { ThreadData } from './protocol.ts';
import { sharedThread } from './shared-thread.ts';

/** Heap limit of a thread: twice the largest pending input and results. */
const MAX_HEAP_MB = 256;

// The compiler does not rewrite strings, so the entry takes the extension of this file.
const ENTRY = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Starts an idle thread. */
export function startStoreThread(role: 'writer' | 'reader'): Thread {
  return startThread({ entry: ENTRY, name: `medkit-store-${role}`, maxHeapMb: MAX_HEAP_MB });
}

/**
 * Returns a function that starts the threads of stores. One writer thread serves all stores, since it mostly waits and
 * takes 18 MB. Each store that is read has a separate reader thread, so that a long query of one does not delay
 * another.
 */
export function storeThreads(start: typeof startStoreThread = startStoreThread): (data: ThreadData) => Thread {
  const writer = sharedThread(() => start('writer'));
  return (data) => (data.role === 'reader' ? sharedThread(() => start('reader'))(data) : writer(data));
}
