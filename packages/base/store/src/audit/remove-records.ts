import type { Script } from '../sql/script.ts';
import type { Row } from '../sql/values.ts';

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
export function* removeRecords(records: readonly Row[], nowNs: bigint): Script<void> {
  yield { sql: 'UPDATE audit_prune_guard SET enabled = 1 WHERE id = 1' };
  for (const removed of runsOf(records)) {
    yield* seal(removed, nowNs);
    yield { sql: 'DELETE FROM audit_log WHERE seq BETWEEN ? AND ?', parameters: [removed.first, removed.last] };
  }
  yield { sql: 'UPDATE audit_prune_guard SET enabled = 0 WHERE id = 1' };
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
function* seal(run: Run, nowNs: bigint): Script<void> {
  const [before] = yield { sql: 'SELECT * FROM audit_gaps WHERE last_seq = ?', parameters: [run.first - 1] };
  const [after] = yield { sql: 'SELECT * FROM audit_gaps WHERE first_seq = ?', parameters: [run.last + 1] };
  const first = Number(before?.first_seq ?? run.first);
  const last = Number(after?.last_seq ?? run.last);
  const hashBefore = String(before?.hash_before ?? run.hashBefore);
  const lastHash = String(after?.last_hash ?? run.lastHash);
  yield { sql: 'DELETE FROM audit_gaps WHERE first_seq BETWEEN ? AND ?', parameters: [first, last] };
  const [anchor] = yield { sql: 'SELECT max(last_seq) AS seq FROM audit_anchors' };
  if (first - 1 === Number(anchor.seq ?? 0)) {
    yield {
      sql: 'INSERT INTO audit_anchors (last_seq, sealed_at_ns, last_hash) VALUES (?, ?, ?)',
      parameters: [last, nowNs, lastHash],
    };
    yield { sql: 'DELETE FROM audit_anchors WHERE last_seq < ?', parameters: [last] };
  } else {
    yield {
      sql: 'INSERT INTO audit_gaps (first_seq, last_seq, sealed_at_ns, hash_before, last_hash) VALUES (?, ?, ?, ?, ?)',
      parameters: [first, last, nowNs, hashBefore, lastHash],
    };
  }
}
