import type { CallContext } from '@medkit/core';
import type { Clock } from '@medkit/edges';

const LOOK_MS = 100;
/** What is left of a call for its answer. */
const ANSWER_MS = 500;

/** Waits until `isSettled`, for `waitMs` at most, and no longer than anybody waits for the answer. */
export async function untilSettled(
  isSettled: () => Promise<boolean>,
  waitMs: number,
  { clock, call }: { readonly clock: Clock; readonly call: Pick<CallContext, 'deadlineMs' | 'signal'> },
): Promise<void> {
  const endMs = Math.min(clock.monotonicMs() + waitMs, call.deadlineMs - ANSWER_MS);
  while (clock.monotonicMs() + LOOK_MS <= endMs && !call.signal.aborted) {
    if (await isSettled()) return;
    await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
  }
}
