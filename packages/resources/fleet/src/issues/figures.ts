import type { FleetFigures } from '@medkit/contract';
import type { SqlValue } from '@medkit/store';
import { type FleetContext, HOUR_MS, isoTime, nowMs, textOf } from '../fleet-context.ts';
import { FleetInvalid } from '../fleet-refused.ts';
import { filterValues, ROBOT_FILTERS, type RobotFilters } from '../groups/robot-filters.ts';
import { poissonInterval } from './poisson-interval.ts';
import { timeIn } from './time-range.ts';

export interface FigureQuery extends Omit<RobotFilters, 'site'> {
  readonly by?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Groups of one reply: those with the most errors. */
const MAX_GROUPS = 200;
/** Errors below which a rate says little. */
const LEAST_ERRORS = 3;
const USUAL_DAYS = 30;
/** Time after which a robot that was not read is stale: its newest faults may be unknown. */
const STALE_MS = 24 * HOUR_MS;

const GROUPS: Readonly<Record<FleetFigures['by'], string>> = {
  robot: 'r.name',
  site: 'h.site',
  version: 'h.version',
};

/**
 * Returns errors, running hours and mean time between errors, by robot, site or software of the time. Whole hours count.
 * Throws `FleetInvalid`.
 */
export async function readFigures(
  context: Pick<FleetContext, 'clock' | 'store'>,
  query: FigureQuery,
): Promise<FleetFigures> {
  const { store } = context;
  const now = nowMs(context);
  const by = (['robot', 'site', 'version'] as const).find((each) => each === (query.by ?? 'robot'));
  if (!by) throw new FleetInvalid(`by: "${query.by}" is not one of robot, site, version`);
  const untilHour = Math.floor((timeIn('until', query.until) ?? now) / HOUR_MS) + 1;
  const sinceHour = Math.floor((timeIn('since', query.since) ?? now - USUAL_DAYS * 24 * HOUR_MS) / HOUR_MS);
  if (sinceHour >= untilHour) throw new FleetInvalid('since must be before until');
  const { label, group } = query;
  const values: Readonly<Record<string, SqlValue>> = {
    ...{ since: sinceHour, until: untilHour },
    ...(await filterValues(
      { store },
      { ...(label !== undefined && { label }), ...(group !== undefined && { group }) },
    )),
  };
  const from = `FROM fleet_robot_hours h JOIN fleet_robots r ON r.id = h.robot
    WHERE h.hour >= :since AND h.hour < :until AND ${ROBOT_FILTERS}`;
  const rows = await store.read(
    `SELECT g.part, sum(g.n) AS n, sum(g.errors) AS errors, sum(g.running_ms) AS running_ms
     FROM (SELECT ${GROUPS[by]} AS part, h.n, h.errors, h.running_ms ${from}) g
     GROUP BY g.part ORDER BY sum(g.errors) DESC, sum(g.n) DESC, g.part LIMIT ${MAX_GROUPS}`,
    values,
  );
  const [counted] = await store.read(
    `SELECT count(*) AS robots, sum(CASE WHEN c.read_ms IS NULL OR c.read_ms < :stale THEN 1 ELSE 0 END) AS stale
     FROM fleet_cursors c WHERE c.robot IN (SELECT h.robot ${from})`,
    { ...values, stale: now - STALE_MS },
  );
  return {
    by,
    since: isoTime(sinceHour * HOUR_MS),
    until: isoTime(untilHour * HOUR_MS),
    robots: Number(counted?.robots),
    stale: Number(counted?.stale ?? 0),
    items: rows.map((row) => {
      const part = textOf(row.part!);
      const [occurrences, errors] = [Number(row.n), Number(row.errors)];
      return {
        ...(part !== '' && { name: part }),
        ...{ occurrences, errors, too_few: errors < LEAST_ERRORS },
        ...meanTimeOf(errors, Number(row.running_ms) / HOUR_MS),
      };
    }),
  };
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
