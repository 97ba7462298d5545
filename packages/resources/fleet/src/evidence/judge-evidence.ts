import type { FaultListItem, FleetEvidenceRule, UplinkEvidence } from '@medkit/contract';
import { nativeIdOf } from '@medkit/core';
import type { Row, Statement } from '@medkit/store';
import { isInRunningCampaign } from '../campaigns/recent-changes.ts';
import { type FleetContext, nowMs, optionalText, textOf } from '../fleet-context.ts';
import { decideEvidence, type EvidenceDecision, readEvidenceRules } from './evidence-rules.ts';

/** Descriptors that one look reads: all that a robot may have. */
const MAX_NEW = 1000;
/** A robot may send any text as the kind of an entity. */
const KINDS: ReadonlySet<string> = new Set(['area', 'component', 'app', 'function']);
const DAY_MS = 86_400_000;
/** States in which a recording counts as a sample: it is stored, or will be. */
const SAMPLED = "state IN ('queued', 'fetching', 'kept')";
/** Traffic classes of what a rule requests: frames and log windows, recordings, and recordings of a sample, which are not urgent. */
const [RECORDS_CLASS, RECORDING_CLASS, SAMPLE_CLASS] = [2, 4, 5];

/** Evidence that a robot reported and that no rule has judged. */
export interface NewEvidence {
  readonly robot: number;
  readonly code: string;
  readonly version: string;
  readonly occurrence: number | undefined;
}

/** Returns whether the fault of evidence is new: not recorded before on this version of the software. */
export type IsNewIssue = (evidence: NewEvidence) => Promise<boolean>;

/**
 * Judges the evidence that a robot has reported since the last call: stores a row of each, `queued` if a rule collects it
 * and `offered` otherwise, and marks what the robot has removed as `gone`. Not for several calls at a time.
 */
export async function judgeEvidence(
  context: Pick<FleetContext, 'clock' | 'store'>,
  robot: string,
  isNewIssue: IsNewIssue = neverRecorded(context.store),
): Promise<void> {
  const { store } = context;
  await store.write([GONE(robot)]);
  const rows = await store.read(
    `SELECT e.robot, e.key, e.log, e.code, e.body, r.site, coalesce(r.software, '') AS version, f.body AS active
     FROM fleet_robots r JOIN fleet_evidence e ON e.robot = r.id
     LEFT JOIN fleet_evidence_files k ON k.robot = e.robot AND k.log = e.log AND k.key = e.key
     LEFT JOIN fleet_faults f ON f.robot = e.robot AND f.origin = '' AND f.code = e.code
     WHERE r.name = ? AND k.id IS NULL ORDER BY e.seq LIMIT ${MAX_NEW}`,
    [robot],
  );
  if (rows.length === 0) return;
  const { items: rules } = await readEvidenceRules(context);
  // One after the other: a sample counts those before it.
  for (const row of rows) await store.write([await judged(context, row, rules, isNewIssue)]);
}

/** Rows `k` that the robot no longer lists. */
const UNLISTED = `k.state IN ('offered', 'queued', 'fetching')
  AND NOT EXISTS (SELECT 1 FROM fleet_evidence e WHERE e.robot = k.robot AND e.log = k.log AND e.key = k.key)`;

/** SQL of what there is to judge of a robot `r`: most robots that connect have nothing. */
const GONE_EVIDENCE = `EXISTS (SELECT 1 FROM fleet_evidence_files k WHERE k.robot = r.id AND ${UNLISTED})`;
const NEW_EVIDENCE = `EXISTS (SELECT 1 FROM fleet_evidence e WHERE e.robot = r.id
  AND NOT EXISTS (SELECT 1 FROM fleet_evidence_files k WHERE k.robot = e.robot AND k.log = e.log AND k.key = e.key))`;
/** Condition that a robot `r` has evidence to judge. */
export const HAS_UNJUDGED_EVIDENCE = `(${GONE_EVIDENCE} OR ${NEW_EVIDENCE})`;

/** Marks the rows of evidence that the robot no longer lists. A file that the hub has stays. */
const GONE = (robot: string): Statement => ({
  sql: `UPDATE fleet_evidence_files AS k SET state = 'gone', reason = 'the robot has removed it'
        WHERE k.robot = (SELECT id FROM fleet_robots WHERE name = ?) AND ${UNLISTED}`,
  parameters: [robot],
});

