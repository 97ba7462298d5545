import { type FleetStore, HOUR_MS } from '../fleet-context.ts';
import { REMOVE_STATEMENTS } from './rollups.ts';

/** Time for which occurrences, and the hours of robots, stay: five years. */
const RETENTION_MS = 5 * 366 * 86_400_000;
/** Occurrences of all robots, 0.6 GB of 300 bytes each; the oldest ones beyond are removed. */
const MAX_OCCURRENCES = 2_000_000;
/** Occurrences that one transaction removes: the writer is free for new records between two of them. */
const MAX_ROWS_PER_TURN = 5000;
/** Software whose first robot is stored: what issues are resolved in. */
const MAX_VERSIONS = 5000;

/** Removes the oldest occurrences with their part of the rollups, and old hours and versions. */
export async function tidyOccurrences(store: FleetStore, nowMs: number, max = MAX_OCCURRENCES): Promise<void> {
  const beforeMs = nowMs - RETENTION_MS;
  for (;;) {
    const [counted] = await store.read(
      `SELECT (SELECT count(*) FROM fleet_occurrences) AS n, (SELECT count(*) FROM (
         SELECT o.id FROM fleet_occurrences o WHERE o.began_ms < ? LIMIT ${MAX_ROWS_PER_TURN}) old) AS old`,
      [beforeMs],
    );
    const count = Math.min(MAX_ROWS_PER_TURN, Math.max(Number(counted?.n) - max, Number(counted?.old)));
    if (count <= 0) break;
    await store.write([
      {
        sql: `UPDATE fleet_occurrences SET changed = 2 WHERE id IN (
                SELECT o.id FROM fleet_occurrences o ORDER BY o.began_ms, o.id LIMIT ?)`,
        parameters: [count],
      },
      ...REMOVE_STATEMENTS,
    ]);
  }
  await store.write([
    { sql: 'DELETE FROM fleet_robot_hours WHERE hour < ?', parameters: [Math.floor(beforeMs / HOUR_MS)] },
    {
      sql: `DELETE FROM fleet_versions WHERE first_ms < (SELECT v.first_ms FROM fleet_versions v
              ORDER BY v.first_ms DESC LIMIT 1 OFFSET ${MAX_VERSIONS})`,
    },
  ]);
}
