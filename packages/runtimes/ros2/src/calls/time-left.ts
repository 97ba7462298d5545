import type { Clock } from '@medkit/edges';

/** Part of a call's time that is left for the answer itself, so that what is known is told instead of nothing. */
const ANSWER_MS = 50;

/** `timeoutMs`, or less where a call has to be answered before. */
export function timeLeftMs(clock: Clock, deadlineMs: number, timeoutMs = Number.POSITIVE_INFINITY): number {
  return Math.max(0, Math.min(timeoutMs, deadlineMs - ANSWER_MS - clock.monotonicMs()));
}
