import type { CallContext } from '@medkit/core';
import type { Clock } from '@medkit/edges';

/** Half of the time is for finding an item: a member that does not answer must leave some for the one that has it. */
export function hurried(clock: Clock, call: CallContext): CallContext {
  const nowMs = clock.monotonicMs();
  return { ...call, deadlineMs: nowMs + (call.deadlineMs - nowMs) / 2 };
}
