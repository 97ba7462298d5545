import type { Thread } from '@medkit/edges';
import { startThread } from '@medkit/edges/node';
import type { ThreadData } from './protocol.ts';
import { sharedThread } from './shared-thread.ts';

/** Heap that a thread may use: all that may wait for it and the largest answers, twice over. */
const MAX_HEAP_MB = 256;

// A string is not rewritten when the package is compiled: the entry has the ending of this very file.
const ENTRY = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Starts a thread that does nothing yet. */
export function startStoreThread(role: 'writer' | 'reader'): Thread {
  return startThread({ entry: ENTRY, name: `medkit-store-${role}`, maxHeapMb: MAX_HEAP_MB });
}

/**
 * Threads for any number of stores: one writes for all of them, since it mostly waits, and takes 18 MB; one reads for each
 * that is read, since a long query of one is not to hold up another.
 */
export function storeThreads(start: typeof startStoreThread = startStoreThread): (data: ThreadData) => Thread {
  const writer = sharedThread(() => start('writer'));
  return (data) => (data.role === 'reader' ? sharedThread(() => start('reader'))(data) : writer(data));
}
