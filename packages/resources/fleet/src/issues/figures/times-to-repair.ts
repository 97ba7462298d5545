import type { FleetFigures } from '@medkit/contract';
import { HOUR_MS } from '../../fleet-context.ts';
import { issueNames } from './issue-names.ts';
import { assertCountable, begunBy, LEAST_COUNT, MAX_FIGURE_GROUPS, namedPart, type Selection } from './selection.ts';

/**
 * Returns the median time from the beginning of an occurrence until it healed, the most healed ones first. Occurrences
 * that a person cleared, and those whose end was not reported, do not count. Throws `FleetInvalid`.
 */
export async function timesToRepair(selection: Selection): Promise<FleetFigures['items']> {
  await assertCountable(selection);
  const { store, by, values } = selection;
  const rows = await store.read(
    `SELECT m.part, m.n, m.errors, m.healed, sum(m.repair_ms) AS ms, count(*) AS middle
     FROM (SELECT s.part, s.repair_ms, count(*) OVER (PARTITION BY s.part) AS n,
         count(s.is_error) OVER (PARTITION BY s.part) AS errors,
         count(s.repair_ms) OVER (PARTITION BY s.part) AS healed,
         row_number() OVER (PARTITION BY s.part ORDER BY s.repair_ms IS NULL, s.repair_ms) AS place
       FROM (${begunBy(by)}) s) m
     WHERE m.healed > 0 AND m.place IN ((m.healed + 1) / 2, (m.healed + 2) / 2)
     GROUP BY m.part, m.n, m.errors, m.healed
     ORDER BY m.healed DESC, m.part LIMIT ${MAX_FIGURE_GROUPS}`,
    values,
  );
  const names = await issueNames(selection, rows);
  return rows.map((row) => {
    const healed = Number(row.healed);
    return {
      ...namedPart(row.part),
      ...names(row.part),
      ...{ occurrences: Number(row.n), errors: Number(row.errors), too_few: healed < LEAST_COUNT, healed },
      mttr_hours: Number(row.ms) / Number(row.middle) / HOUR_MS,
    };
  });
}
