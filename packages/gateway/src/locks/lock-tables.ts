import type { Migration } from '@medkit/store';

/** The tables of locks. `lock_numbers` has one row with the highest number ever assigned, so that none is assigned twice. */
export const LOCK_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE locks (
       number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, entity_id TEXT NOT NULL, client_id TEXT NOT NULL,
       scopes TEXT NOT NULL, breakable INTEGER NOT NULL, seconds INTEGER NOT NULL, expires_ms INTEGER NOT NULL
     )`,
  ],
  ['ALTER TABLE locks ADD COLUMN acquired_ms INTEGER'],
  ['ALTER TABLE locks ADD COLUMN principal TEXT'],
  [
    'CREATE TABLE lock_numbers (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), last INTEGER NOT NULL)',
    {
      sql: "INSERT INTO lock_numbers (only_row, last) SELECT 1, seq FROM sqlite_sequence WHERE name = 'locks'",
      postgres: 'SELECT 1',
    },
  ],
];
