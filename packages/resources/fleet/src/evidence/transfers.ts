import type { UplinkEvidence } from '@medkit/contract';
import type { Row, SqlValue, Statement } from '@medkit/store';
import { DAY_MS, type FleetContext, nowMs, optionalNumber, optionalText, textOf } from '../fleet-context.ts';

/** Transfers that one look returns: more than a hub runs at a time. */
const MAX_DUE = 64;
/** Attempts without a new byte after which a transfer has failed. */
const MAX_ATTEMPTS = 10;
const MINUTE_MS = 60_000;
/** Time for which a rule reserves a sample for a recording without a byte. */
const RESERVED_MS = 86_400_000;

/** Evidence whose file is to be fetched from its robot. */
export interface Transfer {
  readonly id: number;
  readonly robot: string;
  readonly kind: UplinkEvidence['evidence'];
  readonly code: string;
  /** Path of the entity below the API. */
  readonly entity: string;
  /** Id of the recording among the bulk data of the robot. */
  readonly recording: string | undefined;
  readonly trafficClass: number;
  /** ETag of the file of which parts were fetched. */
  readonly etag: string | undefined;
  /** Bytes of the file with this ETag. */
  readonly size: number | undefined;
  readonly attempts: number;
}

/** The transfers of a hub. */
export interface Transfers {
  /**
   * Returns transfers that are due, of these robots: recordings, or frames and log windows. Those of persons and those that
   * have begun are first.
   */
  due(robots: readonly string[], isRecording: boolean): Promise<readonly Transfer[]>;
  /** Returns those of these ids that are no transfer any more. */
  ended(ids: readonly number[]): Promise<readonly number[]>;
  /** Notes the bytes that the hub has, of a file with this ETag and size. */
  progress(id: number, file: { readonly bytes: number; readonly etag: string; readonly size: number }): Promise<void>;
  /** Notes that the hub stores the file, for as long as its kind is retained. `frames` and `logs` of one fault share a file. */
  kept(transfer: Transfer, file: { readonly bytes: number; readonly sha256: string }): Promise<void>;
  /** Notes that the robot does not have the file. */
  gone(id: number, reason: string): Promise<void>;
  /** Notes that the file cannot be fetched. */
  failed(id: number, reason: string): Promise<void>;
  /** Notes why a transfer waits, and for how long; `isAttempt` if the robot answered and it failed. */
  wait(id: number, why: { readonly reason: string; readonly ms: number; readonly isAttempt: boolean }): Promise<void>;
  /** Ends reservations of samples without a byte, and requests other recordings instead. */
  releaseReservations(): Promise<void>;
}

export function transfers(context: Pick<FleetContext, 'clock' | 'retention' | 'store'>): Transfers {
  const { store, retention } = context;
  const set = async (id: number, columns: string, parameters: readonly SqlValue[]): Promise<void> => {
    // A row that was erased or is stored meanwhile stays.
    const sql = `UPDATE fleet_evidence_files SET ${columns} WHERE id = ? AND state IN ('queued', 'fetching')`;
    await store.write([{ sql, parameters: [...parameters, id] }]);
  };
  return {
    due: async (robots, isRecording) => {
      const rows = await store.read(
        `SELECT k.*, r.name FROM fleet_evidence_files k JOIN fleet_robots r ON r.id = k.robot
         WHERE k.state IN ('queued', 'fetching') AND k.due_ms <= ? AND r.name IN (SELECT value FROM json_each(?))
           AND k.kind ${isRecording ? '=' : '<>'} 'recording'
         ORDER BY k.class, CASE WHEN k.bytes > 0 THEN 0 ELSE 1 END, k.queued_ms, k.id LIMIT ${MAX_DUE}`,
        [nowMs(context), JSON.stringify(robots)],
      );
      return rows.flatMap((row) => (row.entity === null ? [] : [transferIn(row)]));
    },
    ended: async (ids) => {
      const rows = await store.read(
        `SELECT id FROM fleet_evidence_files WHERE state IN ('queued', 'fetching')
         AND id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))`,
        [JSON.stringify(ids)],
      );
      const running = new Set(rows.map(({ id }) => Number(id)));
      return ids.filter((id) => !running.has(id));
    },
    progress: (id, { bytes, etag, size }) =>
      set(id, "state = 'fetching', reason = NULL, attempts = 0, bytes = ?, etag = ?, size = ?", [bytes, etag, size]),
    kept: async ({ id, kind, robot, code }, { bytes, sha256 }) => {
      const now = nowMs(context);
      const days = kind === 'recording' ? retention.evidence_days : retention.frames_days;
      const values = [bytes, bytes, sha256, now, now + days * DAY_MS];
      const columns = `state = 'kept', reason = NULL, bytes = ?, size = ?, sha256 = ?, stored_ms = ?, expires_ms = ?`;
      const shared: Statement = {
        sql: `UPDATE fleet_evidence_files SET ${columns} WHERE state IN ('queued', 'fetching')
              AND kind IN ('frames', 'logs') AND code = ? AND robot = (SELECT id FROM fleet_robots WHERE name = ?)`,
        parameters: [...values, code, robot],
      };
      if (kind === 'recording') await set(id, columns, values);
      else await store.write([shared]);
    },
    gone: (id, reason) => set(id, "state = 'gone', reason = ?", [reason]),
    failed: (id, reason) => set(id, "state = 'failed', reason = ?", [reason]),
    wait: (id, { reason, ms, isAttempt }) =>
      set(
        id,
        `attempts = attempts + ?, due_ms = ?,
         reason = CASE WHEN attempts + ? >= ${MAX_ATTEMPTS} THEN '${MAX_ATTEMPTS} attempts in vain: ' ELSE '' END || ?,
         state = CASE WHEN attempts + ? >= ${MAX_ATTEMPTS} THEN 'failed' ELSE state END`,
        [isAttempt ? 1 : 0, nowMs(context) + ms, isAttempt ? 1 : 0, reason, isAttempt ? 1 : 0],
      ),
    releaseReservations: () => releaseReservations(context),
  };
}

