import type { TimelineKind } from '@medkit/contract';
import type { IncidentDatabase } from '../storage/incident-storage.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** Maximum rows read for one incident; of more, the earliest count. */
const MAX_ROWS = 5000;

/** Writes rows; existing rows stay unchanged. Rejects with a `StoreError`. */
export async function writeRows(database: IncidentDatabase, entries: readonly TimelineEntry[]): Promise<void> {
  const store = await database.store();
  const sql = 'INSERT INTO incident_timeline (key, at_ms, kind, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
  const statements = entries.map(({ key, atMs, row }) => ({
    sql,
    parameters: [key, Math.round(atMs), row.kind, JSON.stringify(row)],
  }));
  // Not synced to disk: no client waits for these rows, and a power failure may lose them.
  await store.write(statements, undefined, 'system');
}

/** Reads rows between two times, earliest first. Rejects with a `StoreError`. */
export async function readRows(
  database: IncidentDatabase,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  kinds: readonly TimelineKind[],
): Promise<readonly TimelineEntry[]> {
  if (!(await database.exists())) return [];
  const store = await database.store();
  const rows = await store.read(
    `SELECT key, at_ms, body FROM incident_timeline
     WHERE at_ms BETWEEN ? AND ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY at_ms, id LIMIT ?`,
    [Math.round(fromMs), Math.round(toMs), JSON.stringify(kinds), MAX_ROWS],
  );
  return rows.map(({ key, at_ms, body }) => ({
    key: String(key),
    atMs: Number(at_ms),
    row: JSON.parse(String(body)) as TimelineEntry['row'],
  }));
}

/** Removes the oldest rows beyond `max`. */
export async function dropRows(database: IncidentDatabase, max: number): Promise<void> {
  const store = await database.store();
  await store.write(
    [
      {
        sql: `DELETE FROM incident_timeline WHERE id <= (SELECT max(id) FROM incident_timeline) - ?`,
        parameters: [max],
      },
    ],
    undefined,
    'system',
  );
}
