import { type CallContext, waitedForBy } from '@medkit/core';
import type { Clock } from '@medkit/edges';

/** Half of the time is for finding an item: a member that does not answer must leave some for the one that has it. */
export function hurried(clock: Clock, call: CallContext): CallContext {
  const nowMs = clock.monotonicMs();
  const { clientId, principal, via, trace } = call;
  const deadlineMs = nowMs + (call.deadlineMs - nowMs) / 2;
  return waitedForBy(call, { deadlineMs, clientId, principal, via, trace });
}
