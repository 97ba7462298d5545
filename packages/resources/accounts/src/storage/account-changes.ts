import { Quota, turns } from '@medkit/edges';
import type { Statement, Store } from '@medkit/store';
import { TooMany } from '../refusals.ts';

/** Changes that wait for those before them: each waits for the disk. */
const MAX_WAITING = 1000;

export type AccountStore = Pick<Store, 'read' | 'write'>;

/** What the parts of accounts change together: one thing after the other, on disk before it is in memory. */
export interface AccountChanges {
  /**
   * Runs `work` when all that was asked for before has ended, so that what it has looked at is still so when it writes.
   * Rejects with `TooMany` if too much waits, or too much of `owner`: the principal that the change is for.
   */
  inTurn<T>(work: () => Promise<T>, owner?: string): Promise<T>;
  /** Bounds the changes that wait by whom they are for. */
  readonly quota: Quota;
  write(statements: readonly Statement[]): Promise<unknown>;
  /** Somebody may have lost rights, or got others. */
  tell(): void;
}

export function accountChanges(store: AccountStore, tell: () => void): AccountChanges {
  const take = turns();
  const quota = new Quota(MAX_WAITING);
  return {
    quota,
    async inTurn(work, owner) {
      if (!quota.take(owner)) {
        throw new TooMany(`${quota.total} changes of accounts wait for the disk: try again in a few seconds`);
      }
      try {
        return await take(work);
      } finally {
        quota.release(owner);
      }
    },
    write: (statements) => store.write(statements),
    tell,
  };
}
