import type { Statement } from '@medkit/store';
import { ERROR_SEVERITY } from '../fault-severity.ts';
import { HOUR_MS } from '../fleet-context.ts';

/** What an occurrence adds to the rollups in total. */
const N = '1';
const ERRORS = `CASE WHEN severity >= ${ERROR_SEVERITY} THEN 1 ELSE 0 END`;
/** An end that was not reported has no duration. */
const MS = "CASE WHEN ended_ms IS NULL OR ended_as = 'unknown' THEN 0 ELSE ended_ms - began_ms END";
const HOUR = `began_ms / ${HOUR_MS}`;
const SITE = "coalesce(site, '')";
const VERSION = "coalesce(version, '')";

/** Source of a rollup: its sums over occurrences, of which `before` was added earlier. */
interface Sums {
  readonly n: string;
  readonly errors: string;
  readonly ms: string;
}
const WHOLE: Sums = { n: N, errors: ERRORS, ms: MS };
const DIFFERENCE: Sums = { n: `${N} - counted`, errors: `${ERRORS} - counted_errors`, ms: `${MS} - counted_ms` };
/** What removed occurrences had added. */
const REMOVED: Sums = { n: '-counted', errors: '-counted_errors', ms: '-counted_ms' };

const issueRobots = ({ n }: Sums, where: string) => `SELECT issue, robot, sum(${n}) AS n, min(began_ms) AS first_ms,
  max(began_ms) AS last_ms, max(severity) AS severity FROM fleet_occurrences WHERE issue IS NOT NULL AND ${where}
  GROUP BY issue, robot`;
const issueHours = ({ n, ms }: Sums, where: string) => `SELECT issue, ${HOUR} AS hour, ${SITE} AS site,
  ${VERSION} AS version, sum(${n}) AS n, sum(${ms}) AS ms FROM fleet_occurrences WHERE issue IS NOT NULL AND ${where}
  GROUP BY issue, ${HOUR}, ${SITE}, ${VERSION}`;
const robotHours = ({ n, errors }: Sums, where: string) => `SELECT robot, ${HOUR} AS hour, ${SITE} AS site,
  ${VERSION} AS version, sum(${n}) AS n, sum(${errors}) AS errors FROM fleet_occurrences WHERE ${where}
  GROUP BY robot, ${HOUR}, ${SITE}, ${VERSION}`;

/** The rollups as sums over all occurrences, for `recount`. */
export const EXPECTED = {
  issueRobots: issueRobots(WHOLE, '1 = 1'),
  issueHours: issueHours(WHOLE, '1 = 1'),
  robotHours: robotHours(WHOLE, '1 = 1'),
} as const;

/** Adds sums to the rollups. */
function addSums(sums: Sums, where: string): readonly Statement[] {
  return [
    {
      sql: `INSERT INTO fleet_issue_robots (issue, robot, n, first_ms, last_ms, severity) ${issueRobots(sums, where)}
        ON CONFLICT (issue, robot) DO UPDATE SET n = fleet_issue_robots.n + excluded.n,
          first_ms = min(fleet_issue_robots.first_ms, excluded.first_ms),
          last_ms = max(fleet_issue_robots.last_ms, excluded.last_ms),
          severity = max(fleet_issue_robots.severity, excluded.severity)`,
    },
    {
      sql: `INSERT INTO fleet_issue_hours (issue, hour, site, version, n, ms) ${issueHours(sums, where)}
        ON CONFLICT (issue, hour, site, version) DO UPDATE SET n = fleet_issue_hours.n + excluded.n,
          ms = fleet_issue_hours.ms + excluded.ms`,
    },
    {
      sql: `INSERT INTO fleet_robot_hours (robot, hour, site, version, n, errors, running_ms)
        SELECT s.robot, s.hour, s.site, s.version, s.n, s.errors, 0 FROM (${robotHours(sums, where)}) s WHERE 1 = 1
        ON CONFLICT (robot, hour, site, version) DO UPDATE SET n = fleet_robot_hours.n + excluded.n,
          errors = fleet_robot_hours.errors + excluded.errors`,
    },
  ];
}

/** Numbers of issues, as sums over their robots. */
export const ISSUE_SUMS = `n = coalesce((SELECT sum(s.n) FROM fleet_issue_robots s WHERE s.issue = fleet_issues.id), 0),
  robots = (SELECT count(*) FROM fleet_issue_robots s WHERE s.issue = fleet_issues.id),
  first_ms = coalesce((SELECT min(s.first_ms) FROM fleet_issue_robots s WHERE s.issue = fleet_issues.id), first_ms),
  last_ms = coalesce((SELECT max(s.last_ms) FROM fleet_issue_robots s WHERE s.issue = fleet_issues.id), last_ms)`;

/** The part of an occurrence that is in the rollups, after they were updated. */
export const COUNTED = `counted = ${N}, counted_errors = ${ERRORS}, counted_ms = ${MS}, changed = 0`;

/** Adds the changes of occurrences to the rollups. Belongs to each transaction that changes occurrences. */
export const ROLLUP_STATEMENTS: readonly Statement[] = [
  ...addSums(DIFFERENCE, 'changed = 1'),
  {
    sql: `UPDATE fleet_issues SET ${ISSUE_SUMS},
        severity = max(severity, (SELECT max(o.severity) FROM fleet_occurrences o
          WHERE o.changed = 1 AND o.issue = fleet_issues.id))
      WHERE id IN (SELECT issue FROM fleet_occurrences WHERE changed = 1)`,
  },
  { sql: `UPDATE fleet_occurrences SET ${COUNTED} WHERE changed = 1` },
];

const REMAINING = `FROM fleet_occurrences o WHERE o.issue = fleet_issue_robots.issue
          AND o.robot = fleet_issue_robots.robot AND o.changed <> 2`;

/**
 * Removes the occurrences with `changed = 2` and what they have added to the rollups, and issues without occurrences on
 * which no person has decided. Running time stays.
 */
export const REMOVE_STATEMENTS: readonly Statement[] = [
  ...addSums(REMOVED, 'changed = 2'),
  {
    sql: `UPDATE fleet_issue_robots SET
        first_ms = coalesce((SELECT min(o.began_ms) ${REMAINING}), first_ms),
        severity = coalesce((SELECT max(o.severity) ${REMAINING}), severity)
      WHERE issue IN (SELECT issue FROM fleet_occurrences WHERE changed = 2)`,
  },
  { sql: 'DELETE FROM fleet_issue_robots WHERE n <= 0' },
  { sql: 'DELETE FROM fleet_issue_hours WHERE n <= 0' },
  { sql: `UPDATE fleet_issues SET ${ISSUE_SUMS} WHERE id IN (SELECT issue FROM fleet_occurrences WHERE changed = 2)` },
  { sql: 'DELETE FROM fleet_occurrences WHERE changed = 2' },
  { sql: "DELETE FROM fleet_issues WHERE n = 0 AND decision = 'none' AND owner IS NULL" },
  { sql: 'DELETE FROM fleet_issue_notes WHERE issue NOT IN (SELECT id FROM fleet_issues)' },
  { sql: 'DELETE FROM fleet_issue_regressions WHERE issue NOT IN (SELECT id FROM fleet_issues)' },
];
