import type { TimelineKind } from '@medkit/contract';
import type { IncidentDatabase } from '../storage/incident-storage.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** Rows of one incident that are looked at; of more, those that came first. */
const MAX_ROWS = 5000;

/** Writes rows; what is there already stays as it is. Rejects with a `StoreError`. */
export async function writeRows(database: IncidentDatabase, entries: readonly TimelineEntry[]): Promise<void> {
  const store = await database.store();
  const sql = 'INSERT OR IGNORE INTO incident_timeline (key, at_ms, kind, body) VALUES (?, ?, ?, ?)';
  const statements = entries.map(({ key, atMs, row }) => ({
    sql,
    parameters: [key, Math.round(atMs), row.kind, JSON.stringify(row)],
  }));
  // They are told again, or can be told without: no client waits for them to be safe from a loss of power.
  await store.write(statements, undefined, 'system');
}

/** Rows between two times, the earliest first. Rejects with a `StoreError`. */
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

/** Forgets the oldest rows beyond `max`. */
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
