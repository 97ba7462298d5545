import type { Lock } from './lock.ts';

/** Where locks outlive the process. Every call throws `SovdError`, `service-unavailable` where the disk fails. */
export interface LockStorage {
  /** What was kept, and the highest number that was ever given (0 for none). */
  load(): Promise<{ readonly locks: readonly Lock[]; readonly lastNumber: number }>;
  /** Removes the locks of these numbers, then puts others in the place of those with their number: both or neither. */
  write(change: { readonly put?: readonly Lock[]; readonly remove?: readonly number[] }): Promise<void>;
}
