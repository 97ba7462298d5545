import type { Thread } from '@medkit/edges';
import { startThread } from '@medkit/edges/node';

/** Heap for some blocks, what becomes of them, and the definitions of all types. */
const MAX_HEAP_MB = 128;

// A string is not rewritten when the package is compiled: the entry has the ending of this very file.
const ENTRY = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Starts a thread that writes one recording. */
export function startBagThread(): Thread {
  return startThread({ entry: ENTRY, name: 'medkit-recording', maxHeapMb: MAX_HEAP_MB });
}
