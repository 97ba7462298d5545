import type { Migrations } from '@medkit/store';

/**
 * Tables of outbreaks. `subject` identifies the issue, version, site or robot; one outbreak of each kind and subject is
 * open. `body` has what `outbreak-rows.ts` writes. `fleet_version_changes` has the last change of the version of each
 * robot, when the hub received it.
 */
export const OUTBREAK_TABLES: Migrations = {
  'fleet-outbreaks': [
    [
      `CREATE TABLE fleet_outbreaks (
         id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL, severity INTEGER NOT NULL,
         began_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, ended_ms INTEGER, body TEXT NOT NULL
       )`,
      'CREATE UNIQUE INDEX fleet_outbreaks_open ON fleet_outbreaks (kind, subject) WHERE ended_ms IS NULL',
      'CREATE INDEX fleet_outbreaks_ends ON fleet_outbreaks (ended_ms)',
      'CREATE TABLE fleet_version_changes (robot INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, version TEXT NOT NULL)',
    ],
    // The connects of all robots within an hour.
    ['CREATE INDEX fleet_presence_times ON fleet_presence (at_ms)'],
  ],
};
