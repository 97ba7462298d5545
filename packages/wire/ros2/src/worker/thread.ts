import type { Thread } from '@medkit/edges';
import { startThread } from '@medkit/edges/node';

/**
 * Maximum heap of the thread. A graph of 500 participants and 10,000 endpoints takes a tenth of it. Exceeding it ends
 * this thread, not the gateway.
 */
const MAX_HEAP_MB = 512;

/** Starts a thread that serves an adapter. `entry` is its module. */
export function startAdapterThread(entry: URL): Thread {
  return startThread({ entry, name: 'medkit-dds', maxHeapMb: MAX_HEAP_MB });
}
