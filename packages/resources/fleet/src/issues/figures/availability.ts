import type { FleetFigures } from '@medkit/contract';
import { HOUR_MS } from '../../fleet-context.ts';
import { HOUR_GROUPS, HOURS, lostBy, MAX_FIGURE_GROUPS, namedPart, type Selection } from './selection.ts';

/** Returns the part of the running hours in which no occurrence stopped the robots, the most lost hours first. */
export async function availability({ store, by, values }: Selection): Promise<FleetFigures['items']> {
  const rows = await store.read(
    `SELECT t.part, sum(t.n) AS n, sum(t.errors) AS errors, sum(t.running_ms) AS running_ms, sum(t.lost_ms) AS lost_ms
     FROM (
       SELECT ${HOUR_GROUPS[by as keyof typeof HOUR_GROUPS]} AS part, h.n, h.errors, h.running_ms, 0 AS lost_ms ${HOURS}
       UNION ALL SELECT l.part, 0, 0, 0, l.lost_ms FROM (${lostBy(by)}) l) t
     GROUP BY t.part ORDER BY sum(t.lost_ms) DESC, sum(t.running_ms) DESC, t.part LIMIT ${MAX_FIGURE_GROUPS}`,
    values,
  );
  return rows.map((row) => {
    const [running, lost] = [Number(row.running_ms), Number(row.lost_ms)];
    return {
      ...namedPart(row.part),
      ...{ occurrences: Number(row.n), errors: Number(row.errors), lost_hours: lost / HOUR_MS },
      // A robot that was switched off while it was stopped has lost more than it ran.
      ...(running > 0 && { running_hours: running / HOUR_MS, availability: Math.max(0, 1 - lost / running) }),
    };
  });
}
