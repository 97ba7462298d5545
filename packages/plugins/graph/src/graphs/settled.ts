import type { CallContext } from '@medkit/core';
import type { Clock } from '@medkit/edges';

const LOOK_MS = 100;
/** Time reserved for the answer of a call. */
const ANSWER_MS = 500;

/** Waits until `isSettled`, at most `waitMs` and no longer than the call's deadline allows. */
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
