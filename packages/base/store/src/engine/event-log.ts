import type { Migration } from '../migrations/migration.ts';
import type { PreparedStatements } from '../sql/prepared-statements.ts';
import { readRows } from '../sql/read-rows.ts';

/** Something that happened and is to be told, also after a restart. */
export interface NewEvent {
  /** When, nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  /** Its name, such as `fault_confirmed`. */
  readonly type: string;
  /** JSON text, as it is sent. */
  readonly payload: string;
}

export interface StoredEvent extends NewEvent {
  /** 1 for the first; one more for each further one, also after a restart. Never given twice. */
  readonly id: number;
}

/** A part of the event log. */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** The oldest that is kept: whoever has seen less than the one before has missed some. 0 where there is none. */
  readonly oldestId: number;
  /** The last number given. Whoever claims to have seen more talks of another log, which this one replaced. */
  readonly newestId: number;
}

/** Events of one answer. Whoever wants more asks again. */
export const MAX_EVENTS_AT_ONCE = 1000;

// AUTOINCREMENT, since a plain rowid starts again at 1 once all rows are gone.
export const EVENT_LOG: readonly Migration[] = [
  [
    `CREATE TABLE events (
       id INTEGER PRIMARY KEY AUTOINCREMENT, time_ns INTEGER NOT NULL, type TEXT NOT NULL, payload TEXT NOT NULL
     )`,
  ],
];

/** Appends `event` and gives its number. */
export function appendEvent(statements: PreparedStatements, { timeNs, type, payload }: NewEvent): number {
  const insert = statements.get('INSERT INTO events (time_ns, type, payload) VALUES (?, ?, ?)');
  return Number(insert.statement.run(timeNs, type, payload).lastInsertRowid);
}

/**
 * Leaves no more than the newest `keep` events, behind the appending of `added`. They go a hundredth of that at a time: one
 * for each that comes would have every commit write another page.
 */
export function trimEvents(statements: PreparedStatements, keep: number, added: readonly number[]): void {
  const newest = added[added.length - 1];
  const together = Math.max(1, Math.floor(keep / 100));
  if (Math.floor(newest / together) === Math.floor((added[0] - 1) / together)) return;
  statements.get('DELETE FROM events WHERE id <= ?').statement.run(BigInt(newest - keep + together - 1));
}

/** The events after number `id`, oldest first, and where the log begins and ends at this moment. */
export function eventsAfter(statements: PreparedStatements, id: number, limit: number): EventPage {
  const [ends] = readRows(
    statements.get(
      `SELECT (SELECT coalesce(min(id), 0) FROM events) AS oldest,
              (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events') AS newest`,
    ),
  );
  const rows = readRows(
    statements.get('SELECT id, time_ns, type, payload FROM events WHERE id > ? ORDER BY id LIMIT ?'),
    [id, Math.max(0, Math.min(limit, MAX_EVENTS_AT_ONCE))],
  );
  return {
    events: rows.map((row) => ({
      id: Number(row.id),
      timeNs: BigInt(row.time_ns as number | bigint),
      type: String(row.type),
      payload: String(row.payload),
    })),
    oldestId: Number(ends.oldest),
    newestId: Number(ends.newest),
  };
}
