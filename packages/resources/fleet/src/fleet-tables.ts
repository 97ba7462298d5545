import type { Migrations } from '@medkit/store';
import { ARTIFACT_TABLES } from './artifacts/artifact-tables.ts';
import { CAMPAIGN_TABLES } from './campaigns/campaign-tables.ts';
import { CHANGE_TABLES } from './changes/change-tables.ts';
import { EVIDENCE_TABLES } from './evidence/evidence-tables.ts';
import { ISSUE_TABLES } from './issues/issue-tables.ts';
import { OUTBREAK_TABLES } from './outbreaks/outbreak-tables.ts';
import { QUEUE_TABLES } from './queue/queue-tables.ts';
import { PARTITION_TABLES } from './retention/partition-tables.ts';

/**
 * Tables of a fleet hub. `fleet_robots.id` is the hub's number of a robot and is never reused. `fleet_keys` retains
 * revoked keys, so that their robots learn that they are revoked; of two valid keys of a robot, the newer one was not
 * used yet. `fleet_robots.rotate_ms` is when a person requested a new key. `fleet_cursors` has the position in the
 * uplink log of each robot, the epoch of the session that may move it, and the time at which its state was read last;
 * records up to `repeats` may be stored already, because the log began again.
 * `fleet_evidence` has what the log `log` of a robot states of recordings, frames and log windows.
 */
