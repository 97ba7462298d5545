import type { Migration } from '@medkit/store';

// `IF NOT EXISTS`: the configured file may be the database of the gateway, or that of triggers.
const FAULT_TRIGGERS = `CREATE TABLE IF NOT EXISTS fault_triggers (
  number INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, data_name TEXT NOT NULL, path TEXT NOT NULL,
  operator TEXT NOT NULL, threshold REAL NOT NULL, fault_code TEXT NOT NULL UNIQUE, severity TEXT NOT NULL,
  active INTEGER NOT NULL, crossed INTEGER NOT NULL DEFAULT 0
)`;

/** Threshold rules in the database of the gateway, and the one row that marks the earlier rules as migrated. */
export const SHARED_FAULT_TRIGGER_TABLES: Migration = [
  FAULT_TRIGGERS,
  'CREATE TABLE fault_triggers_taken_over (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), at_ms INTEGER NOT NULL)',
];

/** The table of threshold rules in a separate file. */
export const FAULT_TRIGGER_TABLES: readonly Migration[] = [[FAULT_TRIGGERS]];

/** A separate file whose rules were migrated: an earlier medkit does not know this schema version and refuses it. */
export const FORMER_FAULT_TRIGGER_TABLES: readonly Migration[] = [...FAULT_TRIGGER_TABLES, []];
