import type { Thread } from '@medkit/edges';
import { startProcess } from '@medkit/edges/node';

// A string is not rewritten when the package is compiled: the entry has the ending of this very file.
const ENTRY = new URL(`./child-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Starts a process for one plugin, with a heap of `memoryMb`. */
export function startChild(memoryMb: number): Thread {
  return startProcess({ entry: ENTRY, maxHeapMb: memoryMb });
}
