import type { Migrations } from '@medkit/store';

/**
 * Tables of occurrences and issues. The rollups `fleet_issue_robots`, `fleet_issue_hours` and `fleet_robot_hours` are
 * sums over `fleet_occurrences`: `counted`, `counted_errors` and `counted_ms` are what an occurrence has added to them,
 * and `changed` marks occurrences that are added (1) or removed (2) in the same transaction. An hour is the number of hours since 1970.
 * Rollups have an empty text for a site or version that is unknown. `until_n` and `until_robots` are absolute numbers.
 * `fleet_robot_runs` has the software that the log of a robot stated for its boot `boot`, and until when the hub has
 * added the running time of the robot. `fleet_issue_regressions` has the first regression of each robot since an issue
 * was resolved, and `fleet_issues` that of the fleet.
 */
export const ISSUE_TABLES: Migrations = {
  'fleet-issues': [
    [
      `CREATE TABLE fleet_issues (
         id INTEGER PRIMARY KEY AUTOINCREMENT, fingerprint TEXT NOT NULL UNIQUE, rule TEXT, code TEXT, entity TEXT,
         cause TEXT, severity INTEGER NOT NULL, n INTEGER NOT NULL DEFAULT 0, robots INTEGER NOT NULL DEFAULT 0,
         first_ms INTEGER NOT NULL DEFAULT 0, last_ms INTEGER NOT NULL DEFAULT 0, decision TEXT NOT NULL DEFAULT 'none',
         decided_ms INTEGER, decided_by TEXT, in_version TEXT, until_n INTEGER, until_robots INTEGER, until_ms INTEGER,
         regressed_ms INTEGER, regressed_version TEXT, regressed_robot INTEGER, owner TEXT
       )`,
      `CREATE TABLE fleet_issue_notes (
         id INTEGER PRIMARY KEY, issue INTEGER NOT NULL, at_ms INTEGER NOT NULL, written_by TEXT NOT NULL, text TEXT NOT NULL
       )`,
      'CREATE INDEX fleet_issue_notes_issues ON fleet_issue_notes (issue)',
      `CREATE TABLE fleet_occurrences (
         id INTEGER PRIMARY KEY, robot INTEGER NOT NULL, origin TEXT NOT NULL, code TEXT NOT NULL, number INTEGER NOT NULL,
         started_ms INTEGER NOT NULL, began_ms INTEGER NOT NULL, uncertain_ms INTEGER, ended_ms INTEGER, ended_as TEXT,
         severity INTEGER NOT NULL, entity TEXT, entity_type TEXT, cause TEXT, site TEXT, version TEXT, medkit TEXT,
         issue INTEGER, incident TEXT, blocks INTEGER, changed INTEGER NOT NULL, counted INTEGER NOT NULL DEFAULT 0,
         counted_errors INTEGER NOT NULL DEFAULT 0, counted_ms INTEGER NOT NULL DEFAULT 0,
         UNIQUE (robot, origin, code, number, started_ms)
       )`,
      'CREATE INDEX fleet_occurrences_times ON fleet_occurrences (began_ms)',
      'CREATE INDEX fleet_occurrences_issues ON fleet_occurrences (issue, began_ms)',
      'CREATE INDEX fleet_occurrences_robots ON fleet_occurrences (robot, began_ms)',
      'CREATE INDEX fleet_occurrences_changed ON fleet_occurrences (issue) WHERE changed = 1',
      'CREATE INDEX fleet_occurrences_removed ON fleet_occurrences (issue) WHERE changed = 2',
      'CREATE INDEX fleet_occurrences_open ON fleet_occurrences (robot, origin, code) WHERE ended_ms IS NULL',
      'CREATE INDEX fleet_occurrences_blocking ON fleet_occurrences (robot, began_ms) WHERE blocks = 1',
      `CREATE TABLE fleet_issue_robots (
         issue INTEGER NOT NULL, robot INTEGER NOT NULL, n INTEGER NOT NULL, first_ms INTEGER NOT NULL,
         last_ms INTEGER NOT NULL, PRIMARY KEY (issue, robot)
       ) WITHOUT ROWID`,
      'CREATE INDEX fleet_issue_robots_robots ON fleet_issue_robots (robot)',
      `CREATE TABLE fleet_issue_hours (
         issue INTEGER NOT NULL, hour INTEGER NOT NULL, site TEXT NOT NULL, version TEXT NOT NULL, n INTEGER NOT NULL,
         ms INTEGER NOT NULL, PRIMARY KEY (issue, hour, site, version)
       ) WITHOUT ROWID`,
      `CREATE TABLE fleet_robot_hours (
         robot INTEGER NOT NULL, hour INTEGER NOT NULL, site TEXT NOT NULL, version TEXT NOT NULL,
         running_ms INTEGER NOT NULL, n INTEGER NOT NULL, errors INTEGER NOT NULL,
         PRIMARY KEY (robot, hour, site, version)
       ) WITHOUT ROWID`,
      'CREATE INDEX fleet_robot_hours_hours ON fleet_robot_hours (hour)',
      'CREATE TABLE fleet_versions (version TEXT PRIMARY KEY, first_ms INTEGER NOT NULL) WITHOUT ROWID',
      `CREATE TABLE fleet_robot_runs (
         robot INTEGER PRIMARY KEY, boot INTEGER NOT NULL, medkit TEXT, software TEXT, ran_ms INTEGER NOT NULL
       )`,
    ],
    // Judgements of outbreaks read what is active or ended lately, out of the whole history of an issue.
    ['CREATE INDEX fleet_occurrences_ends ON fleet_occurrences (issue, ended_ms)'],
    // What issues are to accounts that see a part of the robots.
    [
      'ALTER TABLE fleet_issue_robots ADD COLUMN severity INTEGER NOT NULL DEFAULT 0',
      `UPDATE fleet_issue_robots SET severity = m.severity FROM (SELECT issue, robot, max(severity) AS severity
         FROM fleet_occurrences WHERE issue IS NOT NULL GROUP BY issue, robot) m
       WHERE m.issue = fleet_issue_robots.issue AND m.robot = fleet_issue_robots.robot`,
      `CREATE TABLE fleet_issue_regressions (
         issue INTEGER NOT NULL, robot INTEGER NOT NULL, at_ms INTEGER NOT NULL, version TEXT, PRIMARY KEY (issue, robot)
       ) WITHOUT ROWID`,
      `INSERT INTO fleet_issue_regressions (issue, robot, at_ms, version)
         SELECT id, regressed_robot, regressed_ms, regressed_version FROM fleet_issues
         WHERE regressed_ms IS NOT NULL AND regressed_robot IS NOT NULL`,
    ],
  ],
};
