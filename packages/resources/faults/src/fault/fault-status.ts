import { FAULT_STATUSES, type FaultStatus } from '@medkit/core';

/** True for one of the five words. */
export function isFaultStatus(word: string): word is FaultStatus {
  return (FAULT_STATUSES as readonly string[]).includes(word);
}
