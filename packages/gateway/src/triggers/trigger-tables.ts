import type { Migration } from '@medkit/store';
import { SHARED_FAULT_TRIGGER_TABLES } from '../fault-triggers/fault-trigger-tables.ts';

/**
 * The tables of triggers. `trigger_numbers` has one row with the highest number ever assigned: no number is reused, not
 * even one of a non-persistent trigger. Threshold rules are in the same database.
 */
export const TRIGGER_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE triggers (
       number INTEGER PRIMARY KEY, kind TEXT NOT NULL, entity_id TEXT NOT NULL, resource TEXT NOT NULL,
       wanted TEXT NOT NULL, lifetime_sec INTEGER, expires_ms INTEGER, ended_ms INTEGER,
       last_event_id INTEGER NOT NULL, gists TEXT NOT NULL
     )`,
    `CREATE TABLE trigger_events (
       trigger INTEGER NOT NULL, id INTEGER NOT NULL, time_ms INTEGER NOT NULL, data TEXT NOT NULL,
       PRIMARY KEY (trigger, id)
     ) WITHOUT ROWID`,
    'CREATE TABLE trigger_numbers (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), last INTEGER NOT NULL)',
  ],
  SHARED_FAULT_TRIGGER_TABLES,
];
