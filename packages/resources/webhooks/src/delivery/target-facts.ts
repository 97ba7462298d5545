import type { TargetQueue } from './target-queue.ts';

/** How a target fares; totals since the start. Times are milliseconds. */
export interface TargetFacts {
  readonly id: number;
  /** Scheme, host and port of its address. */
  readonly origin: string;
  /** The name of the receiver of the configuration that it is. */
  readonly receiver: string | undefined;
  readonly queued: number;
  /** Sources whose oldest delivery has failed. */
  readonly retrying: number;
  readonly delivered: number;
  /** Tries in vain. */
  readonly failed: number;
  readonly failuresInARow: number;
  /** It fails altogether, or for one of its sources. */
  readonly isFailing: boolean;
  /** The receiver asked for a rest. */
  readonly isPaused: boolean;
  readonly oldestMs: number | undefined;
  readonly nextTryMs: number | undefined;
  readonly lastError: string | undefined;
  /** When something arrived the last time, milliseconds since the epoch. */
  readonly lastDeliveredMs: number | undefined;
  /** For how long every try was in vain; `undefined` where the last one was not. */
  readonly failingMs: number | undefined;
}

export function targetFacts(queue: TargetQueue): TargetFacts {
  const { id, origin, receiver, size, retrying, delivered, failed, failures, isFailing, isPaused } = queue;
  const { oldestMs, nextTryMs, lastError, lastDeliveredMs, failingMs } = queue;
  return {
    id,
    origin,
    receiver,
    queued: size,
    retrying,
    delivered,
    failed,
    failuresInARow: failures,
    isFailing,
    isPaused,
    oldestMs,
    nextTryMs,
    lastError,
    lastDeliveredMs,
    failingMs,
  };
}
