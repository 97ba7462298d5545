import type { TargetQueue } from './target-queue.ts';

/** How a target fares; totals since the start. Times are milliseconds. */
export interface TargetFacts {
  readonly id: number;
  /** Scheme, host and port of its address. */
  readonly origin: string;
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
}

export function targetFacts(queue: TargetQueue): TargetFacts {
  const { id, origin, size, retrying, delivered, failed, failures, isFailing, isPaused } = queue;
  const { oldestMs, nextTryMs, lastError } = queue;
  return {
    id,
    origin,
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
  };
}
