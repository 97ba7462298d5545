import type { PreparedStatements } from '../sql/prepared-statements.ts';
import { readRows } from '../sql/read-rows.ts';
import type { Row, SqlValue } from '../sql/values.ts';

/** Consecutive records of the chain, and the hashes at their ends. */
interface Run {
  readonly first: number;
  readonly last: number;
  /** Hash of the record before the first. */
  readonly hashBefore: string;
  readonly lastHash: string;
}

/**
 * Removes records of the audit log, oldest first (`seq`, `prev_hash`, `record_hash`), within the open transaction.
 * Seals the hashes at the ends of each gap first, so that the remaining records stay a chain. The gap before the oldest
 * record gets an anchor, in the format of ros2_medkit; every other gap gets a separate seal.
 */
export function removeRecords(statements: PreparedStatements, records: readonly Row[], nowNs: bigint): void {
  const run = (sql: string, ...values: SqlValue[]) => statements.get(sql).statement.run(...values.map(exact));
  run('UPDATE audit_prune_guard SET enabled = 1 WHERE id = 1');
  for (const removed of runsOf(records)) {
    seal(statements, removed, nowNs);
    run('DELETE FROM audit_log WHERE seq BETWEEN ? AND ?', removed.first, removed.last);
  }
  run('UPDATE audit_prune_guard SET enabled = 0 WHERE id = 1');
}

function runsOf(records: readonly Row[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { seq, prev_hash, record_hash } of records) {
    const [first, lastHash] = [Number(seq), String(record_hash)];
    const before = runs.at(-1);
    if (before?.last === first - 1) runs[runs.length - 1] = { ...before, last: first, lastHash };
    else runs.push({ first, last: first, hashBefore: String(prev_hash), lastHash });
  }
  return runs;
}

/** Seals a run, merged with adjacent gaps. */
function seal(statements: PreparedStatements, run: Run, nowNs: bigint): void {
  const write = (sql: string, ...values: SqlValue[]) => statements.get(sql).statement.run(...values.map(exact));
  const gap = (column: 'first_seq' | 'last_seq', seq: number) =>
    readRows(statements.get(`SELECT * FROM audit_gaps WHERE ${column} = ?`), [seq])[0];
  const before = gap('last_seq', run.first - 1);
  const after = gap('first_seq', run.last + 1);
  const first = Number(before?.first_seq ?? run.first);
  const last = Number(after?.last_seq ?? run.last);
  const hashBefore = String(before?.hash_before ?? run.hashBefore);
  const lastHash = String(after?.last_hash ?? run.lastHash);
  write('DELETE FROM audit_gaps WHERE first_seq BETWEEN ? AND ?', first, last);
  const [anchor] = readRows(statements.get('SELECT max(last_seq) AS seq FROM audit_anchors'));
  if (first - 1 === Number(anchor.seq ?? 0)) {
    write('INSERT INTO audit_anchors (last_seq, sealed_at_ns, last_hash) VALUES (?, ?, ?)', last, nowNs, lastHash);
    write('DELETE FROM audit_anchors WHERE last_seq < ?', last);
  } else {
    write(
      'INSERT INTO audit_gaps (first_seq, last_seq, sealed_at_ns, hash_before, last_hash) VALUES (?, ?, ?, ?, ?)',
      first,
      last,
      nowNs,
      hashBefore,
      lastHash,
    );
  }
}

/** SQLite would store a JavaScript number as a floating-point value. */
const exact = (value: SqlValue): SqlValue => (typeof value === 'number' ? BigInt(value) : value);