async function judged(
  context: Pick<FleetContext, 'clock' | 'store'>,
  row: Row,
  rules: readonly FleetEvidenceRule[],
  isNewIssue: IsNewIssue,
): Promise<Statement> {
  const descriptor = JSON.parse(textOf(row.body!)) as UplinkEvidence;
  const [robot, code, version] = [Number(row.robot), textOf(row.code!), textOf(row.version!)];
  const fault = await faultOf(context, robot, code, optionalText(row.active));
  const occurrence = descriptor.occurrence ?? undefined;
  const evidence = { robot, code, version, occurrence };
  const severity = fault?.severity ?? 0;
  const decision = await decideEvidence(
    rules,
    { code, severity: severity as 0 | 1 | 2 | 3, site: optionalText(row.site) },
    descriptor.evidence,
    { isNew: () => isNewIssue(evidence), isInCampaign: () => isInRunningCampaign(context.store, robot) },
  );
  const entity = fault && entityOf(fault);
  const { isQueued, reason } = await requested(context, decision, evidence, entity);
  const now = nowMs(context);
  const recordingClass = decision.sample ? SAMPLE_CLASS : RECORDING_CLASS;
  return {
    sql: `INSERT INTO fleet_evidence_files (robot, log, key, kind, code, entity, version, occurrence, descriptor, state,
            reason, class, reported_ms, queued_ms, size)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (robot, log, key) DO NOTHING`,
    parameters: [
      ...[robot, textOf(row.log!), textOf(row.key!), descriptor.evidence, code, entity ?? null, version],
      ...[occurrence ?? null, JSON.stringify(descriptor), isQueued ? 'queued' : 'offered', reason ?? null],
      ...[descriptor.evidence === 'recording' ? recordingClass : RECORDS_CLASS, now, isQueued ? now : null],
      descriptor.evidence === 'recording' ? (descriptor.size_bytes ?? null) : null,
    ],
  };
}

/** Returns whether evidence is fetched, and otherwise why it is not. */
async function requested(
  { clock, store }: Pick<FleetContext, 'clock' | 'store'>,
  { isCollected, sample }: EvidenceDecision,
  { robot, code, version }: NewEvidence,
  entity: string | undefined,
): Promise<{ readonly isQueued: boolean; readonly reason?: string }> {
  if (!isCollected) return { isQueued: false };
  if (entity === undefined) return { isQueued: false, reason: 'the hub does not know the entity of its fault' };
  if (!sample) return { isQueued: true };
  const [row] = await store.read(
    `SELECT (SELECT count(*) FROM fleet_evidence_files WHERE code = :code AND version = :version AND entity = :entity
               AND kind = 'recording' AND requested_by IS NULL AND ${SAMPLED}) AS version_samples,
            (SELECT count(*) FROM fleet_evidence_files WHERE robot = :robot AND kind = 'recording'
               AND requested_by IS NULL AND ${SAMPLED} AND queued_ms > :since) AS robot_samples`,
    { code, version, entity, robot, since: nowMs({ clock }) - DAY_MS },
  );
  if (Number(row?.version_samples) >= (sample.perIssueVersion ?? Number.POSITIVE_INFINITY)) {
    return { isQueued: false, reason: `the hub has ${sample.perIssueVersion} recordings of this fault and version` };
  }
  if (Number(row?.robot_samples) >= (sample.perRobotDay ?? Number.POSITIVE_INFINITY)) {
    return { isQueued: false, reason: `the hub has ${sample.perRobotDay} recordings of this robot within 24 hours` };
  }
  return { isQueued: true };
}

/** Returns the fault of evidence: the active one, otherwise that of its last event. */
async function faultOf(
  { store }: Pick<FleetContext, 'store'>,
  robot: number,
  code: string,
  active: string | undefined,
): Promise<FaultListItem | undefined> {
  if (active !== undefined) return JSON.parse(active) as FaultListItem;
  const [row] = await store.read(
    `SELECT body FROM fleet_events WHERE robot = ? AND kind = 'fault' AND code = ? ORDER BY seq DESC LIMIT 1`,
    [robot, code],
  );
  const { fault } = Object(row && JSON.parse(textOf(row.body!))) as { readonly fault?: FaultListItem };
  return fault;
}

/** Returns the path of the entity of a fault below the API; `undefined` if it names none. */
function entityOf({ entity_type: kind, entity_id: id }: FaultListItem): string | undefined {
  if (kind == null || !KINDS.has(kind) || !id) return undefined;
  return nativeIdOf({ kind, id: encodeURIComponent(id) });
}

/** Whether no evidence of another occurrence with this code and version was reported. */
const neverRecorded =
  (store: FleetContext['store']): IsNewIssue =>
  async ({ robot, code, version, occurrence }) => {
    const [row] = await store.read(
      `SELECT EXISTS (SELECT 1 FROM fleet_evidence_files WHERE code = ? AND version = ?
         AND (robot <> ? OR occurrence IS DISTINCT FROM CAST(? AS INTEGER))) AS recorded`,
      [code, version, robot, occurrence ?? null],
    );
    return Number(row?.recorded) === 0;
  };
