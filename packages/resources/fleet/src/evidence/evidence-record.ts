import {
  FLEET_PAGE,
  type FleetEvidence,
  type FleetEvidenceRule,
  type FleetEvidenceRules,
  type FleetEvidenceState,
  type UplinkEvidence,
} from '@medkit/contract';
import type { Row, SqlValue } from '@medkit/store';
import { type FleetContext, isoTime, nowMs, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { FleetConflict, FleetNotFound } from '../fleet-refused.ts';
import { inView, type Viewed, viewValues } from '../fleet-view.ts';
import { assertEvidenceQuota } from '../quotas/fleet-quotas.ts';
import type { FleetPage } from '../robots/list-robots.ts';
import { decodePlace, encodePlace } from '../robots/page-place.ts';
import { robotNamed } from '../robots/robot-rows.ts';
import { readEvidenceRules, storeEvidenceRules } from './evidence-rules.ts';
import { type IsNewIssue, judgeEvidence } from './judge-evidence.ts';
import { type StoredFiles, storedFiles } from './stored-files.ts';
import { type Transfers, transfers } from './transfers.ts';

/** Traffic class of what a person requests. */
const PERSON_CLASS = 3;

type ReadContext = Pick<FleetContext, 'store' | 'view'>;

/** Filters of the list of evidence; an absent member matches all. */
export interface EvidenceQuery {
  readonly robot?: string;
  readonly code?: string;
  readonly kind?: UplinkEvidence['evidence'];
  readonly state?: FleetEvidenceState;
  readonly limit?: number;
  readonly cursor?: string;
}

/** What is read of the evidence of the robots that a caller sees. */
export interface EvidenceReads {
  /** Lists evidence in pages, the newest first. Throws `FleetInvalid` for another list's cursor. */
  list(query: EvidenceQuery): Promise<FleetPage<FleetEvidence>>;
  /** Returns evidence. Throws `FleetNotFound`. */
  get(id: string): Promise<FleetEvidence>;
}

/** The evidence of a fleet: what robots have reported, and which files the hub has. Does not transfer or store bytes. */
export interface EvidenceRecord extends EvidenceReads {
  /** Requests the file of evidence for a person. Throws `FleetNotFound`, and `FleetConflict` if the robot has no file. */
  request(id: string, by: string): Promise<FleetEvidence>;
  /** Exempts a stored file from its retention, or ends that. Throws `FleetNotFound`, and `FleetConflict` without a file. */
  pin(id: string, isPinned: boolean): Promise<FleetEvidence>;
  rules(): Promise<FleetEvidenceRules>;
  setRules(rules: readonly FleetEvidenceRule[], by: string): Promise<FleetEvidenceRules>;
  /** Judges the evidence that a robot has reported since the last call. */
  judge(robot: string, isNewIssue?: IsNewIssue): Promise<void>;
  readonly transfers: Transfers;
  readonly files: StoredFiles;
  /** Throws `FleetQuotaReached` if the quota has no room for the bytes of this evidence. */
  assertRoom(id: number, bytes: number): Promise<void>;
}

export function evidenceReads(context: ReadContext): EvidenceReads {
  return {
    list: (query) => listEvidence(context, query),
    get: async (id) => {
      const found = `${SELECT} WHERE k.id = :id AND ${inView('k.robot')}`;
      const isNumber = /^\d{1,15}$/.test(id);
      const [row] = isNumber ? await context.store.read(found, { id: Number(id), ...viewValues(context) }) : [];
      if (!row) throw new FleetNotFound(`The hub has no evidence ${id}`);
      return evidenceIn(row, context);
    },
  };
}

export function evidenceRecord(context: FleetContext): EvidenceRecord {
  const { store } = context;
  const reads = evidenceReads(context);
  const { get } = reads;
  const change = async (id: string, columns: string, parameters: readonly SqlValue[], states: string) => {
    const sql = `UPDATE fleet_evidence_files SET ${columns} WHERE id = ? AND state IN (${states})`;
    await store.write([{ sql, parameters: [...parameters, Number(id)] }]);
    return get(id);
  };
  return {
    ...reads,
    request: async (id, by) => {
      const { state, robot, entity, size_bytes: size } = await get(id);
      if (state === 'kept') return get(id);
      if (state === 'gone') throw new FleetConflict(`The robot ${robot} no longer has the evidence ${id}`);
      if (entity == null) throw new FleetConflict(`The hub does not know the entity of the fault of evidence ${id}`);
      await assertEvidenceQuota(context, Number(id), size ?? 0);
      return change(
        id,
        `state = CASE WHEN state = 'fetching' THEN state ELSE 'queued' END, class = ${PERSON_CLASS}, requested_by = ?,
         queued_ms = ?, due_ms = 0, attempts = 0, reason = NULL`,
        [by, nowMs(context)],
        "'offered', 'queued', 'fetching', 'failed', 'lost'",
      );
    },
    pin: async (id, isPinned) => {
      const { state } = await get(id);
      if (state !== 'kept')
        throw new FleetConflict(`The hub does not store the file of evidence ${id}: it is ${state}`);
      return change(id, 'pinned = ?', [isPinned ? 1 : 0], "'kept'");
    },
    rules: () => readEvidenceRules(context),
    setRules: (rules, by) => storeEvidenceRules(context, rules, by),
    judge: (robot, isNewIssue) => judgeEvidence(context, robot, isNewIssue),
    transfers: transfers(context),
    files: storedFiles(context),
    assertRoom: (id, bytes) => assertEvidenceQuota(context, id, bytes),
  };
}

const SELECT = 'SELECT k.*, r.name, r.site FROM fleet_evidence_files k JOIN fleet_robots r ON r.id = k.robot';
const FILTERED = `(:robot IS NULL OR r.name = :robot) AND (:code IS NULL OR k.code = :code)
  AND (:kind IS NULL OR k.kind = :kind) AND (:state IS NULL OR k.state = :state) AND ${inView('k.robot')}`;

async function listEvidence(
  context: ReadContext,
  { robot, code, kind, state, cursor, limit: wanted }: EvidenceQuery,
): Promise<FleetPage<FleetEvidence>> {
  const { store } = context;
  if (robot !== undefined) await robotNamed(context, robot);
  const limit = Math.min(wanted ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const filters = {
    ...{ robot: robot ?? null, code: code ?? null, kind: kind ?? null, state: state ?? null },
    ...viewValues(context),
  };
  const after = cursor === undefined ? null : decodePlace(cursor).place;
  const rows = await store.read(
    `${SELECT} WHERE ${FILTERED} AND (:after IS NULL OR k.id < :after) ORDER BY k.id DESC LIMIT :limit`,
    { ...filters, after, limit: limit + 1 },
  );
  const [counted] = await store.read(
    `SELECT count(*) AS n FROM fleet_evidence_files k JOIN fleet_robots r ON r.id = k.robot WHERE ${FILTERED}`,
    filters,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => evidenceIn(row, context)),
    total: Number(counted?.n),
    ...(rows.length > limit && last && { next: encodePlace({ place: Number(last.id), name: '' }) }),
  };
}

function evidenceIn(row: Row, { view }: Viewed): FleetEvidence {
  const descriptor = JSON.parse(textOf(row.descriptor!)) as UplinkEvidence;
  const state = textOf(row.state!) as FleetEvidenceState;
  const text = (name: keyof FleetEvidence, value: string | undefined) => (value === undefined ? {} : { [name]: value });
  const time = (name: keyof FleetEvidence, ms: number | undefined) => (ms === undefined ? {} : { [name]: isoTime(ms) });
  const [site, entity, sha256] = [row.site, row.entity, row.sha256].map(optionalText);
  const size = optionalNumber(row.size);
  const isPinned = row.pinned === 1;
  return {
    id: textOf(row.id!),
    robot: textOf(row.name!),
    ...text('site', site),
    fault_code: textOf(row.code!),
    ...text('entity', entity),
    ...text('version', textOf(row.version!) || undefined),
    state,
    // Why no rule collects evidence may be what the hub has from robots outside of the view.
    ...text('reason', view && state === 'offered' ? undefined : optionalText(row.reason)),
    descriptor,
    stored_bytes: Number(row.bytes),
    ...(size !== undefined && { size_bytes: size }),
    ...(state === 'kept' && { name: fileName(descriptor, textOf(row.code!)) }),
    ...text('sha256', sha256),
    ...text('requested_by', optionalText(row.requested_by)),
    reported_at: isoTime(Number(row.reported_ms)),
    ...time('stored_at', optionalNumber(row.stored_ms)),
    ...(!isPinned && time('expires_at', optionalNumber(row.expires_ms))),
    pinned: isPinned,
  };
}

/** Name of the file for downloads: of characters that all systems accept. */
function fileName({ evidence, id, recording_id, format }: UplinkEvidence, code: string): string {
  const recording = `${recording_id ?? id}.${format ?? 'bag'}`;
  const name = evidence === 'recording' ? recording : `${code}-${evidence}-${id}.json`;
  return name.replaceAll(/[^\w.-]+/g, '_').slice(0, 200);
}
