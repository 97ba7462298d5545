import type { Thread } from '@medkit/edges';
import { startThread } from '@medkit/edges/node';

/**
 * Heap that the thread may use. A graph of 500 participants and 10,000 endpoints takes a tenth of it; whatever grows
 * beyond it ends this thread, and not the gateway.
 */
const MAX_HEAP_MB = 512;

/** Starts a thread that serves an adapter: the module at `entry`. */
export function startAdapterThread(entry: URL): Thread {
  return startThread({ entry, name: 'medkit-dds', maxHeapMb: MAX_HEAP_MB });
}
