import type { Migrations } from '@medkit/store';

/**
 * `fleet_evidence_files` has the evidence that robots reported, and what the hub has of it: the key is that of
 * `fleet_evidence` within the log `log` of the robot. Rows with equal `sha256` share one file. `class` is the traffic class
 * of the transfer, `due_ms` the earliest time of its next attempt, and `queued_ms` when a rule or a person requested it.
 */
export const EVIDENCE_TABLES: Migrations = {
  fleet_evidence_files: [
    [
      `CREATE TABLE fleet_evidence_files (
         id INTEGER PRIMARY KEY AUTOINCREMENT, robot INTEGER NOT NULL, log TEXT NOT NULL, key TEXT NOT NULL,
         kind TEXT NOT NULL, code TEXT NOT NULL, entity TEXT, version TEXT NOT NULL, occurrence INTEGER,
         descriptor TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, class INTEGER NOT NULL DEFAULT 5,
         requested_by TEXT, reported_ms INTEGER NOT NULL, queued_ms INTEGER, due_ms INTEGER NOT NULL DEFAULT 0,
         attempts INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, size INTEGER, etag TEXT, sha256 TEXT,
         stored_ms INTEGER, expires_ms INTEGER, pinned INTEGER NOT NULL DEFAULT 0, UNIQUE (robot, log, key)
       )`,
      "CREATE INDEX fleet_evidence_files_due ON fleet_evidence_files (due_ms) WHERE state IN ('queued', 'fetching')",
      'CREATE INDEX fleet_evidence_files_codes ON fleet_evidence_files (code, version)',
      'CREATE INDEX fleet_evidence_files_digests ON fleet_evidence_files (sha256)',
      'CREATE INDEX fleet_evidence_files_expiry ON fleet_evidence_files (expires_ms)',
      `CREATE TABLE fleet_evidence_rules (
         id INTEGER PRIMARY KEY CHECK (id = 1), rules TEXT NOT NULL, changed_ms INTEGER NOT NULL, changed_by TEXT NOT NULL
       )`,
    ],
  ],
};
