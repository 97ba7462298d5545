import type { FleetFigures } from '@medkit/contract';
import { HOUR_MS } from '../../fleet-context.ts';
import { poissonInterval } from '../poisson-interval.ts';
import { HOUR_GROUPS, HOURS, LEAST_COUNT, MAX_FIGURE_GROUPS, namedPart, type Selection } from './selection.ts';

/** Returns errors, running hours and the mean time between errors, the most errors first. */
export async function timesBetweenErrors({ store, by, values }: Selection): Promise<FleetFigures['items']> {
  const rows = await store.read(
    `SELECT g.part, sum(g.n) AS n, sum(g.errors) AS errors, sum(g.running_ms) AS running_ms
     FROM (SELECT ${HOUR_GROUPS[by as keyof typeof HOUR_GROUPS]} AS part, h.n, h.errors, h.running_ms ${HOURS}) g
     GROUP BY g.part ORDER BY sum(g.errors) DESC, sum(g.n) DESC, g.part LIMIT ${MAX_FIGURE_GROUPS}`,
    values,
  );
  return rows.map((row) => {
    const [occurrences, errors] = [Number(row.n), Number(row.errors)];
    return {
      ...namedPart(row.part),
      ...{ occurrences, errors, too_few: errors < LEAST_COUNT },
      ...meanTimeOf(errors, Number(row.running_ms) / HOUR_MS),
    };
  });
}

function meanTimeOf(errors: number, hours: number): Partial<FleetFigures['items'][number]> {
  if (hours <= 0) return {};
  const { low, high } = poissonInterval(errors);
  return {
    running_hours: hours,
    ...(errors > 0 && { mtbf_hours: hours / errors }),
    mtbf_low_hours: hours / high,
    ...(low > 0 && { mtbf_high_hours: hours / low }),
  };
}
