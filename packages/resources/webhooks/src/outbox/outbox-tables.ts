import type { Migration } from '@medkit/store';

/**
 * Pending deliveries and their targets. A delivery that was given up has `dead_ms`; `waited_ms` counts only while a
 * gateway runs. `AUTOINCREMENT` never reuses a number, so a reader that continues after a number misses nothing.
 */
export const WEBHOOK_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE webhook_targets (
       id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, secret TEXT NOT NULL, headers TEXT NOT NULL,
       UNIQUE (url, secret, headers)
     )`,
    `CREATE TABLE webhook_deliveries (
       id INTEGER PRIMARY KEY AUTOINCREMENT, target_id INTEGER NOT NULL, message_id TEXT NOT NULL, source TEXT NOT NULL,
       type TEXT NOT NULL, time_ms INTEGER NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
       waited_ms INTEGER NOT NULL DEFAULT 0, last_error TEXT, dead_ms INTEGER
     )`,
    `CREATE INDEX webhook_dead_letters ON webhook_deliveries (dead_ms, target_id) WHERE dead_ms IS NOT NULL`,
  ],
];
