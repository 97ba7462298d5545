import type { Row, SqlValue, Statement } from '@medkit/store';
import { type FleetContext, nowMs, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { ROLLUP_STATEMENTS } from '../issues/rollups.ts';
import { countRecords } from '../quotas/fleet-quotas.ts';
import { noteProblem } from '../robots/problems.ts';
import { auditStatements } from './audit-warnings.ts';
import { correctTime, type RobotClocks } from './correct-time.ts';
import { evidenceStatements, type RecordedEvidence, recordedEvidence } from './evidence.ts';
import { lastChanges, type RecordedFault, recordedFault } from './fault-event.ts';
import { issueStatements, readIssues, regressionStatements } from './known-issues.ts';
import { checkLines, type LogEnd, type LogRecord, type RecordLine } from './log-lines.ts';
import { occurrenceStatements } from './occurrence-statements.ts';
import { type PlannedHistory, planHistory, type ReadRecord, type RobotHistory } from './plan-history.ts';
import type { RobotRun } from './robot-runs.ts';

/** Active faults of one robot: a robot that invents codes only loses its later ones. */
const MAX_FAULTS_OF_ROBOT = 1000;

/** Consecutive records of one robot, read by one session. */
export interface IngestPart {
  readonly robot: string;
  readonly epoch: number;
  /** Id of the log. */
  readonly log: string;
  /** Number of the record before the first one. */
  readonly after: number;
  readonly records: readonly RecordLine[];
}

/**
 * `fenced`: a newer session has the lease, the log is another, or the position is another. `hole`: records are missing.
 * `malformed`: a record is invalid or its hash does not match. Only `stored` moves the cursor.
 */
export type IngestOutcome = 'stored' | 'fenced' | 'hole' | 'malformed';

/** The position of a robot before a batch. */
interface Position extends LogEnd, RobotHistory {
  readonly id: number;
  readonly atMs: number | undefined;
  readonly faults: number;
  /** Whether the next record may be stored already. */
  readonly mayRepeat: boolean;
}

interface PlannedPart {
  readonly part: IngestPart;
  readonly statements: readonly Statement[];
  /** Number of the first statement that changes an active fault, and of those statements. */
  readonly present: { readonly first: number; readonly count: number };
  /** Whether a record is a fault event. */
  readonly hasFaults: boolean;
  /** Whether a record says that the entity tree has changed. */
  readonly hasNewTree: boolean;
  readonly history: PlannedHistory;
  /** Whether a record states evidence, or that it was removed. */
  readonly hasEvidence: boolean;
}

/**
 * Stores the records of a batch and moves the cursors, in one transaction. A robot whose position, log or epoch is
 * another is left out, and the others go on. A batch has at most one part for each robot.
 */
export async function ingestBatch(
  context: FleetContext,
  clocksOf: (robot: number) => Promise<RobotClocks>,
  batch: readonly IngestPart[],
): Promise<ReadonlyMap<string, IngestOutcome>> {
  const outcomes = new Map<string, IngestOutcome>();
  const positions = await positionsOf(context, batch);
  const gotMs = nowMs(context);
  const { fingerprintOf, quotas } = context;
  const planned: PlannedPart[] = [];
  const problems: Statement[] = [];
  for (const part of batch) {
    const position = positions.get(part.robot);
    outcomes.set(part.robot, position ? 'stored' : 'fenced');
    if (!position || part.records.length === 0) continue;
    const checked = checkLines(position, part.records);
    if (checked.outcome === 'sound') {
      const clocks = await clocksOf(position.id);
      planned.push(
        planPart({ part, position, end: checked.end, records: checked.records, clocks, gotMs, fingerprintOf, quotas }),
      );
    } else {
      outcomes.set(part.robot, checked.outcome);
      const code = checked.outcome === 'hole' ? 'uplink_hole' : 'uplink_chain';
      problems.push(
        noteProblem(position.id, code, `The uplink log is not read any further: ${checked.reason}.`, gotMs),
      );
    }
  }
  const statements = [
    ...planned.flatMap((each) => each.statements),
    ...problems,
    ...(await statementsOfIssues(context, planned)),
  ];
  if (statements.length === 0) return outcomes;
  const { results } = await context.store.write(statements);
  let first = 0;
  for (const { part, statements: those, present, hasFaults, hasNewTree, hasEvidence } of planned) {
    const start = first + present.first;
    const changed = results.slice(start, start + present.count).some(({ changes }) => changes > 0);
    if (results[first]!.changes === 0) outcomes.set(part.robot, 'fenced');
    else {
      if (changed) context.notify({ robot: part.robot, topic: 'faults' });
      if (hasFaults) context.notify({ robot: part.robot, topic: 'events' });
      if (hasNewTree) context.notify({ robot: part.robot, topic: 'tree' });
      if (hasEvidence) context.notify({ robot: part.robot, topic: 'evidence' });
    }
    first += those.length;
  }
  return outcomes;
}

/** Returns the statements that store occurrences, their issues and the rollups of all parts. */
async function statementsOfIssues(
  { store }: FleetContext,
  planned: readonly PlannedPart[],
): Promise<readonly Statement[]> {
  const found = planned.flatMap(({ history }) => history.occurrences.occurrences);
  const hasEnds = planned.some(({ history }) => history.occurrences.ends.length > 0);
  const hasChanges = found.length > 0 || hasEnds;
  const known = hasChanges && (await readIssues(store, [...new Set(found.map((each) => each.fingerprint.text))]));
  return [
    ...planned.flatMap(({ history: { occurrences, target, statements } }) => [
      ...(known ? issueStatements(occurrences.occurrences, known, target) : []),
      ...occurrenceStatements(occurrences, target),
      ...(known ? regressionStatements(occurrences.occurrences, known, target) : []),
      ...statements,
    ]),
    ...(known ? ROLLUP_STATEMENTS : []),
  ];
}

/** Returns the positions of the robots whose epoch, log and number are those of their part. */
async function positionsOf(
  { store }: FleetContext,
  batch: readonly IngestPart[],
): Promise<ReadonlyMap<string, Position>> {
  const rows = await store.read(
    `SELECT r.name, r.site, r.medkit, r.software, c.*, n.boot AS run_boot, n.medkit AS run_medkit,
       n.software AS run_software, n.ran_ms, (SELECT count(*) FROM fleet_faults f WHERE f.robot = r.id) AS faults
     FROM fleet_robots r JOIN fleet_cursors c ON c.robot = r.id LEFT JOIN fleet_robot_runs n ON n.robot = r.id WHERE r.name IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(batch.map(({ robot }) => robot))],
  );
  const found = new Map<string, Row>(rows.map((row) => [textOf(row.name!), row]));
  return new Map(
    batch.flatMap(({ robot, epoch, log, after }) => {
      const row = found.get(robot);
      if (!row || row.epoch !== epoch || row.log !== log || row.seq !== after) return [];
      const position: Position = {
        id: Number(row.robot),
        seq: after,
        hash: Buffer.from(row.hash as Uint8Array).toString('hex'),
        atMs: optionalNumber(row.at_ms),
        newest: optionalNumber(row.newest) ?? 0,
        faults: Number(row.faults),
        mayRepeat: after < (optionalNumber(row.repeats) ?? 0),
        site: optionalText(row.site),
        connected: { medkit: optionalText(row.medkit), version: optionalText(row.software) },
        run: runOf(row),
      };
      return [[robot, position] as const];
    }),
  );
}

function runOf(row: Row): RobotRun | undefined {
  const boot = optionalNumber(row.run_boot);
  if (boot === undefined) return undefined;
  const [medkit, version] = [optionalText(row.run_medkit), optionalText(row.run_software)];
  return { boot, medkit, version, ranMs: Number(row.ran_ms) };
}

interface Plan {
  readonly part: IngestPart;
  readonly position: Position;
  readonly end: LogEnd;
  readonly records: readonly LogRecord[];
  readonly clocks: RobotClocks;
  readonly gotMs: number;
  readonly fingerprintOf: FleetContext['fingerprintOf'];
  readonly quotas: FleetContext['quotas'];
}

/** The cursor of a robot, if this part moved it. Parameters: robot, epoch, log, number of the last record. */
const CURSOR = 'fleet_cursors c';
const MOVED = 'c.robot = ? AND c.epoch = ? AND c.log = ? AND c.seq = ?';
const MOVE = `UPDATE fleet_cursors SET seq = ?, hash = ?, at_ms = ?, read_ms = ?
              WHERE robot = ? AND epoch = ? AND log = ? AND seq = ?`;
/**
 * Events of one statement, the largest that fits first: each statement and its result cross to the thread of the store, or
 * to the server, and back.
 */
const EVENT_GROUPS = [100, 25, 5, 1] as const;
/** The types of columns that may be NULL in all rows. */
const EVENT = '(?, ?, ?, ?, ?, ?, CAST(? AS INTEGER), ?, ?, CAST(? AS INTEGER), ?)';
const EVENT_VALUES = 11;
/**
 * Rows that are not stored yet. On PostgreSQL, the key of events contains the time of their receipt, because they are
 * partitioned by it, so that it does not prevent that a log that begins again adds its records twice.
 */
const NEW_ONLY = `AND NOT EXISTS (SELECT 1 FROM fleet_events e
  WHERE e.robot = c.robot AND e.seq = v.column1 AND e.hash = v.column2 AND e.robot_ms = v.column5)`;
/** The rows keep their order, because `CROSS JOIN` prevents another one. Parameters: time, rows, `MOVED`. */
const addEvents = (count: number, condition = ''): string =>
  `INSERT INTO fleet_events
     (robot, got_ms, seq, hash, kind, boot, robot_ms, at_ms, uncertain_ms, code, entity, severity, body)
   SELECT c.robot, ?, v.* FROM ${CURSOR} CROSS JOIN (VALUES ${Array(count).fill(EVENT).join(', ')}) v
   WHERE ${MOVED} ${condition} ON CONFLICT DO NOTHING`;
/** Statements by the number of their events. */
const addGroups = (condition = ''): ReadonlyMap<number, string> =>
  new Map(EVENT_GROUPS.map((count) => [count, addEvents(count, condition)]));
const ADD_NEXT = addGroups();
const ADD_NEW = addGroups(NEW_ONLY);
const PUT_FAULT = `INSERT INTO fleet_faults (robot, origin, code, severity, body)
  SELECT c.robot, ?, ?, ?, ? FROM ${CURSOR} WHERE ${MOVED} AND coalesce(c.newest, 0) < ?
  ON CONFLICT (robot, origin, code) DO UPDATE SET severity = excluded.severity, body = excluded.body`;
const PUT_INVENTORY = `INSERT INTO fleet_inventories (robot, at_ms, body)
  SELECT c.robot, ?, ? FROM ${CURSOR} WHERE ${MOVED}
  ON CONFLICT (robot) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body`;
const REMOVE_FAULT = `DELETE FROM fleet_faults WHERE robot = ? AND origin = ? AND code = ?
  AND EXISTS (SELECT 1 FROM ${CURSOR} WHERE ${MOVED} AND coalesce(c.newest, 0) < ?)`;

/** Returns the statements of a part. The first one moves the cursor; the others do nothing if it did not. */
function planPart({ part, position, end, records, clocks, gotMs, fingerprintOf, quotas }: Plan): PlannedPart {
  const { id } = position;
  const moved = [id, part.epoch, part.log, end.seq] as const;
  /** `EVENT_VALUES` of each record. */
  const values: SqlValue[] = [];
  const faults: RecordedFault[] = [];
  const evidence: RecordedEvidence[] = [];
  const read: ReadRecord[] = [];
  const hashes = hashBytes(records);
  let previousMs = position.atMs;
  for (const [index, record] of records.entries()) {
    const fault = recordedFault(record);
    const descriptor = recordedEvidence(record);
    if (descriptor) evidence.push(descriptor);
    // Records up to the state make history: the state has what is active now.
    if (fault && record.seq > position.newest) faults.push(fault);
    // Records that were removed have no time: they were written before the next one.
    const { atMs, uncertainMs } =
      record.kind === 'hole'
        ? { atMs: previousMs ?? gotMs, uncertainMs: undefined }
        : correctTime(record, clocks, previousMs, gotMs);
    if (record.kind !== 'hole') previousMs = atMs;
    read.push({ record, atMs, uncertainMs, fault });
    values.push(record.seq, hashes[index]!, record.kind, record.boot, record.atMs, atMs, uncertainMs ?? null);
    values.push(fault?.code ?? descriptor?.code ?? null, fault?.entity ?? null, fault?.severity ?? null);
    values.push(record.bodyText.toWellFormed());
  }
  const events = eventStatements(values, gotMs, moved, position.mayRepeat ? ADD_NEW : ADD_NEXT);
  const present = lastChanges(faults).flatMap(({ origin, code, severity, fault, isActive, seq }): Statement[] => {
    if (!isActive) return [{ sql: REMOVE_FAULT, parameters: [id, origin, code, ...moved, seq] }];
    if (position.faults >= MAX_FAULTS_OF_ROBOT) return [];
    return [{ sql: PUT_FAULT, parameters: [origin, code, severity, JSON.stringify(fault), ...moved, seq] }];
  });
  const inventory = records.findLast(({ kind }) => kind === 'inventory');
  const lost = records.filter(({ kind }) => kind === 'hole' || kind === 'gap');
  const place = { robot: id, cursor: CURSOR, moved: MOVED, parameters: moved };
  return {
    part,
    history: planHistory(read, position, place, fingerprintOf),
    present: { first: 1 + events.length, count: present.length },
    hasFaults: records.some(({ kind }) => kind === 'fault'),
    hasNewTree: records.some(({ kind }) => kind === 'tree'),
    hasEvidence: evidence.length > 0,
    statements: [
      {
        sql: MOVE,
        parameters: [
          ...[end.seq, Buffer.from(end.hash, 'hex'), previousMs ?? null, gotMs],
          ...[id, part.epoch, part.log, part.after],
        ],
      },
      ...events,
      ...present,
      ...(inventory ? [{ sql: PUT_INVENTORY, parameters: [gotMs, inventory.bodyText.toWellFormed(), ...moved] }] : []),
      ...evidenceStatements(evidence, id, { cursor: CURSOR, moved: MOVED, parameters: moved }),
      ...countRecords(quotas, place, { records: values.length / EVENT_VALUES, gotMs }),
      ...auditStatements(records, id, gotMs),
      ...lost.slice(-1).map((record) => noteProblem(id, 'uplink_lost', lostText(record), gotMs)),
    ],
  };
}

/** Returns the hashes as views of one buffer: a separate one for each costs more on its way to the thread of the store. */
function hashBytes(records: readonly LogRecord[]): readonly Uint8Array[] {
  const bytes = Buffer.from(records.map(({ hash }) => hash).join(''), 'hex');
  let end = 0;
  return records.map(({ hash }) => {
    const start = end;
    end += hash.length / 2;
    return bytes.subarray(start, end);
  });
}

/** Returns the statements that add events, in their order. */
function eventStatements(
  values: readonly SqlValue[],
  gotMs: number,
  moved: readonly SqlValue[],
  add: ReadonlyMap<number, string>,
): readonly Statement[] {
  const statements: Statement[] = [];
  for (let first = 0; first < values.length; ) {
    const left = (values.length - first) / EVENT_VALUES;
    const count = EVENT_GROUPS.find((size) => size <= left)!;
    const end = first + count * EVENT_VALUES;
    statements.push({ sql: add.get(count)!, parameters: [gotMs, ...values.slice(first, end), ...moved] });
    first = end;
  }
  return statements;
}

function lostText({ kind, body, bodyText }: LogRecord): string {
  if (kind !== 'hole') return `The robot did not record, or removed, events: ${bodyText.slice(0, 500)}.`;
  const { from, to } = body as { readonly from: number; readonly to: number };
  return `The robot no longer had the records ${from} to ${to} when this hub read its log.`;
}
