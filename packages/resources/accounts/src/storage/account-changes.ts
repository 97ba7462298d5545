import type { Statement, Store } from '@medkit/store';

/** What the parts of accounts change together: one thing after the other, on disk before it is in memory. */
export interface AccountChanges {
  /** Runs `work` when all that was asked for before has ended, so that what it has looked at is still so when it writes. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  write(statements: readonly Statement[]): Promise<unknown>;
  /** Somebody may have lost rights, or got others. */
  tell(): void;
}

export type AccountStore = Pick<Store, 'read' | 'write'>;
