import type { Migration } from '../migrations/migration.ts';
import type { PreparedStatements } from '../sql/prepared-statements.ts';
import { readRows } from '../sql/read-rows.ts';

/** An event to deliver to clients, also after a restart. */
export interface NewEvent {
  /** Time in nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  /** Event name, such as `fault_confirmed`. */
  readonly type: string;
  /** JSON text, as sent. */
  readonly payload: string;
}

export interface StoredEvent extends NewEvent {
  /** Starts at 1 and increases by one, also after a restart. Never reused. */
  readonly id: number;
}

/** A part of the event log. */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /**
   * Id of the oldest stored event; a client that has seen less than the id before it missed events. 0 if there is none.
   */
  readonly oldestId: number;
  /** The last id assigned. A client that claims to have seen more refers to an earlier log, which this one replaced. */
  readonly newestId: number;
}

/** Maximum events of one response; a client requests more with another call. */
const MAX_EVENTS_AT_ONCE = 1000;

// AUTOINCREMENT, because a plain rowid restarts at 1 after all rows are removed.
export const EVENT_LOG: readonly Migration[] = [
  [
    `CREATE TABLE events (
       id INTEGER PRIMARY KEY AUTOINCREMENT, time_ns INTEGER NOT NULL, type TEXT NOT NULL, payload TEXT NOT NULL
     )`,
  ],
];

/** Appends `event` and returns its id. */
export function appendEvent(statements: PreparedStatements, { timeNs, type, payload }: NewEvent): number {
  const insert = statements.get('INSERT INTO events (time_ns, type, payload) VALUES (?, ?, ?)');
  return Number(insert.statement.run(timeNs, type, payload).lastInsertRowid);
}

/**
 * Trims the log to the newest `keep` events after `added` were appended. Removes a hundredth of `keep` at a time:
 * removing one event for each new one would make every commit write another page.
 */
export function trimEvents(statements: PreparedStatements, keep: number, added: readonly number[]): void {
  const newest = added[added.length - 1];
  const together = Math.max(1, Math.floor(keep / 100));
  if (Math.floor(newest / together) === Math.floor((added[0] - 1) / together)) return;
  statements.get('DELETE FROM events WHERE id <= ?').statement.run(BigInt(newest - keep + together - 1));
}

/** Returns the events after `id`, oldest first, and the current ends of the log. */
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
