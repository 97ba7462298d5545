import { type CallContext, errorMessage, FAULT_MANAGER_ID, type Fault, type Log } from '@medkit/core';
import type { Owned } from '@medkit/entities';
import { type FaultOwner, managerError } from './fault-managers.ts';

/** Maximum concurrent clears: a manager writes concurrent clears in one batch, and its guard bounds the calls. */
const CLEARS_AT_ONCE = 64;

interface ClearOptions {
  /** Returns whether a manager also clears the symptoms of a cleared fault. */
  readonly cascade: (manager: FaultOwner) => boolean;
  /** Error message for the client if no fault could be cleared. */
  readonly failure: string;
  readonly log: Log;
}

/**
 * Clears faults, each at its manager. Logs a fault that cannot be cleared and continues with the others. Throws
 * `service-unavailable` with the message `failure` if none could be cleared.
 */
export async function clearFaults(
  faults: readonly Owned<FaultOwner, Fault>[],
  { cascade, failure, log }: ClearOptions,
  call: CallContext,
): Promise<void> {
  const failures: unknown[] = [];
  const clear = async ({ owner, entry }: Owned<FaultOwner, Fault>): Promise<void> => {
    try {
      await owner.provider.clear(FAULT_MANAGER_ID, entry.code, { cascade: cascade(owner) }, call);
    } catch (error) {
      failures.push(error);
      log('warn', `Fault ${entry.code} could not be cleared: ${errorMessage(error)}`);
    }
  };
  for (let start = 0; start < faults.length; start += CLEARS_AT_ONCE) {
    await Promise.all(faults.slice(start, start + CLEARS_AT_ONCE).map(clear));
  }
  if (failures.length > 0 && failures.length === faults.length) throw managerError(failures[0], failure);
}
