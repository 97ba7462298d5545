import type { Statement } from '@medkit/store';
import type { FleetContext } from '../fleet-context.ts';

/**
 * Presence of a robot `r` as SQL. `:late` is a JSON array of the names of robots whose ping is overdue: no ping is
 * stored. A robot with an open absence is away as announced.
 */
export const PRESENCE = `CASE
  WHEN r.online = 1 THEN CASE WHEN r.name IN (SELECT value FROM json_each(:late)) THEN 'late' ELSE 'online' END
  WHEN r.since_ms IS NULL THEN 'never'
  WHEN EXISTS (SELECT 1 FROM fleet_absences a WHERE a.robot = r.id AND a.ended_ms IS NULL) THEN 'expected_offline'
  ELSE 'offline' END`;

/** Returns the value of `PRESENCE`. */
export const presenceValues = ({ pings }: Pick<FleetContext, 'pings'>) => ({ late: JSON.stringify(pings.late()) });

/** Reasons of changes of presence that the hub causes: they are no problem of a robot. */
export const HUB_REASONS = {
  stops: 'the hub stops',
  restarted: 'the hub was restarted',
  reopened: 'the database was opened again',
} as const;

interface PresenceChange {
  readonly atMs: number;
  readonly reason: string;
}

/** Returns the statement that notes when a robot connected or disconnected. */
export const presenceRow = (
  robot: number,
  { atMs, online, reason }: PresenceChange & { online: boolean },
): Statement => ({
  sql: 'INSERT INTO fleet_presence (robot, at_ms, online, reason) VALUES (?, ?, ?, ?)',
  parameters: [robot, atMs, online ? 1 : 0, reason],
});

/**
 * Returns the statements that note that a robot is offline, if it was connected.
 * @param epoch only if this is the epoch of its newest session
 */
export const offlineStatements = (
  robot: number,
  { atMs, reason }: PresenceChange,
  epoch?: number,
): readonly Statement[] => [
  {
    sql: `UPDATE fleet_robots SET online = 0, since_ms = ?, seen_ms = ? WHERE id = ? AND online = 1
            AND (? IS NULL OR ? = (SELECT epoch FROM fleet_cursors WHERE robot = fleet_robots.id))`,
    parameters: [atMs, atMs, robot, epoch ?? null, epoch ?? null],
  },
  {
    sql: 'INSERT INTO fleet_presence (robot, at_ms, online, reason) SELECT ?, ?, 0, ? WHERE changes() > 0',
    parameters: [robot, atMs, reason],
  },
];

/** Returns the statement that ends the announced absence of a robot which is connected, or may not connect any more. */
export const endAbsence = (robot: number, atMs: number): Statement => ({
  sql: 'UPDATE fleet_absences SET ended_ms = ? WHERE robot = ? AND ended_ms IS NULL',
  parameters: [atMs, robot],
});

/** Returns the statements that end the session of a robot which may not be connected any more. */
export const excludeStatements = (robot: number, change: PresenceChange): readonly Statement[] => [
  ...offlineStatements(robot, change),
  endAbsence(robot, change.atMs),
  { sql: 'UPDATE fleet_cursors SET epoch = epoch + 1 WHERE robot = ?', parameters: [robot] },
];
