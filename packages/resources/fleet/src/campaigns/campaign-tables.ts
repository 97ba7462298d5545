import type { Migrations } from '@medkit/store';

/**
 * Tables of campaigns. `body` is the plan as it was created. `ended_ms` is set when no robot of the campaign needs
 * attention any more. A wave is open if it has `opened_ms`. `found` has the values of a robot before the change as JSON,
 * `touched` marks robots that may have others, and `version` rises with each change of the row.
 * `fleet_campaign_stops` has the stops by gates until the audit log has them.
 */
export const CAMPAIGN_TABLES: Migrations = {
  'fleet-campaigns': [
    [
      `CREATE TABLE fleet_campaigns (
         id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL,
         state TEXT NOT NULL, reason TEXT, roll_back TEXT, created_ms INTEGER NOT NULL, created_by TEXT NOT NULL,
         stopped_ms INTEGER, stopped_by TEXT, expires_ms INTEGER NOT NULL, ended_ms INTEGER
       )`,
      'CREATE INDEX fleet_campaigns_open ON fleet_campaigns (id) WHERE ended_ms IS NULL',
      `CREATE TABLE fleet_campaign_waves (
         campaign INTEGER NOT NULL, wave INTEGER NOT NULL, opened_ms INTEGER, approved_ms INTEGER, approved_by TEXT,
         waits_for TEXT, PRIMARY KEY (campaign, wave)
       ) WITHOUT ROWID`,
      `CREATE TABLE fleet_campaign_robots (
         campaign INTEGER NOT NULL, robot INTEGER NOT NULL, wave INTEGER NOT NULL, state TEXT NOT NULL, step TEXT,
         attempt INTEGER NOT NULL DEFAULT 0, reason TEXT, found TEXT, touched INTEGER NOT NULL DEFAULT 0,
         since_ms INTEGER NOT NULL, changed_ms INTEGER, due_ms INTEGER NOT NULL DEFAULT 0,
         version INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (campaign, robot)
       ) WITHOUT ROWID`,
      'CREATE INDEX fleet_campaign_robots_states ON fleet_campaign_robots (campaign, state)',
      'CREATE INDEX fleet_campaign_robots_robots ON fleet_campaign_robots (robot)',
      'CREATE INDEX fleet_campaign_robots_changes ON fleet_campaign_robots (changed_ms) WHERE changed_ms IS NOT NULL',
    ],
    [
      `CREATE TABLE fleet_campaign_stops (
         campaign INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, reason TEXT NOT NULL, roll_back TEXT NOT NULL
       )`,
    ],
  ],
};
