import { FLEET_PAGE, type FleetPresenceList } from '@medkit/contract';
import { type FleetContext, isoTime, textOf } from '../fleet-context.ts';
import { decodePlace, encodePlace } from '../robots/page-place.ts';
import { robotNamed } from '../robots/robot-rows.ts';

/**
 * Changes of a robot: its connects and disconnects, without disconnects that begin an announced absence in the same
 * moment, and the begins and ends of absences. `place` orders changes of one millisecond.
 */
const CHANGES = `
  SELECT p.at_ms, CASE p.online WHEN 1 THEN 'online' ELSE 'offline' END AS presence, p.reason, p.id AS place
  FROM fleet_presence p WHERE p.robot = :robot AND (p.online = 1
    OR NOT EXISTS (SELECT 1 FROM fleet_absences a WHERE a.robot = p.robot AND a.began_ms = p.at_ms))
  UNION ALL SELECT began_ms, 'expected_offline', about, 9000000000000000 FROM fleet_absences WHERE robot = :robot
  UNION ALL SELECT ended_ms, 'offline', end_reason, 0 FROM fleet_absences WHERE robot = :robot AND end_reason IS NOT NULL`;

/** Lists the changes of presence of a robot, the newest first. Throws `FleetNotFound`, or `FleetInvalid` for a cursor. */
export async function listPresence(
  context: Pick<FleetContext, 'store' | 'view'>,
  name: string,
  { limit: wanted, cursor }: { readonly limit?: number; readonly cursor?: string },
): Promise<FleetPresenceList> {
  const { id } = await robotNamed(context, name);
  const limit = Math.min(wanted ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const after = cursor === undefined ? null : decodePlace(cursor);
  const rows = await context.store.read(
    `SELECT * FROM (${CHANGES}) AS changes WHERE :at IS NULL OR (at_ms, place) < (:at, :place)
     ORDER BY at_ms DESC, place DESC LIMIT :limit`,
    { robot: id, at: after?.place ?? null, place: after ? Number(after.name) : null, limit: limit + 1 },
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ at_ms, presence, reason }) => ({
      at: isoTime(Number(at_ms)),
      presence: textOf(presence!) as FleetPresenceList['items'][number]['presence'],
      reason: textOf(reason!),
    })),
    ...(rows.length > limit &&
      last && { next_cursor: encodePlace({ place: Number(last.at_ms), name: textOf(last.place!) }) }),
  };
}
