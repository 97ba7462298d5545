import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import type { Clock } from '@medkit/edges';

/** Interval for measuring the load. */
export const MEASURE_INTERVAL_MS = 5000;
/** Consecutive measurements with low load before memory is saved: a short pause in a burst does not count. */
export const IDLE_MEASUREMENTS = 2;
/** Low load: maximum busy share of the event loop. With 200 nodes and a few streams it is about 0.17. */
const LITTLE = 0.3;
/** High load: busy share above which saving memory stops. */
const MUCH = 0.5;
/** Measurements for which saving lasts: V8 takes up to 8 s to start, and one more second. */
export const SAVING_MEASUREMENTS = 3;
/** Minimum growth of the heap since the last time, as a factor: below it there is nothing to gain. */
const GROWN = 1.25;

interface Machinery {
  readonly clock: Clock;
  /** Busy share of the event loop since the last call, 0 to 1. */
  readonly busyShare: () => number;
  /** Heap size, bytes. */
  readonly heapBytes: () => number;
  /** Optimizes garbage collection for memory instead of time. */
  readonly saveMemory: (isWanted: boolean) => void;
}

/**
 * Releases heap growth of busy periods when the load is low: with 200 nodes and every service in use, 12 of 150 MB. V8 would do
 * this only without allocations, but samples keep arriving. V8 collects in small steps; an explicit collection would block the
 * process many times longer. Returns a function that stops this.
 */
export function saveIdleMemory({ clock, busyShare, heapBytes, saveMemory }: Machinery): () => void {
  let quiet = 0;
  let saving = 0;
  let baselineBytes = 0;
  const stop = () => {
    if (saving === 0) return;
    saving = 0;
    quiet = 0;
    baselineBytes = heapBytes();
    saveMemory(false);
  };
  const look = () => {
    const busy = busyShare();
    if (saving > 0) {
      saving += 1;
      if (busy > MUCH || saving > SAVING_MEASUREMENTS) stop();
      return;
    }
    quiet = busy < LITTLE ? quiet + 1 : 0;
    if (quiet < IDLE_MEASUREMENTS || heapBytes() <= baselineBytes * GROWN) return;
    saving = 1;
    saveMemory(true);
  };
  const looking = clock.every(MEASURE_INTERVAL_MS, look);
  return () => {
    looking.cancel();
    stop();
  };
}

/**
 * The heap of this process. Cached code depends on the V8 flags, so code that is loaded while saving memory is compiled again. The
 * flags are restored afterwards, which `--memory-saver-mode` would not allow.
 */
export function processHeap(): Omit<Machinery, 'clock'> {
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
