import {
  FLEET_FIGURE_DAYS,
  FLEET_FIGURES,
  FLEET_TOP_ORDERS,
  type FleetFigure,
  type FleetFigureGroup,
  type FleetFigures,
  type FleetTopOrder,
} from '@medkit/contract';
import type { SqlValue } from '@medkit/store';
import { type FleetContext, HOUR_MS, isoTime, nowMs } from '../../fleet-context.ts';
import { FleetInvalid } from '../../fleet-refused.ts';
import { type FilterContext, filterValues, type RobotFilters } from '../../groups/robot-filters.ts';
import { timeIn } from '../time-range.ts';
import { availability } from './availability.ts';
import { HOURS, type Selection } from './selection.ts';
import { timesBetweenErrors } from './times-between-errors.ts';
import { timesToRepair } from './times-to-repair.ts';
import { topOffenders } from './top-offenders.ts';

export interface FigureQuery extends Omit<RobotFilters, 'site'> {
  readonly what?: string;
  readonly by?: string;
  readonly sort?: string;
  readonly since?: string;
  readonly until?: string;
}

const USUAL_DAYS = 30;
/** Time after which a robot that was not read is stale: its newest faults may be unknown. */
const STALE_MS = 24 * HOUR_MS;

const READERS: Readonly<Record<FleetFigure, (selection: Selection) => Promise<FleetFigures['items']>>> = {
  mtbf: timesBetweenErrors,
  mttr: timesToRepair,
  availability,
  top: topOffenders,
};

/** Returns figures of robots, sites, software, issues or entities. Whole hours count. Throws `FleetInvalid`. */
export async function readFigures(
  context: FilterContext & Pick<FleetContext, 'clock'>,
  query: FigureQuery,
): Promise<FleetFigures> {
  const now = nowMs(context);
  const { what, by, sort } = wantedIn(query);
  const untilHour = Math.floor((timeIn('until', query.until) ?? now) / HOUR_MS) + 1;
  const sinceHour = Math.floor((timeIn('since', query.since) ?? now - USUAL_DAYS * 24 * HOUR_MS) / HOUR_MS);
  if (sinceHour >= untilHour) throw new FleetInvalid('since must be before until');
  if (untilHour - sinceHour > FLEET_FIGURE_DAYS * 24 + 1) {
    throw new FleetInvalid(`since: figures are of ${FLEET_FIGURE_DAYS} days at most: set since or until`);
  }
  const values = await selectedValues(context, query, sinceHour, untilHour);
  const items = await READERS[what]({ store: context.store, by, sort, values });
  const [counted] = await context.store.read(
    `SELECT count(*) AS robots,
       coalesce(sum(CASE WHEN c.read_ms IS NULL OR c.read_ms < :stale THEN 1 ELSE 0 END), 0) AS stale
     FROM fleet_cursors c WHERE c.robot IN (SELECT h.robot ${HOURS})`,
    { ...values, stale: now - STALE_MS },
  );
  return {
    by,
    since: isoTime(sinceHour * HOUR_MS),
    until: isoTime(untilHour * HOUR_MS),
    robots: Number(counted?.robots),
    stale: Number(counted?.stale),
    items,
  };
}

/** Returns what a query asks for. Throws `FleetInvalid` for unknown values and combinations that have no figures. */
function wantedIn({ what = 'mtbf', by = 'robot', sort }: FigureQuery): {
  readonly what: FleetFigure;
  readonly by: FleetFigureGroup;
  readonly sort: FleetTopOrder;
} {
  const figures = Object.keys(FLEET_FIGURES) as FleetFigure[];
  const figure = figures.find((each) => each === what);
  if (!figure) throw new FleetInvalid(`what: "${what}" is not one of ${figures.join(', ')}`);
  const groups: readonly FleetFigureGroup[] = FLEET_FIGURES[figure];
  const group = groups.find((each) => each === by);
  if (!group)
    throw new FleetInvalid(`by: "${by}" is not one of ${groups.join(', ')}, which ${figure} can be grouped by`);
  if (sort !== undefined && figure !== 'top') throw new FleetInvalid(`sort: ${figure} has one order; omit sort`);
  const order = FLEET_TOP_ORDERS.find((each) => each === (sort ?? 'occurrences'));
  if (!order) throw new FleetInvalid(`sort: "${sort}" is not one of ${FLEET_TOP_ORDERS.join(', ')}`);
  return { what: figure, by: group, sort: order };
}

async function selectedValues(
  context: FilterContext,
  { label, group }: FigureQuery,
  sinceHour: number,
  untilHour: number,
): Promise<Readonly<Record<string, SqlValue>>> {
  return {
    ...{ since: sinceHour, until: untilHour, sites: context.view ? JSON.stringify([...context.view.sites]) : null },
    ...(await filterValues(context, { ...(label !== undefined && { label }), ...(group !== undefined && { group }) })),
  };
}
