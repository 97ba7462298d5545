import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { OpenFaultManager } from '@medkit/faults';
import { verifyAuditFile } from '@medkit/store';
import { eventually } from '../harness/eventually.ts';
import { readWhole } from './bags.ts';
import { filesOf } from './robot.ts';
import { COLD_TOPIC, WARM_TOPICS } from './storm-setting.ts';

export const UNFINISHED = '.unfinished';

/** Captures that were under way when a robot was killed. */
export function pendingCaptures(folder: string): readonly number[] {
  const { faults } = filesOf(folder);
  if (!existsSync(faults)) return [];
  using database = new DatabaseSync(faults, { readOnly: true });
  const [exists] = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'pending_captures'").all();
  if (!exists) return [];
  return database
    .prepare('SELECT capture_id FROM pending_captures')
    .all()
    .map(({ capture_id }) => Number(capture_id));
}

/**
 * Every capture is whole: all its topics, or those that were at hand, marked, where it was under way when the robot was
 * killed. Gives how many there are of these two kinds.
 */
export async function checkFrames(folder: string, pending: readonly number[]) {
  using database = new DatabaseSync(filesOf(folder).faults, { readOnly: true });
  await eventually('captures that were under way are done', async () => {
    const [left] = database.prepare('SELECT count(*) AS n FROM pending_captures').all();
    return left?.n === 0;
  });
  const captures = database
    .prepare(
      'SELECT fault_code, capture_id, group_concat(topic) AS topics FROM snapshots GROUP BY fault_code, capture_id',
    )
    .all();
  const outliving = new Map(
    database
      .prepare('SELECT fault_code, data, problem FROM freeze_frames')
      .all()
      .map((row) => [row.fault_code, row]),
  );
  let interrupted = 0;
  for (const { fault_code: code, capture_id: id, topics } of captures) {
    const whole = pending.includes(Number(id)) ? WARM_TOPICS : [...WARM_TOPICS, COLD_TOPIC];
    const found = String(topics).split(',').sort();
    if (whole === WARM_TOPICS) interrupted += 1;
    // An earlier restart completed it, with what was at hand then.
    const isEarlier = found.join() === WARM_TOPICS.join() && String(outliving.get(code)?.problem).includes('stopped');
    assert.ok(isEarlier || found.join() === whole.toSorted().join(), `capture ${id} of ${code} is torn: ${topics}`);
    assert.ok(outliving.has(code), `${code} has frames, and none that outlives a clear`);
  }
  return { captures: captures.length, interrupted };
}

/** Every recording in the books is whole, and none lies about that is in no books. Gives how many there are. */
export async function checkRecordings({ recordings }: OpenFaultManager, folder: string): Promise<number> {
  const { faults, recordings: recordingsFolder } = filesOf(folder);
  using database = new DatabaseSync(faults, { readOnly: true });
  const codes = database.prepare('SELECT DISTINCT fault_code FROM rosbag_files').all();
  const kept = new Map(
    (await Promise.all(codes.map(({ fault_code }) => recordings.of(String(fault_code)))))
      .flat()
      .map((one) => [one.path, one]),
  );
  for (const recording of kept.values()) await readWhole(recording);
  const onDisk = existsSync(recordingsFolder) ? readdirSync(recordingsFolder) : [];
  assert.ok(!onDisk.includes(UNFINISHED), 'what was not finished is gone');
  assert.deepEqual(onDisk.map((name) => join(recordingsFolder, name)).sort(), [...kept.keys()].sort());
  return kept.size;
}

/** The audit log is a sound chain in which every occurrence that is on disk is once, and none that is not. */
export function checkAudit(folder: string): number {
  const { audit, faults } = filesOf(folder);
  const { intact, problem, checked } = verifyAuditFile(audit);
  assert.ok(intact, `the audit log: ${problem}`);
  using log = new DatabaseSync(audit, { readOnly: true });
  using database = new DatabaseSync(faults, { readOnly: true });
  const occurred = log
    .prepare(
      "SELECT fault_code, count(*) AS n FROM audit_log WHERE transition = 'occurred' GROUP BY fault_code ORDER BY 1",
    )
    .all();
  const stored = database.prepare('SELECT fault_code, occurrence_count AS n FROM faults ORDER BY 1').all();
  assert.deepEqual(occurred, stored, 'the audit log has other occurrences than the faults');
  return checked;
}
