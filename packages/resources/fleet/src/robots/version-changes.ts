import type { Statement } from '@medkit/store';
import { type FleetStore, textOf } from '../fleet-context.ts';

/** Changes of this time are read: an outbreak is found some time after it began, and was caused up to a day before. */
const RECENT_MS = 2 * 86_400_000;

/** The last change of the version of a robot, when the hub received it. */
export interface VersionChange {
  readonly robot: string;
  /** Version of its software, otherwise of medkit. */
  readonly version: string;
  readonly atMs: number;
}

/**
 * Returns the statement that notes that a robot connects with another version than before. Put it before the statement
 * that stores the version.
 */
export const noteVersionChange = (robot: number, version: string, atMs: number): Statement => ({
  sql: `INSERT INTO fleet_version_changes (robot, at_ms, version)
        SELECT r.id, ?, ? FROM fleet_robots r WHERE r.id = ? AND coalesce(r.software, r.medkit) <> ?
        ON CONFLICT (robot) DO UPDATE SET at_ms = excluded.at_ms, version = excluded.version`,
  parameters: [atMs, version, robot, version],
});

/** Reads the recent changes of all robots. */
export async function recentVersionChanges(store: FleetStore, nowMs: number): Promise<readonly VersionChange[]> {
  const rows = await store.read(
    'SELECT r.name, c.at_ms, c.version FROM fleet_version_changes c JOIN fleet_robots r ON r.id = c.robot WHERE c.at_ms > ?',
    [nowMs - RECENT_MS],
  );
  return rows.map((row) => ({ robot: textOf(row.name!), version: textOf(row.version!), atMs: Number(row.at_ms) }));
}
