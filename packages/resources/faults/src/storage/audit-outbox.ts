import type { AuditRecord, Migrations, Row, Statement, Store } from '@medkit/store';
import { nanoseconds } from './fault-row.ts';

/**
 * Outbox of audit records. The audit log is a separate file, and two files cannot be written in one transaction. The
 * outbox stores each record together with its change, so that a crash does not separate them.
 */
export const AUDIT_OUTBOX: Migrations = {
  'faults.audit': [
    [
      // AUTOINCREMENT: a gap in the numbers means lost records.
      `CREATE TABLE audit_outbox (
         id INTEGER PRIMARY KEY AUTOINCREMENT, occurred_at_ns INTEGER NOT NULL, fault_code TEXT NOT NULL,
         transition TEXT NOT NULL, severity INTEGER NOT NULL, status TEXT NOT NULL, source_id TEXT NOT NULL,
         description TEXT NOT NULL
       )`,
    ],
  ],
};

/** Maximum records that wait while the audit log cannot be written. Beyond it, the oldest are lost and counted. */
export const MAX_WAITING_RECORDS = 10_000;

/** Records moved to the log in one step. */
const BATCH = 500;

/** Returns the statements that add a record, for the transaction of its change. */
export function enqueueRecord(record: AuditRecord): readonly Statement[] {
  const { occurredAtNs, faultCode, transition, severity, status, sourceId, description } = record;
  return [
    {
      sql: `INSERT INTO audit_outbox (occurred_at_ns, fault_code, transition, severity, status, source_id, description)
            VALUES (?, ?, ?, ?, ?, ?, ?)`,
      parameters: [occurredAtNs, faultCode, transition, severity, status, sourceId, description],
    },
    {
      sql: 'DELETE FROM audit_outbox WHERE id <= (SELECT max(id) FROM audit_outbox) - ?',
      parameters: [MAX_WAITING_RECORDS],
    },
  ];
}

export interface QueuedRecord {
  readonly id: number;
  readonly record: AuditRecord;
}

/** Returns the oldest records with a number above `id`. */
export async function queuedAfter(store: Pick<Store, 'read'>, id: number): Promise<readonly QueuedRecord[]> {
  const rows = await store.read('SELECT * FROM audit_outbox WHERE id > ? ORDER BY id LIMIT ?', [id, BATCH]);
  return rows.map((row) => ({ id: Number(row.id), record: recordOf(row) }));
}

/** Returns the last number given. */
export async function lastQueuedNumber(store: Pick<Store, 'read'>): Promise<number> {
  const [row] = await store.read("SELECT seq FROM sqlite_sequence WHERE name = 'audit_outbox'");
  return Number(row?.seq ?? 0);
}

/** Removes the records up to number `id`. */
export async function removeQueuedUpTo(store: Pick<Store, 'write'>, id: number): Promise<void> {
  await store.write([{ sql: 'DELETE FROM audit_outbox WHERE id <= ?', parameters: [id] }]);
}

function recordOf(row: Row): AuditRecord {
  return {
    occurredAtNs: nanoseconds(row.occurred_at_ns),
    faultCode: String(row.fault_code),
    transition: String(row.transition),
    severity: Number(row.severity),
    status: String(row.status),
    sourceId: String(row.source_id),
    description: String(row.description),
  };
}
