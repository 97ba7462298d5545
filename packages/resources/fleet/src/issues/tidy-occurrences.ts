import { type FleetStore, HOUR_MS } from '../fleet-context.ts';
import { IS_NEEDED } from './needed-occurrences.ts';
import { REMOVE_STATEMENTS } from './rollups.ts';

/** Occurrences of all robots, 0.6 GB of 300 bytes each; the oldest ones beyond are removed. */
const MAX_OCCURRENCES = 2_000_000;
/** Occurrences or hours that one transaction removes: the writer is free for new records between two of them. */
const MAX_ROWS_PER_TURN = 5000;
/** Software whose first robot is stored: what issues are resolved in. */
const MAX_VERSIONS = 5000;

interface TidyTimes {
  readonly nowMs: number;
  /** The time before which occurrences are removed. */
  readonly beforeMs: number;
}

/**
 * Removes old occurrences with their part of the rollups, the oldest ones beyond a number, and old hours and versions.
 * What is active or open stays, and so do hours with occurrences.
 */
export async function tidyOccurrences(store: FleetStore, times: TidyTimes, max = MAX_OCCURRENCES): Promise<void> {
  const { nowMs, beforeMs } = times;
  await removeOccurrences(store, times, Number.POSITIVE_INFINITY);
  const [counted] = await store.read('SELECT count(*) AS n FROM fleet_occurrences');
  await removeOccurrences(store, { nowMs, beforeMs: Number.MAX_SAFE_INTEGER }, Number(counted?.n) - max);
  await removeHours(store, Math.floor(beforeMs / HOUR_MS));
  await store.write([
    {
      sql: `DELETE FROM fleet_versions WHERE first_ms < (SELECT v.first_ms FROM fleet_versions v
              ORDER BY v.first_ms DESC LIMIT 1 OFFSET ${MAX_VERSIONS})`,
    },
  ]);
}

/** Selects the oldest occurrences that began before a time and are not needed. */
const OLDEST = `SELECT o.id FROM fleet_occurrences o WHERE o.began_ms < :before AND NOT ${IS_NEEDED}
  ORDER BY o.began_ms, o.id LIMIT :count`;

/** Removes the oldest occurrences that began before a time, up to a number. */
async function removeOccurrences(store: FleetStore, { nowMs, beforeMs }: TidyTimes, most: number): Promise<void> {
  for (let left = most; left > 0; ) {
    const values = { now: nowMs, before: beforeMs };
    if ((await store.read(OLDEST, { ...values, count: 1 })).length === 0) return;
    const parameters = { ...values, count: Math.min(MAX_ROWS_PER_TURN, left) };
    const { results } = await store.write([
      { sql: `UPDATE fleet_occurrences SET changed = 2 WHERE id IN (${OLDEST})`, parameters },
      ...REMOVE_STATEMENTS,
    ]);
    left -= results[0]!.changes;
  }
}

/** Removes hours before an hour. Those in which occurrences that stay began are sums over them, and stay. */
async function removeHours(store: FleetStore, beforeHour: number): Promise<void> {
  for (;;) {
    const [row] = await store.read(
      `SELECT h.hour FROM fleet_robot_hours h WHERE h.n = 0 AND h.hour < ? ORDER BY h.hour LIMIT 1 OFFSET ${MAX_ROWS_PER_TURN}`,
      [beforeHour],
    );
    const until = row ? Number(row.hour) + 1 : beforeHour;
    await store.write([{ sql: 'DELETE FROM fleet_robot_hours WHERE n = 0 AND hour < ?', parameters: [until] }]);
    if (!row) return;
  }
}
