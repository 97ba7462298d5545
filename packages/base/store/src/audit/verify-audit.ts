import type { PreparedStatements } from '../sql/prepared-statements.ts';
import { readRows } from '../sql/read-rows.ts';
import type { AuditRecord, AuditVerdict } from './audit-record.ts';
import { GENESIS, recordHash } from './chain.ts';

interface Link {
  readonly seq: number;
  readonly hash: string;
}

interface StoredRecord extends Link {
  readonly previous: string;
  readonly record: AuditRecord;
}

/**
 * Verifies the whole log from its oldest record to its head. Call it within a transaction, so that the log does not
 * change meanwhile.
 */
export function verifyAudit(statements: PreparedStatements): AuditVerdict {
  const seal = linkOf(
    statements,
    'SELECT last_seq AS seq, last_hash AS hash FROM audit_anchors ORDER BY last_seq DESC LIMIT 1',
  );
  const gapAfter = gapsOf(statements);
  let last: Link | undefined;
  let checked = 0;
  const broken = (badSeq: number, problem: string): AuditVerdict => ({ intact: false, checked, badSeq, problem });

  for (const record of storedRecords(statements)) {
    checked += 1;
    if (last && record.seq !== last.seq + 1) {
      const gap = gapAfter(last.seq);
      if (gap && gap.hashBefore !== last.hash)
        return broken(last.seq, 'it does not link to the seal of the records after it');
      last = gap?.end ?? last;
    }
    const problem = (last ? problemAfter(last, record) : problemAtStart(seal, record)) ?? problemWithin(record);
    if (problem) return broken(record.seq, problem);
    last = record;
  }
  const head = linkOf(statements, 'SELECT seq, record_hash AS hash FROM audit_chain_head WHERE id = 1');
  const end = last ?? seal;
  if (!end)
    return head
      ? broken(head.seq, 'the head names a record that is neither stored nor sealed')
      : { intact: true, checked };
  if (!head) return broken(end.seq, 'the head of the chain is missing (deleted or truncated)');
  if (head.seq !== end.seq || head.hash !== end.hash) {
    return broken(
      end.seq,
      last ? 'the head is not the newest record' : 'the head names a record that is neither stored nor sealed',
    );
  }
  return { intact: true, checked };
}

function problemAtStart(seal: Link | undefined, { seq, previous }: StoredRecord): string | undefined {
  if (seq === 1) return previous === GENESIS ? undefined : 'the first record does not link to the beginning';
  if (seal?.seq !== seq - 1) return 'no seal for the records before the oldest one (history truncated)';
  return previous === seal.hash ? undefined : 'the oldest record does not link to its seal';
}

function problemAfter(last: Link, { seq, previous }: StoredRecord): string | undefined {
  if (seq !== last.seq + 1) return 'records before it are missing (deleted or reordered)';
  return previous === last.hash ? undefined : 'it does not link to the record before it (chain broken)';
}

function problemWithin({ seq, previous, hash, record }: StoredRecord): string | undefined {
  return hash === recordHash(previous, seq, record) ? undefined : 'its content does not match its hash (tampered with)';
}

interface Gap {
  /** Hash of the record before the gap. */
  readonly hashBefore: string;
  /** The newest removed record. */
  readonly end: Link;
}

/** Finds the sealed gap after a record. A log of an older medkit or of ros2_medkit has no gaps. */
function gapsOf(statements: PreparedStatements): (seq: number) => Gap | undefined {
  const [table] = readRows(statements.get("SELECT 1 FROM sqlite_master WHERE name = 'audit_gaps'"));
  if (!table) return () => undefined;
  const gaps = statements.get('SELECT last_seq, hash_before, last_hash FROM audit_gaps WHERE first_seq = ?');
  return (seq) => {
    const [row] = readRows(gaps, [seq + 1]);
    return (
      row && { hashBefore: String(row.hash_before), end: { seq: Number(row.last_seq), hash: String(row.last_hash) } }
    );
  };
}

function linkOf(statements: PreparedStatements, sql: string): Link | undefined {
  const [row] = readRows(statements.get(sql));
  return row && { seq: Number(row.seq), hash: String(row.hash) };
}

/** Iterates over the records row by row, to bound memory. */
function* storedRecords(statements: PreparedStatements): Generator<StoredRecord> {
  const { statement } = statements.get(
    `SELECT seq, occurred_at_ns, fault_code, transition, severity, status, source_id, description, prev_hash, record_hash
     FROM audit_log ORDER BY seq`,
  );
  for (const row of statement.iterate()) {
    const [seq, at, code, transition, severity, status, source, description, previous, hash] =
      row as unknown as readonly unknown[];
    yield {
      seq: Number(seq),
      previous: String(previous),
      hash: String(hash),
      record: {
        occurredAtNs: at as bigint,
        faultCode: String(code),
        transition: String(transition),
        severity: Number(severity),
        status: String(status),
        sourceId: String(source),
        description: String(description),
      },
    };
  }
}
