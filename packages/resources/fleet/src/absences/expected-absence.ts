import type { Row, Statement } from '@medkit/store';
import { type FleetContext, optionalText } from '../fleet-context.ts';
import { type ExpectedAbsence, scheduledAbsence } from '../sites/site-schedules.ts';
import { parkedAbsence, parkOf } from './parks.ts';

/** Returns why a robot may be away at a time, from a row with its site and the columns of its park. */
export function expectedAbsence({ schedules }: FleetContext, row: Row, now: number): ExpectedAbsence | undefined {
  const park = parkOf(row);
  const parked = park && parkedAbsence(park, now);
  if (parked) return parked;
  const schedule = schedules.get(optionalText(row.site) ?? '');
  return schedule && scheduledAbsence(schedule, now);
}

/** Returns the statements that begin the absence of a robot that leaves now, if one is announced. */
export async function leaveStatements(context: FleetContext, id: number, now: number): Promise<readonly Statement[]> {
  const sql = `SELECT r.site, p.from_ms, p.until_ms, p.note, p.parked_by
               FROM fleet_robots r LEFT JOIN fleet_parks p ON p.robot = r.id WHERE r.id = ?`;
  const [row] = await context.store.read(sql, [id]);
  const expected = row && expectedAbsence(context, row, now);
  return expected ? [beginAbsence(id, expected, now)] : [];
}

/** Returns the statement that begins an absence, unless the robot is connected when the transaction runs. */
export const beginAbsence = (
  robot: number,
  { reason, about, untilMs, note }: ExpectedAbsence,
  now: number,
): Statement => ({
  sql: `INSERT INTO fleet_absences (robot, began_ms, reason, about, until_ms, note)
        SELECT id, ?, ?, ?, ?, ? FROM fleet_robots WHERE id = ? AND online = 0
        ON CONFLICT (robot, began_ms) DO UPDATE SET reason = excluded.reason, about = excluded.about,
          until_ms = excluded.until_ms, note = excluded.note, ended_ms = NULL, end_reason = NULL`,
  parameters: [now, reason, about, untilMs ?? null, note ?? null, robot],
});
