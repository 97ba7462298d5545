import type { FaultSeverity } from '@medkit/core';
import type { SqlValue, Statement } from '@medkit/store';
import { EVIDENCE_CLASS } from './evidence-triggers.ts';
import { RECORD_BYTES } from './uplink-tables.ts';

/**
 * Kinds of records. `fault` is an event of the fault stream, `incident` is a changed incident, `boot` is a start of the
 * gateway or an hourly mark, `evidence` describes frames, a log window or a recording that is complete or removed, `tree` is a changed entity tree, `health` is a changed set of warnings, `inventory` lists
 * versions and hardware, `audit` is a record of the audit log, and `gap` counts records that were removed unread or
 * events that were not recorded.
 */
export type RecordKind = 'fault' | 'evidence' | 'incident' | 'boot' | 'tree' | 'health' | 'inventory' | 'audit' | 'gap';

/** What is removed first if unread records need room: lower classes before higher ones. */
export const RECORD_CLASSES = {
  tree: 0,
  health: 0,
  inventory: 0,
  evidence: EVIDENCE_CLASS,
  audit: 2,
  incident: 3,
  fault: 4,
  mark: 8,
} as const;

/** Returns the class of a fault record: faults of low severity are removed first. */
export function faultClass(severity: FaultSeverity): number {
  return RECORD_CLASSES.fault + severity;
}

/** A record that has no number yet. */
export interface NewRecord {
  readonly kind: RecordKind;
  /** See `RECORD_CLASSES`. */
  readonly class: number;
  /** What the record is about, such as a fault code: a later record with the same key replaces a pending update. */
  readonly key?: string;
  /** JSON text. */
  readonly body: string;
  /** Milliseconds for which updates with this key become one record; absent if each is a record. */
  readonly coalesceMs?: number;
}

/** Time of a record: wall clock of the robot, and monotonic milliseconds since the start `boot` of the gateway. */
export interface RecordTime {
  readonly atMs: number;
  readonly boot: number;
  readonly monoMs: number;
}

/** Maximum bytes of a body: one page of records must fit into one read of the store (32 MiB). */
const MAX_BODY_BYTES = 256 * 1024;

/** Moves the end of the log to the record that the previous statement added, if it added one. */
const ADVANCE: Statement = {
  sql: `UPDATE uplink_head SET (seq, hash, bytes) =
          (SELECT r.seq, r.hash, uplink_head.bytes + octet_length(r.body) + ${RECORD_BYTES}
           FROM uplink_log r WHERE r.seq = uplink_head.seq + 1)
        WHERE EXISTS (SELECT 1 FROM uplink_log r WHERE r.seq = uplink_head.seq + 1)`,
};

/** Moves the end of the log to the record that the previous statement added. */
const ADVANCE_BY_ONE = `UPDATE uplink_head SET seq = seq + 1, bytes = bytes + ?,
  hash = (SELECT r.hash FROM uplink_log r WHERE r.seq = uplink_head.seq + 1)`;

/** Number of the last fault event before those of the same transaction. */
const LAST_EVENT = `(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events')`;
const ADVANCE_WITH_EVENTS = `${ADVANCE_BY_ONE}, event = ${LAST_EVENT} + ?`;

/** Adds a record to the chain; `chained_hash` is a function of the store. Does nothing if `source` has no row. */
const insertFrom = (source: string, values: string): string =>
  `INSERT INTO uplink_log (seq, kind, class, at_ms, boot, mono_ms, key, body, hash)
   SELECT h.seq + 1, ${values}, chained_hash(h.hash, h.seq + 1, n.kind, n.body) FROM uplink_head h, ${source}`;

const COLUMNS = 'n.kind, n.class, n.at_ms, n.boot, n.mono_ms, n.key, n.body';
const INSERT = insertFrom(
  '(SELECT ? AS kind, ? AS class, ? AS at_ms, ? AS boot, ? AS mono_ms, ? AS key, ? AS body) n',
  COLUMNS,
);
const INSERT_PENDING = insertFrom('uplink_pending n WHERE n.key = ?', COLUMNS);
const REMOVE_PENDING = 'DELETE FROM uplink_pending WHERE key = ?';
const PUT_PENDING = `INSERT OR REPLACE INTO uplink_pending (kind, class, at_ms, boot, mono_ms, key, body)
                     VALUES (?, ?, ?, ?, ?, ?, ?)`;

function valuesOf({ kind, class: rank, key, body }: NewRecord, { atMs, boot, monoMs }: RecordTime): SqlValue[] {
  const bytes = Buffer.byteLength(body);
  const stored = bytes > MAX_BODY_BYTES ? JSON.stringify({ omitted_bytes: bytes }) : body.toWellFormed();
  return [kind, rank, Math.floor(atMs), boot, Math.floor(monoMs), key?.toWellFormed() ?? null, stored];
}

interface AppendOptions {
  /** Discards a pending update with the key of the record. */
  readonly isPending?: boolean;
  /** Number of fault events of the same transaction, which are noted as recorded. */
  readonly events?: number;
}

/** Returns the statements that append a record. */
export function appendStatements(
  record: NewRecord,
  time: RecordTime,
  { isPending = false, events = 0 }: AppendOptions = {},
): readonly Statement[] {
  const values = valuesOf(record, time);
  const { key } = record;
  const bytes = Buffer.byteLength(String(values.at(-1))) + RECORD_BYTES;
  return [
    ...(isPending && key !== undefined ? [{ sql: REMOVE_PENDING, parameters: [key.toWellFormed()] }] : []),
    { sql: INSERT, parameters: values },
    events > 0
      ? { sql: ADVANCE_WITH_EVENTS, parameters: [bytes, events] }
      : { sql: ADVANCE_BY_ONE, parameters: [bytes] },
  ];
}

/** Returns the statement that stores an update until its time has come, instead of an earlier one with its key. */
export function holdStatement(record: NewRecord, time: RecordTime): Statement {
  return { sql: PUT_PENDING, parameters: valuesOf(record, time) };
}

/** Returns the statements that append the pending update with this key, if there still is one. */
export function releaseStatements(key: string): readonly Statement[] {
  const parameters = [key.toWellFormed()];
  return [{ sql: INSERT_PENDING, parameters }, ADVANCE, { sql: REMOVE_PENDING, parameters }];
}

/** Returns the statement that notes `count` fault events of the same transaction as recorded. */
export function countEvents(count: number): Statement {
  return {
    sql: `UPDATE uplink_head SET event = ${LAST_EVENT} + ?`,
    parameters: [count],
  };
}
