import { taskQueue } from '@medkit/edges';
import type { LinkBounds } from '@medkit/edges/link';
import { STORE_ERRORS } from '../thread/link-errors.ts';

/** Runs calls one after the other, up to a number and a size of pending ones. */
export interface BoundedQueue {
  /**
   * Rejects with `StoreBusy` if too many calls are pending.
   * @param onQueued called before this returns if the call is pending
   */
  run<T>(bytes: number, work: () => Promise<T>, onQueued?: () => void): Promise<T>;
  readonly underWay: number;
  /** Resolves when no call is pending. */
  idle(): Promise<void>;
}

export function boundedQueue(bounds: LinkBounds): BoundedQueue {
  const enqueue = taskQueue();
  let calls = 0;
  let pendingBytes = 0;
  return {
    async run(bytes, work, onQueued) {
      // A call that alone is larger than the bound may wait, too.
      if (calls >= bounds.calls || (calls > 0 && pendingBytes + bytes > (bounds.bytes ?? Number.POSITIVE_INFINITY))) {
        throw STORE_ERRORS.full(calls, pendingBytes);
      }
      calls += 1;
      pendingBytes += bytes;
      onQueued?.();
      try {
        return await enqueue(work);
      } finally {
        calls -= 1;
        pendingBytes -= bytes;
      }
    },
    get underWay() {
      return calls;
    },
    idle: () => enqueue(async () => undefined),
  };
}
