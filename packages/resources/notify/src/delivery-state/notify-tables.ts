import type { Migration } from '@medkit/store';

/**
 * What each receiver knows of each incident, written in one transaction with the notification. `notify_start` has one
 * row: the time from which notifications were enabled. For acknowledge links, only digests are stored.
 */
export const NOTIFY_TABLES: readonly Migration[] = [
  [
    `CREATE TABLE notify_start (since_ms INTEGER NOT NULL)`,
    `CREATE TABLE notify_incidents (
       id TEXT PRIMARY KEY, is_open INTEGER NOT NULL, open_since_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL
     ) WITHOUT ROWID`,
    `CREATE TABLE notify_standings (
       incident TEXT NOT NULL, receiver TEXT NOT NULL, told TEXT NOT NULL, severity INTEGER NOT NULL,
       blocks_motion INTEGER NOT NULL, acknowledged INTEGER NOT NULL, rings INTEGER NOT NULL, repeats INTEGER NOT NULL,
       last_ms INTEGER NOT NULL, line TEXT, PRIMARY KEY (incident, receiver)
     ) WITHOUT ROWID`,
    `CREATE TABLE notify_links (
       digest TEXT PRIMARY KEY, incident TEXT NOT NULL, receiver TEXT NOT NULL, robot TEXT NOT NULL, title TEXT NOT NULL,
       expires_ms INTEGER NOT NULL, used_ms INTEGER
     ) WITHOUT ROWID`,
    `CREATE INDEX notify_links_expiry ON notify_links (expires_ms)`,
  ],
];
