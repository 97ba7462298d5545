import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import type { Clock } from '@medkit/edges';

/** How often it is looked whether there is little to do. */
export const LOOK_MS = 5000;
/** Looks in a row at which there was little to do: the second half of a burst of requests is no rest. */
export const QUIET_LOOKS = 2;
/** Share of the time that the event loop is busy: below it there is little to do, with 200 nodes and a few streams a sixth. */
const LITTLE = 0.3;
/** And above it too much to go on saving. */
const MUCH = 0.5;
/** What V8 does of itself takes up to 8 s to begin, and a second. */
export const SAVING_LOOKS = 3;
/** Of what the heap took after the last time: below it there is nothing to gain. */
const GROWN = 1.25;

interface Machinery {
  readonly clock: Clock;
  /** Share of the time since it was last asked that the event loop was busy, 0 to 1. */
  readonly busyShare: () => number;
  /** What the heap has of the system, octets. */
  readonly heapBytes: () => number;
  /** Whether garbage is collected for little memory rather than little time. */
  readonly saveMemory: (isWanted: boolean) => void;
}

/**
 * Gives back, when there is little to do, what the heap has grown by while there was much: with 200 nodes and every service
 * used 12 of 150 MB. V8 would only where next to nothing is allocated, and samples go on arriving. It does so in its own small
 * steps; a collection that is asked for holds up everything many times as long. Gives what ends that.
 */
export function saveMemoryAtRest({ clock, busyShare, heapBytes, saveMemory }: Machinery): () => void {
  let quiet = 0;
  let saving = 0;
  let keptBytes = 0;
  const stop = () => {
    if (saving === 0) return;
    saving = 0;
    quiet = 0;
    keptBytes = heapBytes();
    saveMemory(false);
  };
  const look = () => {
    const busy = busyShare();
    if (saving > 0) {
      saving += 1;
      if (busy > MUCH || saving > SAVING_LOOKS) stop();
      return;
    }
    quiet = busy < LITTLE ? quiet + 1 : 0;
    if (quiet < QUIET_LOOKS || heapBytes() <= keptBytes * GROWN) return;
    saving = 1;
    saveMemory(true);
  };
  const looking = clock.every(LOOK_MS, look);
  return () => {
    looking.cancel();
    stop();
  };
}

/**
 * The heap of this process. Kept code is bound to the flags that it was compiled with, so what is loaded while memory is saved
 * is compiled anew; afterwards they are as before, which of `--memory-saver-mode` they would not be.
 */
export function ownHeap(): Omit<Machinery, 'clock'> {
  let last = performance.eventLoopUtilization();
  return {
    busyShare() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      return utilization;
    },
    heapBytes: () => getHeapStatistics().total_heap_size,
    saveMemory: (isWanted) => setFlagsFromString(isWanted ? '--optimize-for-size' : '--no-optimize-for-size'),
  };
}
