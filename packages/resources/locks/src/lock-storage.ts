import type { Lock } from './lock.ts';

/** Persistent storage of locks. Every call throws `SovdError`: `service-unavailable` if the disk fails. */
export interface LockStorage {
  /** Returns the stored locks and the highest number ever given (0 for none). */
  load(): Promise<{ readonly locks: readonly Lock[]; readonly lastNumber: number }>;
  /**
   * Removes the locks with these numbers and stores others, replacing those with the same number. Both happen in one
   * transaction.
   */
  write(change: { readonly put?: readonly Lock[]; readonly remove?: readonly number[] }): Promise<void>;
}
