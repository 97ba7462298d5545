import type { PreparedStatements } from '../sql/prepared-statements.ts';
import { readRows } from '../sql/read-rows.ts';

/**
 * Removes all but the newest `keep` records, within the transaction that is open. The hash of the last one removed is
 * sealed first, so that the chain still has a beginning; older seals go.
 */
export function pruneAudit(statements: PreparedStatements, keep: number, nowNs: bigint): void {
  const [last] = readRows(
    statements.get(
      'SELECT seq, record_hash FROM audit_log WHERE seq <= (SELECT max(seq) FROM audit_log) - ? ORDER BY seq DESC LIMIT 1',
    ),
    [keep],
  );
  if (!last) return;
  const run = (sql: string, ...values: (bigint | string)[]) => statements.get(sql).statement.run(...values);
  const seq = BigInt(last.seq as number);
  run('UPDATE audit_prune_guard SET enabled = 1 WHERE id = 1');
  run(
    'INSERT INTO audit_anchors (last_seq, sealed_at_ns, last_hash) VALUES (?, ?, ?)',
    seq,
    nowNs,
    String(last.record_hash),
  );
  run('DELETE FROM audit_anchors WHERE last_seq < ?', seq);
  run('DELETE FROM audit_log WHERE seq <= ?', seq);
  run('UPDATE audit_prune_guard SET enabled = 0 WHERE id = 1');
}
