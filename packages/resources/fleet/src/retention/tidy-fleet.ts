import { DAY_MS, type FleetContext, nowMs } from '../fleet-context.ts';
import { tidyOccurrences } from '../issues/tidy-occurrences.ts';
import { removeOldDays } from '../quotas/fleet-quotas.ts';
import { archiveEvents, type EventArchive } from './archive-events.ts';
import type { EventPartitions } from './event-partitions.ts';

/** Days for which a robot shows a problem that ended by itself. */
const PROBLEM_DAYS = 7;
/** Events of all robots, 2 GB of 1.08 KB each. The robot with the most events loses its oldest. */
const MAX_EVENTS = 2_000_000;
/** Rows that one transaction removes: the writer is free for new records between two of them. */
const MAX_ROWS_PER_TURN = 5000;
/** Changes of presence that stay: a robot whose connection fails each second has 86,400 a day. */
const MAX_PRESENCE = 500_000;
/** Announced absences that stay: those of 500 robots for a year, with one each day. */
const MAX_ABSENCES = 200_000;

/** Selects the absences that a transaction removes, by the condition that follows. */
const OLDEST_ABSENCES =
  'DELETE FROM fleet_absences WHERE (robot, began_ms) IN (SELECT a.robot, a.began_ms FROM fleet_absences a';

interface TidyContext extends Pick<FleetContext, 'store' | 'clock' | 'retention'> {
  readonly archive?: EventArchive | undefined;
  /** Present on PostgreSQL: whole partitions of events are removed. */
  readonly partitions?: EventPartitions | undefined;
}

/** Returns the time before which events are removed. */
export const eventsSince = (context: Pick<FleetContext, 'clock' | 'retention'>): number =>
  nowMs(context) - context.retention.events_days * DAY_MS;

/** Removes what is older than its retention, of which events are archived first, and the oldest rows beyond the limits. */
export async function tidyFleet(
  context: TidyContext,
  maxEvents = MAX_EVENTS,
  maxAbsences = MAX_ABSENCES,
): Promise<void> {
  const { store, archive, partitions, retention } = context;
  const before = (days: number): number => nowMs(context) - days * DAY_MS;
  await store.write([
    removeOldDays(context),
    { sql: 'DELETE FROM fleet_invites WHERE expires_ms < ?', parameters: [before(retention.ended_days)] },
    {
      sql: "DELETE FROM fleet_problems WHERE code IN ('uplink_went_back', 'hub_went_back', 'uplink_lost') AND since_ms < ?",
      parameters: [before(PROBLEM_DAYS)],
    },
  ]);
  const remove = async (sql: string, parameters: readonly (number | null)[]): Promise<void> => {
    for (;;) {
      const { results } = await store.write([{ sql, parameters }]);
      if (results[0]!.changes < MAX_ROWS_PER_TURN) return;
    }
  };
  // Rows are numbered in the order in which they were received, so that the oldest have the lowest numbers.
  const oldest = (table: string, time: string) =>
    `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} ORDER BY id LIMIT ${MAX_ROWS_PER_TURN}) AND ${time} < ?`;
  // First: events cannot be archived while the disk is full.
  await archive?.removeBefore(before(retention.archive_days));
  const sinceMs = eventsSince(context);
  if (partitions) {
    await partitions.prepare(sinceMs);
    await partitions.removeBefore(sinceMs, archive);
  } else if (archive) await archiveEvents({ store, archive }, sinceMs);
  else await remove(oldest('fleet_events', 'got_ms'), [sinceMs]);
  await remove(oldest('fleet_presence', 'at_ms'), [before(retention.presence_days)]);
  await remove(
    `DELETE FROM fleet_presence WHERE id IN
       (SELECT id FROM fleet_presence ORDER BY id DESC LIMIT ${MAX_ROWS_PER_TURN} OFFSET ${MAX_PRESENCE})`,
    [],
  );
  await remove(`${OLDEST_ABSENCES} WHERE a.ended_ms < ? LIMIT ${MAX_ROWS_PER_TURN})`, [
    before(retention.presence_days),
  ]);
  await remove(
    `${OLDEST_ABSENCES} WHERE a.ended_ms <=
       (SELECT ended_ms FROM fleet_absences WHERE ended_ms IS NOT NULL ORDER BY ended_ms DESC LIMIT 1 OFFSET ?)
     LIMIT ${MAX_ROWS_PER_TURN})`,
    [maxAbsences],
  );
  await removeExcess(context, maxEvents);
  await remove(
    `DELETE FROM fleet_queue WHERE id IN (SELECT q.id FROM fleet_queue q WHERE q.ended_ms < ? LIMIT ${MAX_ROWS_PER_TURN})`,
    [before(retention.ended_days)],
  );
  const times = { nowMs: nowMs(context), beforeMs: before(retention.occurrences_days) };
  await tidyOccurrences(store, times);
}

/** Removes the oldest events of the robots with the most events until all events are within the limit. */
async function removeExcess({ store }: Pick<FleetContext, 'store'>, maxEvents: number): Promise<void> {
  const rows = await store.read('SELECT robot, count(*) AS n FROM fleet_events GROUP BY robot');
  const counts = new Map(rows.map(({ robot, n }) => [Number(robot), Number(n)] as const));
  let total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  while (total > maxEvents) {
    const [robot, most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    const sql = `DELETE FROM fleet_events WHERE id IN (SELECT id FROM fleet_events WHERE robot = ? ORDER BY id LIMIT ?)`;
    const count = Math.min(MAX_ROWS_PER_TURN, total - maxEvents, Math.ceil(most / 2));
    const { results } = await store.write([{ sql, parameters: [robot, count] }]);
    const removed = results[0]!.changes;
    if (removed === 0) return;
    counts.set(robot, most - removed);
    total -= removed;
  }
}
