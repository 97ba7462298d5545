import type { Migration } from '@medkit/store';

/** The newest record that was seen of the audit log of each other gateway, and why the log does not go on from it. */
export const AUDIT_WITNESS_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE audit_witnesses (
       gateway TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, seen_ms INTEGER NOT NULL, problem TEXT
     )`,
  ],
];
