import type { Migration } from '@medkit/store';

/**
 * The change log, and the position at which it begins. Rows up to this position are the last row of each key: the state
 * from which the later changes start.
 */
export const HISTORY_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE history (
       id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, key TEXT NOT NULL, body TEXT
     )`,
    'CREATE INDEX history_keys ON history (key, id)',
    'CREATE TABLE history_begin (one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER NOT NULL, at_ms INTEGER NOT NULL)',
  ],
];
