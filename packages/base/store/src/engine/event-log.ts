import type { Migration } from '../migrations/migration.ts';
import type { Script } from '../sql/script.ts';
import type { Statement } from '../sql/statement.ts';
import type { Row } from '../sql/values.ts';

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
export function* appendEvent({ timeNs, type, payload }: NewEvent): Script<number> {
  const [row] = yield {
    sql: 'INSERT INTO events (time_ns, type, payload) VALUES (?, ?, ?) RETURNING id',
    parameters: [timeNs, type, payload],
  };
  return Number(row.id);
}

/**
 * Returns the statement that trims the log to the newest `keep` events after `added` were appended, if it is due. It
 * removes a hundredth of `keep` at a time: removing one event for each new one would make every commit write another
 * page.
 */
export function trimStatement(keep: number, added: readonly number[]): Statement | undefined {
  if (added.length === 0) return undefined;
  const newest = added[added.length - 1];
  const together = Math.max(1, Math.floor(keep / 100));
  if (Math.floor(newest / together) === Math.floor((added[0] - 1) / together)) return undefined;
  return { sql: 'DELETE FROM events WHERE id <= ?', parameters: [newest - keep + together - 1] };
}

/** Returns the events after `id`, oldest first, and the current ends of the log. */
export function* eventsAfter(id: number, limit: number): Script<EventPage> {
  const [newest] = yield { sql: "SELECT coalesce(max(seq), 0) AS id FROM sqlite_sequence WHERE name = 'events'" };
  return yield* eventPage(id, limit, Number(newest.id));
}

/** Returns the events after `id`, oldest first, of a log whose last assigned id is `newestId`. */
export function* eventPage(id: number, limit: number, newestId: number): Script<EventPage> {
  const [oldest] = yield { sql: 'SELECT coalesce(min(id), 0) AS id FROM events' };
  const rows = yield {
    sql: 'SELECT id, time_ns, type, payload FROM events WHERE id > ? ORDER BY id LIMIT ?',
    parameters: [id, Math.max(0, Math.min(limit, MAX_EVENTS_AT_ONCE))],
  };
  return { events: rows.map(storedEvent), oldestId: Number(oldest.id), newestId };
}

const storedEvent = (row: Row): StoredEvent => ({
  id: Number(row.id),
  timeNs: BigInt(row.time_ns as number | bigint),
  type: String(row.type),
  payload: String(row.payload),
});
