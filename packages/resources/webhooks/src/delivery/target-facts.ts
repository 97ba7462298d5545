import type { TargetQueue } from './target-queue.ts';

/** Statistics of a target; totals since the start. Times are in milliseconds. */
export interface TargetFacts {
  readonly id: number;
  /** Scheme, host and port of its address. */
  readonly origin: string;
  /** Name of the receiver of the configuration, if it is one. */
  readonly receiver: string | undefined;
  readonly queued: number;
  /** Sources whose oldest delivery has failed. */
  readonly retrying: number;
  readonly delivered: number;
  /** Failed attempts. */
  readonly failed: number;
  readonly failuresInARow: number;
  /** All deliveries fail, or those of one source. */
  readonly isFailing: boolean;
  /** The receiver requested a pause. */
  readonly isPaused: boolean;
  readonly oldestMs: number | undefined;
  readonly nextTryMs: number | undefined;
  readonly lastError: string | undefined;
  /** Last successful delivery, milliseconds since the epoch. */
  readonly lastDeliveredMs: number | undefined;
  /** How long all attempts have failed; `undefined` if the last one succeeded. */
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
