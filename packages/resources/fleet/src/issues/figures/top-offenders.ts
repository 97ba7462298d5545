import type { FleetFigures, FleetTopOrder } from '@medkit/contract';
import { HOUR_MS } from '../../fleet-context.ts';
import { issueNames } from './issue-names.ts';
import { assertCountable, begunBy, lostBy, MAX_FIGURE_GROUPS, namedPart, type Selection } from './selection.ts';

const ORDER: Readonly<Record<FleetTopOrder, string>> = {
  occurrences: 'sum(t.n) DESC, sum(t.lost_ms) DESC',
  lost_hours: 'sum(t.lost_ms) DESC, sum(t.n) DESC',
};

/** Returns what has the most occurrences, or has lost the most hours of motion. Throws `FleetInvalid`. */
export async function topOffenders(selection: Selection): Promise<FleetFigures['items']> {
  await assertCountable(selection);
  const { store, by, sort, values } = selection;
  const rows = await store.read(
    `SELECT t.part, sum(t.n) AS n, sum(t.errors) AS errors, sum(t.lost_ms) AS lost_ms
     FROM (
       SELECT s.part, count(*) AS n, count(s.is_error) AS errors, 0 AS lost_ms FROM (${begunBy(by)}) s GROUP BY s.part
       UNION ALL SELECT l.part, 0, 0, l.lost_ms FROM (${lostBy(by)}) l) t
     GROUP BY t.part ORDER BY ${ORDER[sort]}, t.part LIMIT ${MAX_FIGURE_GROUPS}`,
    values,
  );
  const names = await issueNames(selection, rows);
  return rows.map((row) => ({
    ...namedPart(row.part),
    ...names(row.part),
    ...{ occurrences: Number(row.n), errors: Number(row.errors), lost_hours: Number(row.lost_ms) / HOUR_MS },
  }));
}
