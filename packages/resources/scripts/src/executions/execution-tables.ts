import type { Migration } from '@medkit/store';

/** The tables of executions. The highest number of each script is stored separately, so that no number is reused. */
export const SCRIPT_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE script_executions (
       owner TEXT NOT NULL, script TEXT NOT NULL, number INTEGER NOT NULL, status TEXT NOT NULL, progress INTEGER,
       started_ms INTEGER NOT NULL, completed_ms INTEGER, exit_code INTEGER, reason TEXT, message TEXT,
       client_id TEXT NOT NULL, digest TEXT NOT NULL, runner TEXT NOT NULL,
       process_id INTEGER NOT NULL, start_ticks INTEGER NOT NULL, boot_id TEXT NOT NULL,
       output TEXT NOT NULL DEFAULT '', output_truncated INTEGER NOT NULL DEFAULT 0,
       errors TEXT NOT NULL DEFAULT '', errors_truncated INTEGER NOT NULL DEFAULT 0,
       PRIMARY KEY (owner, script, number)
     )`,
    `CREATE TABLE script_numbers (
       owner TEXT NOT NULL, script TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (owner, script)
     ) WITHOUT ROWID`,
  ],
];