const transferIn = (row: Row): Transfer => {
  const { recording_id: recording } = JSON.parse(textOf(row.descriptor!)) as UplinkEvidence;
  return {
    id: Number(row.id),
    robot: textOf(row.name!),
    kind: textOf(row.kind!) as Transfer['kind'],
    code: textOf(row.code!),
    entity: textOf(row.entity!),
    recording: recording ?? undefined,
    trafficClass: Number(row.class),
    etag: optionalText(row.etag),
    size: row.etag === null ? undefined : optionalNumber(row.size),
    attempts: Number(row.attempts),
  };
};

/**
 * Ends the reservations of recordings that a rule requested a day ago and of which no byte was received, and requests for
 * each another recording of the fault and version instead: of a robot at another site if there is one, and of another robot.
 */
async function releaseReservations(context: Pick<FleetContext, 'clock' | 'store'>): Promise<void> {
  const { store } = context;
  const now = nowMs(context);
  const rows = await store.read(
    `SELECT k.id, k.robot, k.code, k.version, k.entity, r.site FROM fleet_evidence_files k
     JOIN fleet_robots r ON r.id = k.robot WHERE k.state = 'queued' AND k.kind = 'recording' AND k.bytes = 0
     AND k.requested_by IS NULL AND k.queued_ms < ? LIMIT ${MAX_DUE}`,
    [now - RESERVED_MS],
  );
  for (const { id, robot, code, version, entity, site } of rows) {
    await store.write([
      {
        sql: `UPDATE fleet_evidence_files SET state = 'queued', reason = NULL, queued_ms = ?, due_ms = 0 WHERE id = (
                SELECT o.id FROM fleet_evidence_files o JOIN fleet_robots r ON r.id = o.robot
                WHERE o.state = 'offered' AND o.kind = 'recording' AND o.code = ? AND o.version = ? AND o.entity = ?
                  AND o.robot <> ? AND o.queued_ms IS NULL
                ORDER BY CASE WHEN r.site IS DISTINCT FROM ? THEN 0 ELSE 1 END, r.online DESC, o.id DESC LIMIT 1)`,
        parameters: [now, code!, version!, entity!, robot!, site ?? null],
      },
      {
        sql: `UPDATE fleet_evidence_files SET state = 'offered', due_ms = 0,
                reason = 'requested by a rule, and no byte was received within 24 hours' WHERE id = ?`,
        parameters: [id!],
      },
    ]);
  }
}

/** Delay of a transfer after a failure of the robot or of the store: from a minute to an hour. */
export const transferDelayMs = (attempts: number): number => Math.min(60, 2 ** Math.min(attempts, 6)) * MINUTE_MS;
