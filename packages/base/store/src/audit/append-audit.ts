import type { Script } from '../sql/script.ts';
import type { AuditRecord } from './audit-record.ts';
import { GENESIS, recordHash, wellFormed } from './chain.ts';

/** Appends `record` to the chain within the open transaction. Returns its sequence number. */
export function* appendAudit(record: AuditRecord): Script<number> {
  const [head] = yield { sql: 'SELECT seq, record_hash FROM audit_chain_head WHERE id = 1' };
  const seq = Number(head?.seq ?? 0) + 1;
  const previous = String(head?.record_hash ?? GENESIS);
  const stored = wellFormed(record);
  const hash = recordHash(previous, seq, stored);
  yield {
    sql: `INSERT INTO audit_log
            (seq, occurred_at_ns, fault_code, transition, severity, status, source_id, description, prev_hash, record_hash)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      seq,
      stored.occurredAtNs,
      stored.faultCode,
      stored.transition,
      stored.severity,
      stored.status,
      stored.sourceId,
      stored.description,
      previous,
      hash,
    ],
  };
  yield {
    sql: `INSERT INTO audit_chain_head (id, seq, record_hash) VALUES (1, ?, ?)
          ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, record_hash = excluded.record_hash`,
    parameters: [seq, hash],
  };
  return seq;
}
