import type { Store } from '@medkit/store';

/** Captures removed in one step. */
const BATCH = 16;

/**
 * Removes the freeze frames and log lines of the oldest captures, of any faults. Returns the number of removed captures
 * and log windows.
 */
export async function dropOldestCaptures(store: Pick<Store, 'write'>): Promise<number> {
  const { results } = await store.write([
    {
      // Captures from before ros2_medkit numbered them all have the number 0, and count as one.
      sql: `DELETE FROM snapshots WHERE capture_id IN (SELECT DISTINCT capture_id FROM snapshots ORDER BY capture_id LIMIT ?)
            RETURNING capture_id`,
      parameters: [BATCH],
    },
    {
      sql: 'DELETE FROM log_windows WHERE rowid IN (SELECT rowid FROM log_windows ORDER BY to_ns LIMIT ?)',
      parameters: [BATCH],
    },
  ]);
  const [frames, logs] = results;
  return new Set(frames?.rows.map(({ capture_id }) => capture_id)).size + (logs?.changes ?? 0);
}
