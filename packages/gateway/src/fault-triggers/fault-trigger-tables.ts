import type { Migration } from '@medkit/store';

const FAULT_TRIGGERS = `CREATE TABLE IF NOT EXISTS fault_triggers (
  number INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, data_name TEXT NOT NULL, path TEXT NOT NULL,
  operator TEXT NOT NULL, threshold REAL NOT NULL, fault_code TEXT NOT NULL UNIQUE, severity TEXT NOT NULL,
  active INTEGER NOT NULL, crossed INTEGER NOT NULL DEFAULT 0
)`;

/** The table of threshold rules beside those of triggers, and the one row that says that rules of earlier were taken over. */
export const FAULT_TRIGGERS_BESIDE: Migration = [
  FAULT_TRIGGERS,
  'CREATE TABLE fault_triggers_taken_over (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), at_ms INTEGER NOT NULL)',
];

/** The table of threshold rules in a file of their own. */
export const FAULT_TRIGGER_TABLES: readonly Migration[] = [[FAULT_TRIGGERS]];

/** Such a file from which they are taken over: whoever would go on with it does not know of this version, and refuses it. */
export const LEFT_FAULT_TRIGGER_TABLES: readonly Migration[] = [...FAULT_TRIGGER_TABLES, []];
