import type { Thread } from '@medkit/edges';
import { startProcess } from '@medkit/edges/node';

// The compiler does not rewrite strings, so the entry file takes the extension of this file.
const ENTRY = new URL(`./child-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Starts a process for one plugin, with a heap limit of `memoryMb`. */
export function startChild(memoryMb: number): Thread {
  return startProcess({ entry: ENTRY, maxHeapMb: memoryMb });
}
