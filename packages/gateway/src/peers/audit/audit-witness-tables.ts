import type { Migration } from '@medkit/store';

/** The newest known record of each peer's audit log, and why the log does not continue from it. */
export const AUDIT_WITNESS_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE audit_witnesses (
       gateway TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, seen_ms INTEGER NOT NULL, problem TEXT
     )`,
  ],
];
