import type { SqlValue, Statement } from '@medkit/store';
import type { LogRecord } from './log-lines.ts';
import type { PlannedEnd, PlannedOccurrence, PlannedOccurrences } from './plan-occurrences.ts';
import type { FollowedRuns } from './robot-runs.ts';

/** The robot of a part, and the condition that the part has moved its cursor `c`. */
export interface PartTarget {
  readonly robot: number;
  readonly site: string | undefined;
  readonly cursor: string;
  readonly moved: string;
  readonly parameters: readonly SqlValue[];
}

const text = 'CAST(? AS TEXT)';
const number = 'CAST(? AS INTEGER)';
const putOccurrence = ({ cursor, moved }: PartTarget): string => `INSERT INTO fleet_occurrences
    (robot, origin, code, number, started_ms, began_ms, uncertain_ms, ended_ms, ended_as, severity, entity, entity_type,
     cause, site, version, medkit, issue, changed)
  SELECT c.robot, ?, ?, ${number}, ${number}, ${number}, ${number}, ${number}, ${text}, ${number}, ${text}, ${text},
    ${text}, ${text}, ${text}, ${text}, (SELECT id FROM fleet_issues WHERE fingerprint = ?), 1
  FROM ${cursor} WHERE ${moved}
  ON CONFLICT (robot, origin, code, number, started_ms) DO UPDATE SET changed = 1,
    severity = max(fleet_occurrences.severity, excluded.severity),
    ended_as = CASE WHEN fleet_occurrences.ended_ms IS NULL THEN excluded.ended_as ELSE fleet_occurrences.ended_as END,
    ended_ms = coalesce(fleet_occurrences.ended_ms, max(excluded.ended_ms, fleet_occurrences.began_ms))`;
// The `+` keeps SQLite from the index by time: it would read the whole history of the robot for each fault that ends.
const endOccurrences = ({ cursor, moved }: PartTarget): string => `UPDATE fleet_occurrences
  SET ended_ms = max(began_ms, ?), ended_as = ?, changed = 1
  WHERE robot = ? AND origin = ? AND code = ? AND ended_ms IS NULL AND +began_ms < ?
    AND EXISTS (SELECT 1 FROM ${cursor} WHERE ${moved})`;
const linkIncident = ({ cursor, moved }: PartTarget): string => `UPDATE fleet_occurrences
  SET incident = ?, blocks = coalesce(${number}, blocks)
  WHERE id = (SELECT o.id FROM fleet_occurrences o WHERE o.robot = ? AND o.origin = ? AND o.code = ?
      AND o.began_ms BETWEEN ? AND ? AND (o.incident IS NULL OR o.incident = ?) ORDER BY o.began_ms, o.id LIMIT 1)
    AND EXISTS (SELECT 1 FROM ${cursor} WHERE ${moved})`;

/** Returns the statements that store occurrences. They mark them as changed, for `rollupStatements`. */
export function occurrenceStatements(
  { occurrences, ends }: PlannedOccurrences,
  target: PartTarget,
): readonly Statement[] {
  const [put, end] = [putOccurrence(target), endOccurrences(target)];
  return [
    ...occurrences.map((each): Statement => ({ sql: put, parameters: rowOf(each, target) })),
    ...ends.map(
      ({ origin, code, beforeMs, endedMs, endedAs }: PlannedEnd): Statement => ({
        sql: end,
        parameters: [endedMs, endedAs, target.robot, origin, code, beforeMs, ...target.parameters],
      }),
    ),
  ];
}

const rowOf = (each: PlannedOccurrence, { site, parameters }: PartTarget): readonly SqlValue[] => [
  ...[each.origin, each.code, each.number, each.startedMs, each.beganMs, each.uncertainMs ?? null],
  ...[each.endedMs ?? null, each.endedAs ?? null, each.severity, each.entity ?? null, each.entityType ?? null],
  ...[each.cause ?? null, site ?? null, each.software.version ?? null, each.software.medkit ?? null],
  each.fingerprint.text,
  ...parameters,
];

