import { type FleetSite, type FleetSiteSchedule, MAX_FLEET_SITES } from '@medkit/contract';
import { parseWeeklyHours, parseZone } from '@medkit/core';
import { type FleetContext, isoTime, nowMs, textOf } from '../fleet-context.ts';
import { FleetConflict, FleetInvalid } from '../fleet-refused.ts';
import { assertWholeSite, inView, viewValues } from '../fleet-view.ts';
import { type MaintenanceWindow, type SiteSchedule, scheduledAbsence, scheduleOf } from './site-schedules.ts';

/** Sites of robots that the list has besides those with a schedule. */
const MAX_LISTED = 1000;

/** Lists the sites that have a schedule or robots, by name; of a view, its sites and the number of robots in it. */
export async function listSites(context: FleetContext): Promise<readonly FleetSite[]> {
  const rows = await context.store.read(
    `SELECT site, count(*) AS robots FROM fleet_robots WHERE state = 'approved' AND site IS NOT NULL AND ${inView('id')}
     GROUP BY site ORDER BY site LIMIT ${MAX_LISTED}`,
    viewValues(context),
  );
  const robots = new Map(rows.map((row) => [textOf(row.site!), Number(row.robots)]));
  const { view } = context;
  const all = new Set([...robots.keys(), ...context.schedules.keys()]);
  const names = [...all].filter((name) => !view || view.sites.has(name)).sort();
  return names.map((name) => siteOf(context, name, robots.get(name) ?? 0));
}

/**
 * Sets time zone, quiet hours and maintenance windows of a site. Throws `FleetInvalid`, `FleetConflict` if too many, or
 * `FleetOutside`.
 */
export async function setSite(
  context: FleetContext,
  site: string,
  { zone, quiet_hours, maintenance }: FleetSiteSchedule,
  by: string,
): Promise<FleetSite> {
  const { schedules, store } = context;
  assertWholeSite(context, site);
  if (parseZone(zone) === undefined) {
    throw new FleetInvalid(`"${zone}" is not a time zone: use a name such as Europe/Berlin`);
  }
  const quiet = quiet_hours ?? [];
  for (const text of quiet) {
    const hours = parseWeeklyHours(text);
    if (typeof hours === 'string') throw new FleetInvalid(`quiet_hours: ${hours}`);
  }
  const windows = (maintenance ?? []).map((each) => parseWindow(each, nowMs(context)));
  if (!schedules.has(site) && schedules.size >= MAX_FLEET_SITES) {
    throw new FleetConflict(`The hub has schedules of ${MAX_FLEET_SITES} sites, which is the maximum: delete one`);
  }
  const { results } = await store.write([
    {
      sql: `INSERT INTO fleet_sites (name, zone, quiet, maintenance, changed_ms, changed_by) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET zone = excluded.zone, quiet = excluded.quiet,
              maintenance = excluded.maintenance, changed_ms = excluded.changed_ms, changed_by = excluded.changed_by
            RETURNING *`,
      parameters: [site, zone, JSON.stringify(quiet), JSON.stringify(windows), nowMs(context), by],
    },
  ]);
  schedules.set(site, scheduleOf(results[0]!.rows[0]!));
  context.notify({ robot: '', topic: 'groups' });
  const [counted] = await store.read(
    "SELECT count(*) AS robots FROM fleet_robots WHERE state = 'approved' AND site = ?",
    [site],
  );
  return siteOf(context, site, Number(counted?.robots));
}

/** Deletes the schedule of a site. Returns false if it has none. Throws `FleetOutside`. */
export async function deleteSite(context: FleetContext, site: string): Promise<boolean> {
  assertWholeSite(context, site);
  const { store, schedules, notify } = context;
  await store.write([{ sql: 'DELETE FROM fleet_sites WHERE name = ?', parameters: [site] }]);
  const isDeleted = schedules.delete(site);
  notify({ robot: '', topic: 'groups' });
  return isDeleted;
}

function parseWindow(
  { from, until, note }: NonNullable<FleetSiteSchedule['maintenance']>[number],
  now: number,
): MaintenanceWindow {
  const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
  if (!(untilMs > fromMs)) throw new FleetInvalid(`maintenance: \`until\` ${until} is not after \`from\` ${from}`);
  if (untilMs <= now) throw new FleetInvalid(`maintenance: the window until ${until} has ended: remove it`);
  return { fromMs, untilMs, ...(note != null && { note }) };
}

function siteOf(context: FleetContext, id: string, robots: number): FleetSite {
  const schedule = context.schedules.get(id);
  if (!schedule) return { id, robots, quiet_hours: [], maintenance: [] };
  const now = nowMs(context);
  const { zone, quietHours, changedMs, changedBy } = schedule;
  const absence = scheduledAbsence(schedule, now);
  return {
    id,
    robots,
    zone,
    quiet_hours: [...quietHours],
    maintenance: windowsOf(schedule, now),
    ...(absence && {
      absence: {
        reason: absence.reason,
        ...(absence.untilMs !== undefined && { until: isoTime(absence.untilMs) }),
        ...(absence.note !== undefined && { note: absence.note }),
      },
    }),
    changed_at: isoTime(changedMs),
    changed_by: changedBy,
  };
}

/** The maintenance windows that have not ended. */
const windowsOf = ({ maintenance }: SiteSchedule, now: number): FleetSite['maintenance'] =>
  maintenance.flatMap(({ fromMs, untilMs, note }) =>
    untilMs > now ? [{ from: isoTime(fromMs), until: isoTime(untilMs), ...(note !== undefined && { note }) }] : [],
  );
