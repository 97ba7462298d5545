import type { SqlValue } from '@medkit/store';
import { HOUR_MS } from '../fleet-context.ts';
import { VIEW_ROBOTS, type Viewed, viewValues } from '../fleet-view.ts';

/** Tables of issues as a caller has them: those of the record, or the part that comes from the robots of its view. */
interface IssueTables {
  /** `fleet_issues`. Of a view, needs the values of `viewValues`. */
  readonly issues: string;
  /** `fleet_issue_hours` and `fleet_robot_hours` from the hour `:first`. Of a view, need `hourValues`. */
  readonly issueHours: string;
  readonly robotHours: string;
  /** Returns whether the issue `i` occurred on the software `:version`. Of a view, needs the values of `viewValues`. */
  readonly hasVersion: string;
}

const WHOLE: IssueTables = {
  issues: 'fleet_issues',
  issueHours: 'fleet_issue_hours',
  robotHours: 'fleet_robot_hours',
  hasVersion: 'SELECT 1 FROM fleet_issue_hours h WHERE h.issue = i.id AND h.version = :version AND h.n > 0',
};

/** A robot of the view may have been at a site that is not in it: the empty name is that of no site. */
const siteOf = (column: string): string =>
  `CASE WHEN ${column} IN (SELECT value FROM json_each(:sites)) THEN ${column} ELSE '' END`;

/**
 * All numbers, times, the severity and the regression of an issue are those of the robots in the view. Its owner and the
 * limits of `ignored` are absent: they concern other robots, too, so that only a date ends `ignored`. The software in
 * which an issue is resolved is present if a robot of the view has it.
 */
const OF_VIEW: IssueTables = {
  issues: `(SELECT a.id, a.rule, a.code, a.entity, a.cause, a.decision, a.decided_ms, a.decided_by, a.until_ms,
      CASE WHEN a.in_version IN (SELECT b.software FROM fleet_robots b WHERE b.id IN ${VIEW_ROBOTS}) THEN a.in_version END
        AS in_version,
      v.n, v.robots, v.first_ms, v.last_ms, v.severity, g.at_ms AS regressed_ms, g.version AS regressed_version,
      g.robot AS regressed_robot, CAST(NULL AS INTEGER) AS until_n, CAST(NULL AS INTEGER) AS until_robots,
      CAST(NULL AS TEXT) AS owner
    FROM fleet_issues a
    JOIN (SELECT +s.issue AS issue, sum(s.n) AS n, count(*) AS robots, min(s.first_ms) AS first_ms, max(s.last_ms) AS last_ms,
        max(s.severity) AS severity
      FROM fleet_issue_robots s WHERE s.robot IN ${VIEW_ROBOTS} GROUP BY +s.issue) v ON v.issue = a.id
    LEFT JOIN fleet_issue_regressions g ON g.issue = a.id AND g.robot = (SELECT e.robot FROM fleet_issue_regressions e
      WHERE e.issue = a.id AND e.robot IN ${VIEW_ROBOTS} ORDER BY e.at_ms, e.robot LIMIT 1))`,
  issueHours: `(SELECT o.issue, o.began_ms / ${HOUR_MS} AS hour, ${siteOf('o.site')} AS site,
      coalesce(o.version, '') AS version, 1 AS n
    FROM fleet_occurrences o WHERE o.began_ms >= :first * ${HOUR_MS} AND o.robot IN ${VIEW_ROBOTS})`,
  robotHours: `(SELECT h.hour, ${siteOf('h.site')} AS site, h.version, h.running_ms
    FROM fleet_robot_hours h WHERE h.robot IN ${VIEW_ROBOTS})`,
  hasVersion: `SELECT 1 FROM fleet_occurrences o
    WHERE o.issue = i.id AND o.version = :version AND o.robot IN ${VIEW_ROBOTS}`,
};

export const issueTables = ({ view }: Viewed): IssueTables => (view ? OF_VIEW : WHOLE);

/** Returns the values of the hours of `issueTables`. */
export const hourValues = ({ view }: Viewed): Readonly<Record<string, SqlValue>> =>
  view ? { ...viewValues({ view }), sites: JSON.stringify([...view.sites]) } : {};
