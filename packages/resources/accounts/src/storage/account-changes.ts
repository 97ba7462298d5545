import { Quota, taskQueue } from '@medkit/edges';
import type { Statement, Store } from '@medkit/store';
import { TooMany } from '../refusals.ts';

/** Maximum waiting changes; each waits for the disk. */
const MAX_WAITING = 1000;

export type AccountStore = Pick<Store, 'read' | 'write'>;

/** Serializes changes of accounts. Each change is on disk before it is in memory. */
export interface AccountChanges {
  /**
   * Runs `work` after all earlier changes, so that the state it checked is still valid when it writes. Rejects with
   * `TooMany` if too many changes wait, or too many of `owner`: the principal that the change is for.
   */
  runExclusive<T>(work: () => Promise<T>, owner?: string): Promise<T>;
  /** Limits the waiting changes by owner. */
  readonly quota: Quota;
  write(statements: readonly Statement[]): Promise<unknown>;
  /** Reports that permissions of a principal may have changed. */
  notify(): void;
}

export function accountChanges(store: AccountStore, notify: () => void): AccountChanges {
  const take = taskQueue();
  const quota = new Quota(MAX_WAITING);
  return {
    quota,
    async runExclusive(work, owner) {
      if (!quota.take(owner)) {
        throw new TooMany(`${quota.total} changes of accounts are waiting for the disk: try again in a few seconds`);
      }
      try {
        return await take(work);
      } finally {
        quota.release(owner);
      }
    },
    write: (statements) => store.write(statements),
    notify,
  };
}
