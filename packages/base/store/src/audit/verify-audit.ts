import type { Script } from '../sql/script.ts';
import type { Row } from '../sql/values.ts';
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

const GAP = 'SELECT last_seq, hash_before, last_hash FROM audit_gaps WHERE first_seq = ?';
const RECORD = `SELECT seq, occurred_at_ns, fault_code, transition, severity, status, source_id, description, prev_hash,
  record_hash FROM audit_log`;
/** A manipulated log may have a record with a negative number. */
const OLDEST = `${RECORD} ORDER BY seq LIMIT ?`;
const NEXT = `${RECORD} WHERE seq > ? ORDER BY seq LIMIT ?`;
/** Records read at a time, to bound memory: their descriptions may have many bytes. */
const RECORDS_AT_ONCE = 200;

/**
 * Verifies the whole log from its oldest record to its head. Call it within a transaction, so that the log does not
 * change meanwhile.
 * @param hasGaps whether the log has a table of gaps; a log of an older medkit or of ros2_medkit has none
 */
export function* verifyAudit({ hasGaps }: { readonly hasGaps: boolean }): Script<AuditVerdict> {
  const seal = linkOf(
    yield { sql: 'SELECT last_seq AS seq, last_hash AS hash FROM audit_anchors ORDER BY last_seq DESC LIMIT 1' },
  );
  let last: Link | undefined;
  let checked = 0;
  const broken = (badSeq: number, problem: string): AuditVerdict => ({ intact: false, checked, badSeq, problem });

  let records = recordsOf(yield { sql: OLDEST, parameters: [RECORDS_AT_ONCE] });
  while (records.length > 0) {
    for (const record of records) {
      checked += 1;
      if (hasGaps && last && record.seq !== last.seq + 1) {
        const gap = gapOf(yield { sql: GAP, parameters: [last.seq + 1] });
        if (gap && gap.hashBefore !== last.hash)
          return broken(last.seq, 'it does not link to the seal of the records after it');
        last = gap?.end ?? last;
      }
      const problem = (last ? problemAfter(last, record) : problemAtStart(seal, record)) ?? problemWithin(record);
      if (problem) return broken(record.seq, problem);
      last = record;
    }
    records = recordsOf(yield { sql: NEXT, parameters: [records[records.length - 1].seq, RECORDS_AT_ONCE] });
  }
  const head = linkOf(yield { sql: 'SELECT seq, record_hash AS hash FROM audit_chain_head WHERE id = 1' });
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

/** Returns the sealed gap after a record. */
function gapOf([row]: readonly Row[]): Gap | undefined {
  return (
    row && { hashBefore: String(row.hash_before), end: { seq: Number(row.last_seq), hash: String(row.last_hash) } }
  );
}

function linkOf([row]: readonly Row[]): Link | undefined {
  return row && { seq: Number(row.seq), hash: String(row.hash) };
}

const recordsOf = (rows: readonly Row[]): readonly StoredRecord[] =>
  rows.map((row) => ({
    seq: Number(row.seq),
    previous: String(row.prev_hash),
    hash: String(row.record_hash),
    record: {
      occurredAtNs: BigInt(row.occurred_at_ns as number | bigint),
      faultCode: String(row.fault_code),
      transition: String(row.transition),
      severity: Number(row.severity),
      status: String(row.status),
      sourceId: String(row.source_id),
      description: String(row.description),
    },
  }));
