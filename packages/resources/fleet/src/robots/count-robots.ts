import { FAULT_SEVERITIES, type FleetOverview, type FleetPresence } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { type FleetContext, textOf } from '../fleet-context.ts';
import { inView, viewValues } from '../fleet-view.ts';
import { PRESENCE, presenceValues } from './presence.ts';

const WORST = '(SELECT max(f.severity) FROM fleet_faults f WHERE f.robot = r.id)';
const APPROVED = `FROM fleet_robots r WHERE r.state = 'approved' AND ${inView('r.id')}`;

/** Counts robots of the view by state, presence, severity, version and site, and active faults by severity. */
export async function countRobots(context: Pick<FleetContext, 'pings' | 'store' | 'view'>): Promise<FleetOverview> {
  const { store } = context;
  const inside = viewValues(context);
  const presence = await countPresences(context);
  const [states, severity, faults, versions, sites] = await Promise.all([
    store.read(
      `SELECT state AS part, count(*) AS n FROM fleet_robots WHERE state <> 'retired' AND ${inView('id')} GROUP BY state`,
      inside,
    ),
    store.read(`SELECT coalesce(${WORST}, -1) AS part, count(*) AS n ${APPROVED} GROUP BY part`, inside),
    store.read(
      `SELECT severity AS part, count(*) AS n FROM fleet_faults WHERE ${inView('robot')} GROUP BY severity`,
      inside,
    ),
    store.read(countedBy('medkit'), inside),
    store.read(countedBy('site'), inside),
  ]);
  const faultCounts = countsOf(faults);
  return {
    robots: states.reduce((sum, { n }) => sum + Number(n), 0),
    states: countsOf(states),
    presence,
    severity: countsOf(severity, (name) => FAULT_SEVERITIES.names[Number(name)] ?? 'none'),
    faults: {
      critical: faultCounts[3] ?? 0,
      error: faultCounts[2] ?? 0,
      warning: faultCounts[1] ?? 0,
      info: faultCounts[0] ?? 0,
    },
    versions: versions.map((row) => ({ version: textOf(row.part!), ...groupOf(row) })),
    sites: sites.map((row) => ({ site: textOf(row.part!), ...groupOf(row) })),
  };
}

/** Counts approved robots of the view by presence; a presence without robots is absent. */
export async function countPresences(
  context: Pick<FleetContext, 'pings' | 'store' | 'view'>,
): Promise<Readonly<Partial<Record<FleetPresence, number>>>> {
  const sql = `SELECT ${PRESENCE} AS part, count(*) AS n ${APPROVED} GROUP BY part`;
  return countsOf(await context.store.read(sql, { ...presenceValues(context), ...viewValues(context) }));
}

/** Counts approved robots by a column, with those that are online or have a severe fault. */
const countedBy = (column: 'medkit' | 'site'): string =>
  `SELECT r.${column} AS part, count(*) AS robots, sum(r.online) AS online,
     count(*) FILTER (WHERE ${WORST} = 3) AS critical, count(*) FILTER (WHERE ${WORST} = 2) AS error
   ${APPROVED} AND r.${column} IS NOT NULL GROUP BY part ORDER BY part LIMIT 1000`;

const groupOf = ({ robots, online, critical, error }: Row) => ({
  robots: Number(robots),
  online: Number(online),
  critical: Number(critical),
  error: Number(error),
});

const countsOf = (rows: readonly Row[], nameOf = textOf): Readonly<Record<string, number>> =>
  Object.fromEntries(rows.map(({ part, n }) => [nameOf(part!), Number(n)]));
