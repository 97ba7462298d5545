import type { Statement } from '@medkit/store';

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

/** Returns the statements that end the session of a robot which may not be connected any more. */
export const excludeStatements = (robot: number, change: PresenceChange): readonly Statement[] => [
  ...offlineStatements(robot, change),
  { sql: 'UPDATE fleet_cursors SET epoch = epoch + 1 WHERE robot = ?', parameters: [robot] },
];
