import type { FleetAbsenceReason } from '@medkit/contract';
import { type Hours, parseWeeklyHours, type WeeklyState, weeklyState } from '@medkit/core';
import type { Row, Store } from '@medkit/store';

/** A period in which robots of a site may be away. */
export interface MaintenanceWindow {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly note?: string;
}

/** The time zone of a site, and when its robots may be away. */
export interface SiteSchedule {
  readonly site: string;
  readonly zone: string;
  /** As entered: `sat,sun 00:00-24:00`. */
  readonly quietHours: readonly string[];
  readonly maintenance: readonly MaintenanceWindow[];
  readonly changedMs: number;
  readonly changedBy: string;
  /** State of the quiet hours at a time. */
  quietAt(nowMs: number): WeeklyState;
}

/** Why a robot may be away, and until when: `undefined` without an end. */
export interface ExpectedAbsence {
  readonly reason: FleetAbsenceReason;
  /** The reason as a text for the history of presence. */
  readonly about: string;
  readonly untilMs: number | undefined;
  readonly note?: string;
}

/** Reads the schedules of all sites, by name of the site. A hub keeps them in memory and changes them with the table. */
export async function readSchedules(store: Pick<Store, 'read'>): Promise<Map<string, SiteSchedule>> {
  const rows = await store.read('SELECT * FROM fleet_sites');
  return new Map(rows.map((row) => [String(row.name), scheduleOf(row)]));
}

/** Returns the schedule in a row of the table. */
export function scheduleOf(row: Row): SiteSchedule {
  const zone = String(row.zone);
  const quietHours = JSON.parse(String(row.quiet)) as readonly string[];
  // Valid when it was stored.
  const hours = quietHours.map(parseWeeklyHours).filter((each): each is Hours => typeof each !== 'string');
  return {
    site: String(row.name),
    zone,
    quietHours,
    maintenance: JSON.parse(String(row.maintenance)) as readonly MaintenanceWindow[],
    changedMs: Number(row.changed_ms),
    changedBy: String(row.changed_by),
    quietAt: hours.length === 0 ? () => NEVER : weeklyState(hours, zone),
  };
}

const NEVER: WeeklyState = { isOn: false, untilMs: undefined };

/** Returns why robots of a site may be away at a time: a maintenance window, or the quiet hours. */
export function scheduledAbsence(schedule: SiteSchedule, nowMs: number): ExpectedAbsence | undefined {
  const { site, maintenance } = schedule;
  const window = maintenance.find(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs);
  if (window) {
    const { untilMs, note } = window;
    const about = `maintenance of ${site}${note === undefined ? '' : `: ${note}`}`;
    return { reason: 'maintenance', about, untilMs, ...(note !== undefined && { note }) };
  }
  const { isOn, untilMs } = schedule.quietAt(nowMs);
  return isOn ? { reason: 'quiet_hours', about: `quiet hours of ${site}`, untilMs } : undefined;
}

/** Returns when the absence of a site may change next; `undefined` for never. */
export function nextScheduleChange({ maintenance, quietAt }: SiteSchedule, nowMs: number): number | undefined {
  const times = [quietAt(nowMs).untilMs, ...maintenance.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs])];
  const later = times.filter((ms): ms is number => ms !== undefined && ms > nowMs);
  return later.length === 0 ? undefined : Math.min(...later);
}
