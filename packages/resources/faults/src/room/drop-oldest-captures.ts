import type { Store } from '@medkit/store';

/** Captures that go at once. */
const BATCH = 16;

/** Removes the freeze frames and log lines of the oldest captures, of whatever faults. Gives how many of either went. */
export async function dropOldestCaptures(store: Pick<Store, 'write'>): Promise<number> {
  const { results } = await store.write([
    {
      // Captures of ros2_medkit before it numbered them have the number 0, and are one.
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
