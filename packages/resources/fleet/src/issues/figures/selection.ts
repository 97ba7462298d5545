import type { FleetFigureGroup, FleetTopOrder } from '@medkit/contract';
import type { SqlValue } from '@medkit/store';
import { ERROR_SEVERITY } from '../../fault-severity.ts';
import { type FleetStore, HOUR_MS, textOf } from '../../fleet-context.ts';
import { FleetInvalid } from '../../fleet-refused.ts';
import { ROBOT_FILTERS } from '../../groups/robot-filters.ts';

/** Groups of one reply: as many as people compare. */
export const MAX_FIGURE_GROUPS = 200;
/** Occurrences below which a rate or a median says little. */
export const LEAST_COUNT = 3;
/** Occurrences that one request sorts: a read of more would delay the reads of other clients by seconds. */
const MAX_COUNTED_OCCURRENCES = 500_000;

/** What figures are computed of: hours from `:since`, before `:until`, on robots that match `ROBOT_FILTERS`. */
export interface Selection {
  readonly store: FleetStore;
  readonly by: FleetFigureGroup;
  readonly sort: FleetTopOrder;
  readonly values: Readonly<Record<string, SqlValue>>;
}

/**
 * Matches sites of the view of the caller, and none: a robot of the view may have been at another site. Its value
 * `:sites` is a JSON array, or NULL for the whole fleet.
 */
const siteInView = (column: string): string =>
  `(:sites IS NULL OR coalesce(${column}, '') = '' OR ${column} IN (SELECT value FROM json_each(:sites)))`;

/** The hours `h` of the selection. */
export const HOURS = `FROM fleet_robot_hours h JOIN fleet_robots r ON r.id = h.robot
  WHERE h.hour >= :since AND h.hour < :until AND ${siteInView('h.site')} AND ${ROBOT_FILTERS}`;

/** What groups hours `h`. */
export const HOUR_GROUPS = { robot: 'r.name', site: 'h.site', version: 'h.version' } as const;

/** What groups occurrences `o`. */
export const OCCURRENCE_GROUPS: Readonly<Record<FleetFigureGroup, string>> = {
  robot: 'r.name',
  site: "coalesce(o.site, '')",
  version: "coalesce(o.version, '')",
  issue: "coalesce(CAST(o.issue AS TEXT), '')",
  entity: "coalesce(o.entity, '')",
};

const OCCURRENCES = 'FROM fleet_occurrences o JOIN fleet_robots r ON r.id = o.robot';
const [SINCE_MS, UNTIL_MS] = [`:since * ${HOUR_MS}`, `:until * ${HOUR_MS}`];

/** Occurrences that began in the selected hours, by group: severity, and the time until they healed. */
export const begunBy = (by: FleetFigureGroup): string => `SELECT ${OCCURRENCE_GROUPS[by]} AS part, o.robot,
    CASE WHEN o.severity >= ${ERROR_SEVERITY} THEN 1 END AS is_error,
    CASE WHEN o.ended_as = 'healed' THEN o.ended_ms - o.began_ms END AS repair_ms
  ${OCCURRENCES} WHERE o.began_ms >= ${SINCE_MS} AND o.began_ms < ${UNTIL_MS} AND ${siteInView('o.site')}
    AND ${ROBOT_FILTERS}`;

/**
 * Milliseconds of the selected hours for which occurrences stopped robots, by group. Times of one robot that overlap
 * count once. An active occurrence lasts until the hub last read its robot; an end that was not reported has no duration.
 */
export const lostBy = (by: FleetFigureGroup): string => `SELECT b.part,
    sum(max(0, b.to_ms - max(b.from_ms, coalesce(b.covered_ms, b.from_ms)))) AS lost_ms
  FROM (SELECT s.part, s.from_ms, s.to_ms, max(s.to_ms) OVER (PARTITION BY s.part, s.robot
      ORDER BY s.from_ms, s.to_ms ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_ms
    FROM (SELECT ${OCCURRENCE_GROUPS[by]} AS part, o.robot, max(o.began_ms, ${SINCE_MS}) AS from_ms,
        min(${UNTIL_MS}, coalesce(o.ended_ms, max(coalesce(c.read_ms, 0), coalesce(c.state_ms, 0)))) AS to_ms
      ${OCCURRENCES} JOIN fleet_cursors c ON c.robot = o.robot
      WHERE o.blocks = 1 AND coalesce(o.ended_as, '') <> 'unknown' AND o.began_ms < ${UNTIL_MS}
        AND (o.ended_ms IS NULL OR o.ended_ms > ${SINCE_MS}) AND ${siteInView('o.site')} AND ${ROBOT_FILTERS}) s
    WHERE s.to_ms > s.from_ms) b
  GROUP BY b.part`;

/** Throws `FleetInvalid` if more occurrences began in the selected hours than one request may sort. */
export async function assertCountable(
  { store, values }: Pick<Selection, 'store' | 'values'>,
  max = MAX_COUNTED_OCCURRENCES,
): Promise<void> {
  const [row] = await store.read(
    `SELECT count(*) AS n FROM (SELECT o.id FROM fleet_occurrences o
       WHERE o.began_ms >= ${SINCE_MS} AND o.began_ms < ${UNTIL_MS} LIMIT :most) counted`,
    { since: values['since']!, until: values['until']!, most: max + 1 },
  );
  if (Number(row?.n) <= max) return;
  throw new FleetInvalid(`since: more than ${max} occurrences began in this time: choose a shorter one`);
}

/** Returns the name of a group; none if it is unknown. */
export const namedPart = (part: SqlValue | undefined): { readonly name?: string } => {
  const name = textOf(part ?? '');
  return name === '' ? {} : { name };
};
