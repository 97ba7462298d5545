import type { SqlValue, Statement } from '@medkit/store';
import { type FleetStore, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { isRegression, type Resolution } from '../issues/regression.ts';
import type { PartTarget } from './occurrence-statements.ts';
import type { PlannedOccurrence } from './plan-occurrences.ts';

/** Issues of a hub: robots that invent codes would otherwise fill the list. Occurrences beyond have no issue. */
export const MAX_FLEET_ISSUES = 10_000;

/** The issues that a batch of records concerns. */
export interface KnownIssues {
  readonly resolutions: ReadonlyMap<string, Resolution | undefined>;
  /** Number of further issues that the hub may have. */
  readonly left: number;
  readonly firstSeenMs: ReadonlyMap<string, number>;
}

/** Reads what is stored of the issues with these fingerprints. */
export async function readIssues(store: FleetStore, fingerprints: readonly string[]): Promise<KnownIssues> {
  const rows = await store.read(
    `SELECT fingerprint, decided_ms, in_version, decision FROM fleet_issues
     WHERE fingerprint IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(fingerprints)],
  );
  const resolutions = new Map<string, Resolution | undefined>();
  for (const row of rows) {
    const resolution = { atMs: Number(row.decided_ms), inVersion: optionalText(row.in_version) };
    resolutions.set(textOf(row.fingerprint!), row.decision === 'resolved' ? resolution : undefined);
  }
  const isNew = fingerprints.some((each) => !resolutions.has(each));
  const [counted] = isNew ? await store.read('SELECT count(*) AS n FROM fleet_issues') : [];
  const needsVersions = [...resolutions.values()].some((each) => each?.inVersion !== undefined);
  const versions = needsVersions ? await store.read('SELECT version, first_ms FROM fleet_versions LIMIT 5000') : [];
  return {
    resolutions,
    left: MAX_FLEET_ISSUES - (optionalNumber(counted?.n) ?? 0),
    firstSeenMs: new Map(versions.map((row) => [textOf(row.version!), Number(row.first_ms)])),
  };
}

/** The stored occurrence `o` of a robot. Parameters: `identityOf`. */
const IS_OCCURRENCE = 'o.robot = ? AND o.origin = ? AND o.code = ? AND o.number = ? AND o.started_ms = ?';
const identityOf = (robot: number, { origin, code, number, startedMs }: PlannedOccurrence): readonly SqlValue[] => [
  ...[robot, origin, code, number, startedMs],
];

/**
 * Returns the statements that create the issues of these occurrences; each does nothing if the part did not move. A
 * stored occurrence stays in its issue, so that a cause that becomes known later creates no other issue.
 */
export function issueStatements(
  occurrences: readonly PlannedOccurrence[],
  { resolutions, left }: KnownIssues,
  { robot, cursor, moved, parameters }: PartTarget,
): readonly Statement[] {
  const added = new Set<string>();
  return occurrences.flatMap((each) => {
    const { fingerprint, severity, beganMs } = each;
    const { text, rule, code, entity, cause } = fingerprint;
    if (resolutions.has(text) || (added.size >= left && !added.has(text))) return [];
    added.add(text);
    const values = [text, rule ?? null, code ?? null, entity ?? null, cause ?? null, severity, beganMs, beganMs];
    return {
      sql: `INSERT INTO fleet_issues (fingerprint, rule, code, entity, cause, severity, first_ms, last_ms)
            SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT),
              CAST(? AS INTEGER), CAST(? AS INTEGER), CAST(? AS INTEGER)
            FROM ${cursor} WHERE ${moved} AND NOT EXISTS (SELECT 1 FROM fleet_occurrences o WHERE ${IS_OCCURRENCE})
            ON CONFLICT (fingerprint) DO NOTHING`,
      parameters: [...values, ...parameters, ...identityOf(robot, each)],
    };
  });
}

/**
 * Returns the statements that note regressions of resolved issues: the first of this robot, and of the fleet. They
 * follow those that store the occurrences.
 */
export function regressionStatements(
  occurrences: readonly PlannedOccurrence[],
  { resolutions, firstSeenMs }: KnownIssues,
  { robot, cursor, moved, parameters }: PartTarget,
): readonly Statement[] {
  return occurrences.flatMap((each) => {
    const { fingerprint, beganMs, software } = each;
    const resolution = resolutions.get(fingerprint.text);
    if (!resolution || !isRegression({ beganMs, version: software.version }, resolution, firstSeenMs)) return [];
    const decided = `fingerprint = ? AND decision = 'resolved' AND decided_ms = ?
      AND EXISTS (SELECT 1 FROM ${cursor} WHERE ${moved})
      AND id = (SELECT o.issue FROM fleet_occurrences o WHERE ${IS_OCCURRENCE})`;
    const values = [
      ...[beganMs, software.version ?? null, robot, fingerprint.text, resolution.atMs],
      ...parameters,
      ...identityOf(robot, each),
    ];
    return [
      {
        sql: `UPDATE fleet_issues SET regressed_ms = ?, regressed_version = ?, regressed_robot = ?
              WHERE regressed_ms IS NULL AND ${decided}`,
        parameters: values,
      },
      {
        sql: `INSERT INTO fleet_issue_regressions (issue, at_ms, version, robot)
              SELECT id, CAST(? AS INTEGER), CAST(? AS TEXT), CAST(? AS INTEGER) FROM fleet_issues WHERE ${decided}
              ON CONFLICT (issue, robot) DO NOTHING`,
        parameters: values,
      },
    ];
  });
}
