import type { Thread } from '@medkit/edges';
import { startThread } from '@medkit/edges/node';
import type { ThreadData } from './protocol.ts';

/** Heap that a thread may use: all that may wait for it and the largest answers, twice over. */
const MAX_HEAP_MB = 256;

// A string is not rewritten when the package is compiled: the entry has the ending of this very file.
const ENTRY = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Starts a thread with a connection to the database. */
export function startStoreThread(data: ThreadData): Thread {
  return startThread({ entry: ENTRY, name: `medkit-store-${data.role}`, maxHeapMb: MAX_HEAP_MB, data });
}
