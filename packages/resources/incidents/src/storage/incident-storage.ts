import type { Origin } from '@medkit/core';
import type { Row, SqlValue, Statement, Store } from '@medkit/store';
import type { IncidentRecord } from '../incident/incident-record.ts';
import { isTime, type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';

/** The database with `INCIDENT_TABLES`, opened on first use. */
export interface IncidentDatabase {
  /** Returns whether anything was ever stored. */
  exists(): Promise<boolean>;
  store(): Promise<Store>;
}

/** A database that is only read. */
export type ReadableIncidents = Pick<IncidentDatabase, 'exists'> & { store(): Promise<Pick<Store, 'read'>> };

/** Changes to write to disk. */
export interface IncidentChanges {
  readonly occurrences: readonly Occurrence[];
  /** Keys of occurrences to remove, together with their records. */
  readonly forgotten: readonly string[];
  readonly records: readonly IncidentRecord[];
  /** Number of the last event read from the log of each gateway. */
  readonly cursors: ReadonlyMap<Origin, number>;
}

export interface StoredIncidents {
  readonly occurrences: readonly Occurrence[];
  readonly records: readonly IncidentRecord[];
  readonly cursors: ReadonlyMap<Origin, number>;
}

/** Rows per read: the size of one reply of the store is bounded, and a description may be long. */
const PAGE = 1000;

/** Reads the stored incidents. Rejects with a `StoreError` if they cannot be read. Leaves out damaged rows. */
export async function readIncidents(database: ReadableIncidents): Promise<StoredIncidents> {
  if (!(await database.exists())) return { occurrences: [], records: [], cursors: new Map() };
  const store = await database.store();
  const occurrences = await pages(store, { table: 'incident_occurrences', by: 'key', first: '' }, isOccurrence);
  const records = await pages(store, { table: 'incident_records', by: 'id', first: 0 }, isRecord);
  const cursors = await store.read('SELECT origin, event_id FROM incident_cursors');
  return {
    occurrences,
    records,
    cursors: new Map(cursors.map(({ origin, event_id }) => [String(origin), Number(event_id)])),
  };
}

interface Table {
  readonly table: string;
  readonly by: string;
  readonly first: SqlValue;
}

async function pages<Body>(
  store: Pick<Store, 'read'>,
  { table, by, first }: Table,
  isBody: (body: Partial<Body>) => boolean,
): Promise<readonly Body[]> {
  const bodies: Body[] = [];
  const sql = `SELECT ${by} AS place, body FROM ${table} WHERE ${by} > ? ORDER BY ${by} LIMIT ?`;
  for (let after = first; ; ) {
    const rows = await store.read(sql, [after, PAGE]);
    for (const row of rows) {
      const body: Partial<Body> = Object(bodyOf(row));
      if (isBody(body)) bodies.push(body as Body);
    }
    if (rows.length < PAGE) return bodies;
    after = rows.at(-1)!.place!;
  }
}

/** Returns the statements that write changes in one transaction. */
export function changeStatements({ occurrences, forgotten, records, cursors }: IncidentChanges): readonly Statement[] {
  return [
    ...occurrences.map((occurrence) => ({
      sql: `INSERT INTO incident_occurrences (key, began_ms, body) VALUES (?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET began_ms = excluded.began_ms, body = excluded.body`,
      parameters: [occurrenceKey(occurrence), Math.round(occurrence.beganMs), JSON.stringify(occurrence)],
    })),
    // A record replaces earlier ones of the same kind, so that repeated changes do not fill the disk. Notes are kept.
    ...records.flatMap(({ key, said }) =>
      said.is === 'note'
        ? []
        : [
            {
              sql: `DELETE FROM incident_records WHERE key = ? AND json_extract(body, '$.said.is') = ?`,
              parameters: [key, said.is],
            },
          ],
    ),
    ...records.map((record) => ({
      sql: 'INSERT INTO incident_records (key, body) VALUES (?, ?)',
      parameters: [record.key, JSON.stringify(record)],
    })),
    ...(forgotten.length === 0
      ? []
      : ['incident_occurrences', 'incident_records'].map((table) => ({
          sql: `DELETE FROM ${table} WHERE key IN (SELECT value FROM json_each(?))`,
          parameters: [JSON.stringify(forgotten)],
        }))),
    ...[...cursors].map(([origin, id]) => ({
      sql: `INSERT INTO incident_cursors (origin, event_id) VALUES (?, ?)
            ON CONFLICT (origin) DO UPDATE SET event_id = excluded.event_id`,
      parameters: [origin, id],
    })),
  ];
}

function bodyOf({ body }: Row): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    // The row was changed by another program; the readable rows are still used.
    return undefined;
  }
}

/** Returns whether a row has the fields that grouping needs. */
function isOccurrence(body: Partial<Occurrence>): boolean {
  const { origin, code, description, number, severity, beganMs, startedMs, reportedMs, recordings, related } = body;
  return (
    [origin, code, description].every((text) => typeof text === 'string') &&
    [number, severity].every(Number.isSafeInteger) &&
    [beganMs, startedMs, reportedMs, body.healedMs ?? 0, body.clearedMs ?? 0].every(isTime) &&
    Array.isArray(recordings) &&
    recordings.every((recording) => typeof Object(recording)['id'] === 'string') &&
    Array.isArray(related)
  );
}

function isRecord({ key, atMs, by, said }: Partial<IncidentRecord>): boolean {
  return typeof key === 'string' && isTime(atMs) && typeof by === 'string' && typeof said?.is === 'string';
}