export const FLEET_TABLES: Migrations = {
  ...EVIDENCE_TABLES,
  fleet: [
    [
      'CREATE TABLE fleet_hub (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL, created_ms INTEGER NOT NULL)',
      `CREATE TABLE fleet_robots (
         id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL, site TEXT,
         labels TEXT NOT NULL DEFAULT '{}', note TEXT, machine TEXT NOT NULL, enrolled_ms INTEGER NOT NULL,
         approved_ms INTEGER, approved_by TEXT, ratchet_current TEXT, ratchet_next TEXT,
         settled INTEGER NOT NULL DEFAULT 0, online INTEGER NOT NULL DEFAULT 0, since_ms INTEGER, seen_ms INTEGER,
         address TEXT, medkit TEXT, software TEXT
       )`,
      `CREATE TABLE fleet_keys (
         fingerprint TEXT PRIMARY KEY, robot INTEGER NOT NULL, invite INTEGER NOT NULL, serial TEXT,
         added_ms INTEGER NOT NULL, revoked_ms INTEGER
       ) WITHOUT ROWID`,
      'CREATE INDEX fleet_keys_robots ON fleet_keys (robot)',
      `CREATE TABLE fleet_invites (
         id INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE, robot TEXT, replaces INTEGER, site TEXT,
         pattern TEXT, auto INTEGER NOT NULL, uses INTEGER NOT NULL, "left" INTEGER NOT NULL,
         created_ms INTEGER NOT NULL, created_by TEXT NOT NULL, expires_ms INTEGER NOT NULL
       )`,
      `CREATE TABLE fleet_problems (
         robot INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, since_ms INTEGER NOT NULL,
         PRIMARY KEY (robot, code)
       ) WITHOUT ROWID`,
      `CREATE TABLE fleet_presence (
         id INTEGER PRIMARY KEY, robot INTEGER NOT NULL, at_ms INTEGER NOT NULL, online INTEGER NOT NULL, reason TEXT NOT NULL
       )`,
      `CREATE TABLE fleet_cursors (
         robot INTEGER PRIMARY KEY, epoch INTEGER NOT NULL DEFAULT 0, log TEXT, seq INTEGER NOT NULL DEFAULT 0,
         hash BLOB NOT NULL DEFAULT (zeroblob(16)), at_ms INTEGER, read_ms INTEGER, newest INTEGER, state_ms INTEGER,
         more_faults INTEGER NOT NULL DEFAULT 0
       )`,
      `CREATE TABLE fleet_faults (
         robot INTEGER NOT NULL, origin TEXT NOT NULL, code TEXT NOT NULL, severity INTEGER NOT NULL, body TEXT NOT NULL,
         PRIMARY KEY (robot, origin, code)
       ) WITHOUT ROWID`,
      `CREATE TABLE fleet_clocks (
         robot INTEGER NOT NULL, boot INTEGER NOT NULL, base_ms INTEGER NOT NULL, offset_ms INTEGER NOT NULL,
         PRIMARY KEY (robot, boot)
       ) WITHOUT ROWID`,
      // A log that begins again repeats records: their chained hash and time show that they are the same.
      `CREATE TABLE fleet_events (
         id INTEGER PRIMARY KEY, robot INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, kind TEXT NOT NULL,
         boot INTEGER NOT NULL, robot_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL, uncertain_ms INTEGER,
         got_ms INTEGER NOT NULL, code TEXT, entity TEXT, severity INTEGER, body TEXT NOT NULL,
         UNIQUE (robot, seq, hash, robot_ms)
       )`,
    ],
    ['ALTER TABLE fleet_robots ADD COLUMN rotate_ms INTEGER'],
    ['ALTER TABLE fleet_invites ADD COLUMN role TEXT'],
    [
      'ALTER TABLE fleet_cursors ADD COLUMN repeats INTEGER',
      'UPDATE fleet_cursors SET repeats = (SELECT max(e.seq) FROM fleet_events e WHERE e.robot = fleet_cursors.robot)',
    ],
    // The session whose state was read last.
    ['ALTER TABLE fleet_cursors ADD COLUMN state_epoch INTEGER'],
  ],
  // What the hub answers for a robot that is away, apart from its faults. Trees and details are compressed JSON.
  fleet_known: [
    [
      'CREATE TABLE fleet_trees (robot INTEGER PRIMARY KEY, etag TEXT NOT NULL, at_ms INTEGER NOT NULL, gzip BLOB NOT NULL)',
      'CREATE TABLE fleet_states (robot INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, body TEXT NOT NULL)',
      'CREATE TABLE fleet_inventories (robot INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, body TEXT NOT NULL)',
      `CREATE TABLE fleet_fault_details (
         robot INTEGER NOT NULL, origin TEXT NOT NULL, code TEXT NOT NULL, occurrence TEXT NOT NULL,
         at_ms INTEGER NOT NULL, gzip BLOB NOT NULL, PRIMARY KEY (robot, origin, code)
       ) WITHOUT ROWID`,
    ],
    // Also part of the body, which is too long to be read for each judgement of outbreaks.
    ['ALTER TABLE fleet_states ADD COLUMN budget TEXT'],
  ],
  fleet_groups: [
    [
      `CREATE TABLE fleet_groups (
         name TEXT PRIMARY KEY, selector TEXT NOT NULL, changed_ms INTEGER NOT NULL, changed_by TEXT NOT NULL
       ) WITHOUT ROWID`,
    ],
  ],
  fleet_evidence: [
    [
      `CREATE TABLE fleet_evidence (
         robot INTEGER NOT NULL, key TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL,
         body TEXT NOT NULL, PRIMARY KEY (robot, key)
       ) WITHOUT ROWID`,
      'CREATE INDEX fleet_evidence_codes ON fleet_evidence (robot, code)',
    ],
  ], // Announced absences. `fleet_absences` has those that took place, and is part of the history of presence.
  fleet_absences: [
    [
      `CREATE TABLE fleet_parks (
         robot INTEGER PRIMARY KEY, from_ms INTEGER NOT NULL, until_ms INTEGER, note TEXT, parked_by TEXT NOT NULL,
         parked_ms INTEGER NOT NULL
       )`,
      `CREATE TABLE fleet_sites (
         name TEXT PRIMARY KEY, zone TEXT NOT NULL, quiet TEXT NOT NULL, maintenance TEXT NOT NULL,
         changed_ms INTEGER NOT NULL, changed_by TEXT NOT NULL
       ) WITHOUT ROWID`,
      `CREATE TABLE fleet_absences (
         robot INTEGER NOT NULL, began_ms INTEGER NOT NULL, reason TEXT NOT NULL, about TEXT NOT NULL, until_ms INTEGER,
         note TEXT, ended_ms INTEGER, end_reason TEXT, PRIMARY KEY (robot, began_ms)
       ) WITHOUT ROWID`,
      'CREATE UNIQUE INDEX fleet_absences_open ON fleet_absences (robot) WHERE ended_ms IS NULL',
    ],
  ],
  // The fault stream of the hub: other records are many times as many.
  fleet_stream: [["CREATE INDEX fleet_events_faults ON fleet_events (id) WHERE kind = 'fault'"]],
  // Records of each day since 1970 in UTC, by robot. Empty without a quota of events.
  fleet_quotas: [
    [
      `CREATE TABLE fleet_record_days (
         day INTEGER NOT NULL, robot INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (day, robot)
       ) WITHOUT ROWID`,
    ],
  ],
  ...ISSUE_TABLES,
  ...OUTBREAK_TABLES,
  ...PARTITION_TABLES,
  ...CAMPAIGN_TABLES,
  ...ARTIFACT_TABLES,
  ...QUEUE_TABLES,
  // Last: its triggers are on tables of the others.
  ...CHANGE_TABLES,
};
