import { type CallContext, FAULT_MANAGER_ID, type Fault, type Log, reasonOf } from '@medkit/core';
import type { Owned } from '../members/ask.ts';
import { type FaultManager, managerError } from './fault-managers.ts';

/** Faults that are cleared at a time: a manager writes those that come together as one, and its guard bounds the calls. */
const CLEARS_AT_ONCE = 64;

interface ClearOptions {
  /** Whether a manager clears with its faults the symptoms that they explain. */
  readonly cascade: (manager: FaultManager) => boolean;
  /** What a client is told where none could be cleared. */
  readonly failure: string;
  readonly log: Log;
}

/**
 * Clears faults, each at its manager. One that cannot be cleared is logged and keeps no other from it; throws
 * `service-unavailable` with the message `failure` where none could be.
 */
export async function clearFaults(
  faults: readonly Owned<FaultManager, Fault>[],
  { cascade, failure, log }: ClearOptions,
  call: CallContext,
): Promise<void> {
  const failures: unknown[] = [];
  const clear = async ({ owner, entry }: Owned<FaultManager, Fault>): Promise<void> => {
    try {
      await owner.provider.clear(FAULT_MANAGER_ID, entry.code, { cascade: cascade(owner) }, call);
    } catch (error) {
      failures.push(error);
      log('warn', `Fault ${entry.code} could not be cleared: ${reasonOf(error)}`);
    }
  };
  for (let start = 0; start < faults.length; start += CLEARS_AT_ONCE) {
    await Promise.all(faults.slice(start, start + CLEARS_AT_ONCE).map(clear));
  }
  if (failures.length > 0 && failures.length === faults.length) throw managerError(failures[0], failure);
}
