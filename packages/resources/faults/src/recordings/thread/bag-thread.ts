import type { Thread } from '@medkit/edges';
import { startThread } from '@medkit/edges/node';

/** Heap for some blocks, their compressed form, and all type definitions. */
const MAX_HEAP_MB = 128;

// The compiler does not rewrite strings, so the entry uses the extension of this file.
const ENTRY = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Starts a thread that writes one recording. */
export function startBagThread(): Thread {
  return startThread({ entry: ENTRY, name: 'medkit-recording', maxHeapMb: MAX_HEAP_MB });
}
