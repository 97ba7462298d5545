import type { DatabaseSync } from 'node:sqlite';
import type { Migration } from '../migrations/migration.ts';

/** Number of committed transactions, compared with the high-water mark beside the database. */
export const COMMIT_COUNT: readonly Migration[] = [
  [
    'CREATE TABLE IF NOT EXISTS store_commits (id INTEGER PRIMARY KEY CHECK (id = 1), commits INTEGER NOT NULL)',
    'INSERT OR IGNORE INTO store_commits (id, commits) VALUES (1, 0)',
  ],
];

/** Counts the current transaction. */
export const COUNT_COMMIT = 'UPDATE store_commits SET commits = commits + 1';

/** Returns the number of committed transactions in the database. */
export function committedIn(database: DatabaseSync): number {
  return Number(database.prepare('SELECT commits FROM store_commits').get()?.commits ?? 0);
}
