import type { Migrations } from '@medkit/store';

/**
 * Requests for robots that are away. `body` and `reply` are JSON, `sent_ms` is when the present attempt was sent first,
 * `attempt` counts the refusals after which it is tried again, and `version` rises with each change of the row.
 */
export const QUEUE_TABLES: Migrations = {
  'fleet-queue': [
    [
      `CREATE TABLE fleet_queue (
         id INTEGER PRIMARY KEY AUTOINCREMENT, robot INTEGER NOT NULL, state TEXT NOT NULL, method TEXT NOT NULL,
         path TEXT NOT NULL, body TEXT, note TEXT, created_ms INTEGER NOT NULL, created_by TEXT NOT NULL,
         expires_ms INTEGER NOT NULL, not_before_ms INTEGER NOT NULL, sent_ms INTEGER, due_ms INTEGER NOT NULL DEFAULT 0,
         attempt INTEGER NOT NULL DEFAULT 0, reason TEXT, status INTEGER, reply TEXT, ended_ms INTEGER,
         version INTEGER NOT NULL DEFAULT 0
       )`,
      'CREATE INDEX fleet_queue_robots ON fleet_queue (robot, id)',
      'CREATE INDEX fleet_queue_open ON fleet_queue (robot, id) WHERE ended_ms IS NULL',
      'CREATE INDEX fleet_queue_ended ON fleet_queue (ended_ms) WHERE ended_ms IS NOT NULL',
    ],
  ],
};
