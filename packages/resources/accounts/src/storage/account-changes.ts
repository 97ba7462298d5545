import { turns } from '@medkit/edges';
import type { Statement, Store } from '@medkit/store';
import { TooMany } from '../refusals.ts';

/** Changes that wait for those before them: each waits for the disk. */
const MAX_WAITING = 1000;

export type AccountStore = Pick<Store, 'read' | 'write'>;

/** What the parts of accounts change together: one thing after the other, on disk before it is in memory. */
export interface AccountChanges {
  /**
   * Runs `work` when all that was asked for before has ended, so that what it has looked at is still so when it writes.
   * Rejects with `TooMany` where too much waits.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  write(statements: readonly Statement[]): Promise<unknown>;
  /** Somebody may have lost rights, or got others. */
  tell(): void;
}

export function accountChanges(store: AccountStore, tell: () => void): AccountChanges {
  const take = turns();
  let waiting = 0;
  return {
    async inTurn(work) {
      if (waiting >= MAX_WAITING) {
        throw new TooMany(`${waiting} changes of accounts wait for the disk: try again in a few seconds`);
      }
      waiting += 1;
      try {
        return await take(work);
      } finally {
        waiting -= 1;
      }
    },
    write: (statements) => store.write(statements),
    tell,
  };
}
