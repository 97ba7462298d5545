import type { Migration } from '@medkit/store';

/** The tables of locks. `AUTOINCREMENT` remembers the highest number, so that none is assigned twice. */
export const LOCK_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE locks (
       number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, entity_id TEXT NOT NULL, client_id TEXT NOT NULL,
       scopes TEXT NOT NULL, breakable INTEGER NOT NULL, seconds INTEGER NOT NULL, expires_ms INTEGER NOT NULL
     )`,
  ],
  ['ALTER TABLE locks ADD COLUMN acquired_ms INTEGER'],
  ['ALTER TABLE locks ADD COLUMN principal TEXT'],
];
