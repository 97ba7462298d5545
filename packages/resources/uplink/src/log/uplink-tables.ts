import type { Migrations } from '@medkit/store';

/**
 * Tables of the uplink log, in the database of the faults: a fault and its record are written in one transaction.
 * `uplink_head` is the end of the log: its id, the last number and hash, the bytes in use, the number of the last fault
 * event, the last number that was removed after a hub acknowledged it, the key of the
 * robot, and the number of the last copied audit record. `uplink_pending` holds the last update of
 * each key that is not a record yet. `uplink_hubs` has the cursor of each reader: `log` is the id of the log for a hub with a
 * new history, `enrolled` is 1 for a hub and 0 for a program on this machine.
 */
export const UPLINK_TABLES: Migrations = {
  uplink: [
    [
      `CREATE TABLE uplink_head (
         id INTEGER PRIMARY KEY CHECK (id = 1), log TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,
         bytes INTEGER NOT NULL, event INTEGER NOT NULL, removed INTEGER NOT NULL, boot INTEGER NOT NULL,
         running INTEGER NOT NULL
       )`,
      `CREATE TABLE uplink_log (
         seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, class INTEGER NOT NULL, at_ms INTEGER NOT NULL,
         boot INTEGER NOT NULL, mono_ms INTEGER NOT NULL, key TEXT, body TEXT NOT NULL, hash BLOB NOT NULL
       )`,
      `CREATE TABLE uplink_pending (
         key TEXT PRIMARY KEY, kind TEXT NOT NULL, class INTEGER NOT NULL, at_ms INTEGER NOT NULL,
         boot INTEGER NOT NULL, mono_ms INTEGER NOT NULL, body TEXT NOT NULL
       ) WITHOUT ROWID`,
      'CREATE TABLE uplink_hubs (hub TEXT PRIMARY KEY, acked_seq INTEGER NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID',
    ],
    ['ALTER TABLE uplink_head ADD COLUMN owner TEXT'],
    ['ALTER TABLE uplink_head ADD COLUMN audit INTEGER'],
    [
      'ALTER TABLE uplink_hubs ADD COLUMN log TEXT',
      'ALTER TABLE uplink_hubs ADD COLUMN enrolled INTEGER NOT NULL DEFAULT 0',
    ],
  ],
};

/** Bytes of a record beside its body: columns and the b-tree, rounded up. */
export const RECORD_BYTES = 128;