/** An incident as a record reports it. */
export interface ReportedIncident {
  readonly id: string;
  readonly root: string;
  readonly rootOrigin: string;
  readonly blocks: boolean | undefined;
  /** Corrected times of its beginning and of the record, milliseconds since 1970. */
  readonly beganMs: number;
  readonly atMs: number;
}

/** Time by which the clocks of a fault and its incident may differ. */
const SLACK_MS = 1000;

/** Reads an incident record; `undefined` for another kind, or if members are missing. */
export function reportedIncident({ kind, body, atMs: robotMs }: LogRecord, atMs: number): ReportedIncident | undefined {
  if (kind !== 'incident') return undefined;
  const incident = Object(Object(body).incident) as Readonly<Record<string, unknown>>;
  const { id, root, root_origin: rootOrigin = '', blocks_motion: blocks, began } = incident;
  if (!isText(id) || !isText(root) || !isText(rootOrigin) || !isText(began)) return undefined;
  const ageMs = robotMs - Date.parse(began);
  if (!(ageMs >= 0)) return undefined;
  return {
    ...{ id, root, rootOrigin, atMs },
    beganMs: Math.max(0, Math.floor(atMs - ageMs)),
    blocks: typeof blocks === 'boolean' ? blocks : undefined,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 256;

/** Returns the statements that note the incidents of occurrences: the last record of each incident counts. */
export function incidentStatements(incidents: readonly ReportedIncident[], target: PartTarget): readonly Statement[] {
  const last = new Map(incidents.map((incident) => [incident.id, incident]));
  const sql = linkIncident(target);
  return [...last.values()].map(({ id, root, rootOrigin, blocks, beganMs, atMs }) => ({
    sql,
    parameters: [
      ...[id, blocks === undefined ? null : Number(blocks), target.robot, rootOrigin, root],
      ...[beganMs - SLACK_MS, atMs + SLACK_MS, id, ...target.parameters],
    ],
  }));
}

/** Returns the statements that add running time, and store the software that the log of the robot states. */
export function runStatements(
  { hours, run }: FollowedRuns,
  { site, cursor, moved, parameters }: PartTarget,
): readonly Statement[] {
  if (!run) return [];
  return [
    ...hours.map(({ hour, version, ms }) => ({
      sql: `INSERT INTO fleet_robot_hours (robot, hour, site, version, running_ms, n, errors)
            SELECT c.robot, ${number}, ?, ?, ${number}, 0, 0 FROM ${cursor} WHERE ${moved}
            ON CONFLICT (robot, hour, site, version) DO UPDATE
            SET running_ms = fleet_robot_hours.running_ms + excluded.running_ms`,
      parameters: [hour, site ?? '', version ?? '', ms, ...parameters],
    })),
    {
      sql: `INSERT INTO fleet_robot_runs (robot, boot, medkit, software, ran_ms)
            SELECT c.robot, ${number}, ${text}, ${text}, ${number} FROM ${cursor} WHERE ${moved}
            ON CONFLICT (robot) DO UPDATE SET boot = excluded.boot, medkit = excluded.medkit,
              software = excluded.software, ran_ms = excluded.ran_ms`,
      parameters: [run.boot, run.medkit ?? null, run.version ?? null, Math.floor(run.ranMs), ...parameters],
    },
    ...(run.version === undefined ? [] : [noteVersion(run.version, Math.floor(run.ranMs))]),
  ];
}

/** Returns the statement that notes when a robot of the fleet first had this software. */
export const noteVersion = (version: string, atMs: number): Statement => ({
  sql: `INSERT INTO fleet_versions (version, first_ms) VALUES (?, ?)
        ON CONFLICT (version) DO UPDATE SET first_ms = min(fleet_versions.first_ms, excluded.first_ms)`,
  parameters: [version, atMs],
});
