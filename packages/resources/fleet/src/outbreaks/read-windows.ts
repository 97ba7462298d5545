import type { Row } from '@medkit/store';
import { ERROR_SEVERITY } from '../fault-severity.ts';
import { type FleetContext, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { ISSUE_STATE } from '../issues/issue-rows.ts';
import { HUB_REASONS, PRESENCE, presenceValues } from '../robots/presence.ts';
import type { ProblemCode } from '../robots/problems.ts';
import { spentBudget } from './spent-budget.ts';
import {
  DAY_MS,
  type Member,
  type OccurrenceNow,
  type OutbreakSettings,
  type RobotConnects,
  type RobotNow,
  type RobotProblem,
  type StoredOutbreak,
  type VersionNow,
} from './windows.ts';

const HOUR_MS = 3_600_000;
/** Occurrences that one judgement reads, the newest. */
const MAX_OCCURRENCES = 20_000;
/** Occurrences of one issue on one robot that it reads, the newest: a fault that flaps takes no place of other robots. */
const MAX_OCCURRENCES_OF_ROBOT = 10;
/** Fewest robots of an issue that the judge reads. */
const FEWEST = 3;
/** Difference between the clocks of a robot and of the hub that is a problem, and below which it ends. */
const CLOCK_OFF_MS = 120_000;
const CLOCK_RIGHT_MS = 60_000;

/** Problems of the record that are outbreaks of one robot. */
const PROBLEM_KINDS: Readonly<Partial<Record<ProblemCode, RobotProblem['kind']>>> = {
  cloned: 'cloned',
  uplink_hole: 'log_gap',
  uplink_chain: 'log_gap',
  uplink_lost: 'log_gap',
  audit_rewritten: 'audit_rewritten',
};
const OUTDATED: ProblemCode = 'uplink_outdated';
const NO_CONNECTS: RobotConnects = { count: 0, firstMs: undefined };

/** A row of `fleet_problems`. */
interface StoredProblem {
  readonly code: string;
  readonly message: string;
  readonly since_ms: number;
}

export type WindowsContext = Pick<FleetContext, 'pings' | 'store'>;

/** Reads all robots that may be connected, with their problems. */
export async function readRobots(context: WindowsContext, nowMs: number): Promise<readonly RobotNow[]> {
  const connects = await readConnects(context, nowMs);
  const rows = await context.store.read(
    `SELECT r.id, r.name, r.site, coalesce(r.software, r.medkit) AS version, r.medkit, r.since_ms, s.budget,
       s.at_ms AS state_ms,
       CASE WHEN r.state = 'quarantined' THEN r.state ELSE ${PRESENCE} END AS presence, k.offset_ms, k.base_ms,
       (SELECT coalesce(json_group_array(json_object('code', b.code, 'message', b.message, 'since_ms', b.since_ms)), '[]')
        FROM fleet_problems b WHERE b.robot = r.id) AS problems
     FROM fleet_robots r LEFT JOIN fleet_clocks k ON k.robot = r.id
       AND k.boot = (SELECT max(boot) FROM fleet_clocks n WHERE n.robot = r.id)
       LEFT JOIN fleet_states s ON s.robot = r.id
     WHERE r.state IN ('approved', 'quarantined')`,
    presenceValues(context),
  );
  return rows.map((row) => {
    const stored = JSON.parse(textOf(row.problems!)) as readonly StoredProblem[];
    return {
      name: textOf(row.name!),
      site: optionalText(row.site),
      version: optionalText(row.version),
      medkit: optionalText(row.medkit),
      presence: textOf(row.presence!) as RobotNow['presence'],
      sinceMs: optionalNumber(row.since_ms),
      outdatedMs: stored.find(({ code }) => code === OUTDATED)?.since_ms,
      connects: connects.get(Number(row.id)) ?? NO_CONNECTS,
      problems: problemsOf(row, stored, nowMs),
    };
  });
}

/** Reads how often each robot connected within an hour, without connects that the hub has caused. */
async function readConnects({ store }: WindowsContext, nowMs: number): Promise<ReadonlyMap<number, RobotConnects>> {
  const rows = await store.read(
    `SELECT n.robot, count(*) AS n, min(n.at_ms) AS first_ms FROM (
       SELECT p.robot, p.online, p.at_ms, p.reason,
         lag(p.reason) OVER (PARTITION BY p.robot ORDER BY p.id) AS reason_before
       FROM fleet_presence p WHERE p.at_ms > :hour AND p.at_ms <= :now) n
     WHERE n.online = 1 AND n.reason NOT IN (SELECT value FROM json_each(:reasons))
       AND coalesce(n.reason_before, '') NOT IN (SELECT value FROM json_each(:reasons))
     GROUP BY n.robot`,
    { hour: nowMs - HOUR_MS, now: nowMs, reasons: JSON.stringify(Object.values(HUB_REASONS)) },
  );
  return new Map(rows.map((row) => [Number(row.robot), { count: Number(row.n), firstMs: Number(row.first_ms) }]));
}

function problemsOf(row: Row, stored: readonly StoredProblem[], nowMs: number): readonly RobotProblem[] {
  const noted = stored.flatMap(({ code, message, since_ms }): readonly RobotProblem[] => {
    const kind = PROBLEM_KINDS[code as ProblemCode];
    return kind ? [{ kind, strength: 'opens', sinceMs: since_ms, about: message }] : [];
  });
  const offsetMs = optionalNumber(row.offset_ms) ?? 0;
  const budget = { text: optionalText(row.budget), readMs: Number(row.state_ms), offsetMs };
  const spent = spentBudget(budget, nowMs);
  const problems = spent ? [...noted, spent] : noted;
  const offMs = Math.abs(offsetMs);
  if (offMs <= CLOCK_RIGHT_MS) return firstOfKind(problems);
  const about = `The clock of the robot differs from that of the hub by ${Math.round(offMs / 1000)} s: set it, or check its time server.`;
  const strength = offMs > CLOCK_OFF_MS ? 'opens' : 'holds';
  return firstOfKind([...problems, { kind: 'clock_off', strength, sinceMs: Number(row.base_ms), about }]);
}

/** One robot has one outbreak of a kind, whatever its codes. */
const firstOfKind = (problems: readonly RobotProblem[]): readonly RobotProblem[] => [
  ...new Map(problems.toReversed().map((each) => [each.kind, each])).values(),
];

/** One select for each index: with a disjunction, SQLite reads the whole history of an issue. */
const occurrencesNear = (condition: string): string => `SELECT id FROM fleet_occurrences
  WHERE issue IN (SELECT CAST(value AS INTEGER) FROM json_each(:issues)) AND ${condition}`;

/**
 * Reads the occurrences of issues that began on several robots within an hour, or have an open outbreak: those of this
 * hour, and those that are active or ended within the calm time. Issues that a person ignores are left out.
 */
export async function readOccurrences(
  { store }: WindowsContext,
  nowMs: number,
  { calmMs }: OutbreakSettings,
  known: readonly StoredOutbreak[],
): Promise<readonly OccurrenceNow[]> {
  const hourMs = nowMs - HOUR_MS;
  const candidates = await store.read(
    `SELECT issue FROM fleet_occurrences WHERE began_ms > ? AND issue IS NOT NULL
     GROUP BY issue HAVING count(DISTINCT robot) >= ${FEWEST}`,
    [hourMs],
  );
  const open = known.flatMap(({ kind, endedMs, subject }) =>
    kind === 'issue_spreads' && endedMs === undefined ? [Number(subject)] : [],
  );
  const issues = [...new Set([...candidates.map(({ issue }) => Number(issue)), ...open])];
  if (issues.length === 0) return [];
  const rows = await store.read(
    `SELECT * FROM (
       SELECT o.*, r.name, row_number() OVER (PARTITION BY o.issue, o.robot ORDER BY o.began_ms DESC, o.id DESC) AS place
       FROM fleet_occurrences o JOIN fleet_robots r ON r.id = o.robot JOIN fleet_issues i ON i.id = o.issue
       WHERE o.id IN (${occurrencesNear('began_ms > :hour')} UNION ${occurrencesNear('ended_ms IS NULL')}
         UNION ${occurrencesNear('ended_ms > :calm')})
         AND ${ISSUE_STATE} NOT IN ('ignored', 'muted')) n
     WHERE n.place <= ${MAX_OCCURRENCES_OF_ROBOT} ORDER BY n.began_ms DESC, n.id DESC LIMIT ${MAX_OCCURRENCES}`,
    { issues: JSON.stringify(issues), hour: hourMs, calm: nowMs - calmMs, now: nowMs },
  );
  return rows.map((row) => ({
    issue: textOf(row.issue!),
    robot: textOf(row.name!),
    site: optionalText(row.site),
    version: optionalText(row.version) ?? optionalText(row.medkit),
    severity: Number(row.severity),
    code: textOf(row.code!),
    entity: optionalText(row.entity),
    incident: optionalText(row.incident),
    beganMs: Number(row.began_ms),
    endedMs: optionalNumber(row.ended_ms),
    uncertainMs: optionalNumber(row.uncertain_ms),
  }));
}

/** Reads running hours and errors by version of the last day, from the rollups. */
export async function readVersions({ store }: WindowsContext, nowMs: number): Promise<readonly VersionNow[]> {
  const dayMs = nowMs - DAY_MS;
  const rows = await store.read(
    `SELECT h.version, r.name, r.site, sum(h.running_ms) AS running_ms, sum(h.errors) AS errors,
       min(CASE WHEN h.errors > 0 THEN h.hour END) AS first
     FROM fleet_robot_hours h JOIN fleet_robots r ON r.id = h.robot
     WHERE h.hour > ? AND h.hour <= ? AND h.version <> '' GROUP BY h.version, r.name, r.site`,
    [Math.floor(dayMs / HOUR_MS), Math.floor(nowMs / HOUR_MS)],
  );
  const uncertain = await store.read(
    `SELECT o.version, r.name, count(*) AS n FROM fleet_occurrences o JOIN fleet_robots r ON r.id = o.robot
     WHERE o.began_ms > ? AND o.severity >= ${ERROR_SEVERITY} AND o.version IS NOT NULL
       AND (o.uncertain_ms IS NULL OR o.uncertain_ms > ${DAY_MS})
     GROUP BY o.version, r.name`,
    [dayMs],
  );
  const left = new Map(uncertain.map((row) => [`${row.name} ${row.version}`, Number(row.n)]));
  return [...Map.groupBy(rows, ({ version }) => textOf(version!))].map(([version, all]): VersionNow => {
    const counted = all.map((row) => {
      const uncounted = Math.min(Number(row.errors), left.get(`${row.name} ${version}`) ?? 0);
      return { row, uncounted, errors: Number(row.errors) - uncounted };
    });
    return {
      version,
      hours: all.reduce((sum, { running_ms }) => sum + Number(running_ms), 0) / HOUR_MS,
      errors: counted.reduce((sum, { errors }) => sum + errors, 0),
      uncounted: counted.reduce((sum, { uncounted }) => sum + uncounted, 0),
      members: counted.flatMap(({ row, errors }) => (errors > 0 ? [memberOf(row, version)] : [])),
    };
  });
}

function memberOf({ name, site, first }: Row, version: string): Member {
  const place = optionalText(site);
  return {
    robot: textOf(name!),
    version,
    ...(place !== undefined && { site: place }),
    beganMs: Number(first) * HOUR_MS,
  };
}
