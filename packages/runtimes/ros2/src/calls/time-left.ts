import type { Clock } from '@medkit/edges';

/** Part of a call's time that is reserved for the answer, so that partial results can still be sent. */
const ANSWER_MS = 50;

/** Returns `timeoutMs`, or less if the call's deadline is earlier. */
export function timeLeftMs(clock: Clock, deadlineMs: number, timeoutMs = Number.POSITIVE_INFINITY): number {
  return Math.max(0, Math.min(timeoutMs, deadlineMs - ANSWER_MS - clock.monotonicMs()));
}
