import { type EventPage, eventPage, type NewEvent } from '../engine/event-log.ts';
import type { Migration } from '../migrations/migration.ts';
import type { Script } from '../sql/script.ts';

/** A counted row numbers the events: a sequence of PostgreSQL would leave a gap for each write that is undone. */
export const EVENT_LOG: readonly Migration[] = [
  [
    'CREATE TABLE events (id BIGINT PRIMARY KEY, time_ns INTEGER NOT NULL, type TEXT NOT NULL, payload TEXT NOT NULL)',
    'CREATE TABLE event_count (id BIGINT PRIMARY KEY CHECK (id = 1), newest INTEGER NOT NULL)',
    'INSERT INTO event_count (id, newest) VALUES (1, 0)',
  ],
];

/** Appends `event` and returns its id. Other processes wait for the end of the transaction before they append. */
export function* appendEvent({ timeNs, type, payload }: NewEvent): Script<number> {
  const [row] = yield {
    sql: `WITH next AS (UPDATE event_count SET newest = newest + 1 RETURNING newest)
          INSERT INTO events (id, time_ns, type, payload) SELECT newest, ?, ?, ? FROM next RETURNING id`,
    parameters: [timeNs, type, payload],
  };
  return Number(row.id);
}

/** Returns the events after `id`, oldest first, and the current ends of the log. */
export function* eventsAfter(id: number, limit: number): Script<EventPage> {
  const [newest] = yield { sql: 'SELECT newest AS id FROM event_count' };
  return yield* eventPage(id, limit, Number(newest.id));
}
