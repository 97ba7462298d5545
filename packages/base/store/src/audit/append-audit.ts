import type { PreparedStatements } from '../sql/prepared-statements.ts';
import { readRows } from '../sql/read-rows.ts';
import type { AuditRecord } from './audit-record.ts';
import { GENESIS, recordHash, wellFormed } from './chain.ts';

/** Appends `record` to the chain within the open transaction. Returns its sequence number. */
export function appendAudit(statements: PreparedStatements, record: AuditRecord): number {
  const [head] = readRows(statements.get('SELECT seq, record_hash FROM audit_chain_head WHERE id = 1'));
  const seq = Number(head?.seq ?? 0) + 1;
  const previous = String(head?.record_hash ?? GENESIS);
  const stored = wellFormed(record);
  const hash = recordHash(previous, seq, stored);
  statements
    .get(
      `INSERT INTO audit_log
         (seq, occurred_at_ns, fault_code, transition, severity, status, source_id, description, prev_hash, record_hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .statement.run(
      BigInt(seq),
      stored.occurredAtNs,
      stored.faultCode,
      stored.transition,
      BigInt(stored.severity),
      stored.status,
      stored.sourceId,
      stored.description,
      previous,
      hash,
    );
  statements
    .get('INSERT OR REPLACE INTO audit_chain_head (id, seq, record_hash) VALUES (1, ?, ?)')
    .statement.run(BigInt(seq), hash);
  return seq;
}
