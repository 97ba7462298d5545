import type { FleetRecount } from '@medkit/contract';
import type { Row } from '@medkit/store';
import type { FleetStore } from '../fleet-context.ts';
import { COUNTED, EXPECTED, ISSUE_SUMS } from './rollups.ts';

/** Differences that a recount names: the numbers say how many there are. */
const MAX_NAMED = 20;

interface Rollup {
  readonly table: string;
  readonly expected: string;
  readonly keys: readonly string[];
  readonly sums: readonly string[];
}

const ROLLUPS: readonly Rollup[] = [
  {
    table: 'fleet_issue_robots',
    expected: EXPECTED.issueRobots,
    keys: ['issue', 'robot'],
    sums: ['n', 'first_ms', 'last_ms', 'severity'],
  },
  {
    table: 'fleet_issue_hours',
    expected: EXPECTED.issueHours,
    keys: ['issue', 'hour', 'site', 'version'],
    sums: ['n', 'ms'],
  },
  {
    table: 'fleet_robot_hours',
    expected: EXPECTED.robotHours,
    keys: ['robot', 'hour', 'site', 'version'],
    sums: ['n', 'errors'],
  },
];

/**
 * Compares the rollups with sums over all occurrences, and rebuilds them. Running time stays: it does not come from
 * occurrences.
 */
export async function recountIssues(store: FleetStore): Promise<FleetRecount> {
  const [counted] = await store.read('SELECT count(*) AS n FROM fleet_occurrences');
  const differences: FleetRecount['differences'] = [];
  let rows = 0;
  for (const { table, expected, keys, sums } of ROLLUPS) {
    const found = await store.read(differencesOf({ table, expected, keys, sums }));
    rows += found.length > 0 ? Number(found[0]!.total) : 0;
    for (const row of found) {
      differences.push({
        table,
        key: describe(row, '', keys),
        stored: describe(row, 'a_', sums),
        counted: describe(row, 'e_', sums),
      });
    }
  }
  const [issues] = await store.read(`SELECT count(*) AS n FROM fleet_issues i LEFT JOIN (
      SELECT issue, sum(n) AS n, count(*) AS robots FROM fleet_issue_robots GROUP BY issue) s ON s.issue = i.id
    WHERE i.n <> coalesce(s.n, 0) OR i.robots <> coalesce(s.robots, 0)`);
  const issueCount = Number(issues?.n);
  if (rows + issueCount > 0) await rebuild(store);
  return { occurrences: Number(counted?.n), different: rows + issueCount, differences };
}

const describe = (row: Row, prefix: string, names: readonly string[]): string =>
  names.map((name) => `${name}=${row[prefix + name] ?? 'none'}`).join(' ');

/** Rows that only one side has are different, unless all their sums are zero. */
function differencesOf({ table, expected, keys, sums }: Rollup): string {
  const same = keys.map((key) => `a.${key} = e.${key}`).join(' AND ');
  const first = keys[0]!;
  const differs = sums.map((sum) => `a.${sum} <> e.${sum}`).join(' OR ');
  const columns = (side: 'a' | 'e') =>
    [
      ...keys.map((key) => `${side}.${key} AS ${key}`),
      ...sums.flatMap((sum) => [`a.${sum} AS a_${sum}`, `e.${sum} AS e_${sum}`]),
    ].join(', ');
  const listed = [...keys, ...sums.flatMap((sum) => [`a_${sum}`, `e_${sum}`])].map((name) => `d.${name}`).join(', ');
  return `WITH d AS (
      SELECT ${columns('e')} FROM (${expected}) e LEFT JOIN ${table} a ON ${same} WHERE a.${first} IS NULL OR ${differs}
      UNION ALL
      SELECT ${columns('a')} FROM ${table} a LEFT JOIN (${expected}) e ON ${same}
        WHERE e.${first} IS NULL AND a.n <> 0)
    SELECT ${listed}, (SELECT count(*) FROM d) AS total FROM d ORDER BY ${keys.map((key) => `d.${key}`).join(', ')}
    LIMIT ${MAX_NAMED}`;
}

/** Rebuilds the rollups in one transaction. */
async function rebuild(store: FleetStore): Promise<void> {
  await store.write([
    { sql: 'DELETE FROM fleet_issue_robots' },
    {
      sql: `INSERT INTO fleet_issue_robots (issue, robot, n, first_ms, last_ms, severity) ${EXPECTED.issueRobots}`,
    },
    { sql: 'DELETE FROM fleet_issue_hours' },
    { sql: `INSERT INTO fleet_issue_hours (issue, hour, site, version, n, ms) ${EXPECTED.issueHours}` },
    { sql: 'DELETE FROM fleet_robot_hours WHERE running_ms = 0' },
    { sql: 'UPDATE fleet_robot_hours SET n = 0, errors = 0' },
    {
      sql: `INSERT INTO fleet_robot_hours (robot, hour, site, version, n, errors, running_ms)
            SELECT s.robot, s.hour, s.site, s.version, s.n, s.errors, 0 FROM (${EXPECTED.robotHours}) s WHERE 1 = 1
            ON CONFLICT (robot, hour, site, version) DO UPDATE SET n = excluded.n, errors = excluded.errors`,
    },
    { sql: `UPDATE fleet_issues SET ${ISSUE_SUMS}` },
    { sql: `UPDATE fleet_occurrences SET ${COUNTED}` },
  ]);
}
