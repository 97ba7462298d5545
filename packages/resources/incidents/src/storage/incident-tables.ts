import type { Migration } from '@medkit/store';

/**
 * Tables of occurrences, records of users, the read position in each gateway's log, and timeline rows that are stored
 * nowhere else. Incidents are not stored; they are rebuilt from these tables.
 */
export const INCIDENT_TABLES: readonly Migration[] = [
  [
    'CREATE TABLE incident_occurrences (key TEXT PRIMARY KEY, began_ms INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID',
    'CREATE TABLE incident_records (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, body TEXT NOT NULL)',
    'CREATE TABLE incident_cursors (origin TEXT PRIMARY KEY, event_id INTEGER NOT NULL) WITHOUT ROWID',
    `CREATE TABLE incident_timeline (
       id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL
     )`,
    'CREATE INDEX incident_timeline_times ON incident_timeline (at_ms)',
  ],
  ['CREATE INDEX incident_records_keys ON incident_records (key)'],
];
