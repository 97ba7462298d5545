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

/** Returns captures that were in progress when a robot was killed. */
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
 * Checks that every capture is complete: all its topics, or, if it was in progress at a kill, the available ones,
 * marked as such. Returns the number of each kind.
 */
export async function checkFrames(folder: string, pending: readonly number[]) {
  using database = new DatabaseSync(filesOf(folder).faults, { readOnly: true });
  await eventually('captures that were under way are done', async () => {
    const [counted] = database.prepare('SELECT count(*) AS n FROM pending_captures').all();
    return counted?.n === 0;
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
    // An earlier restart completed it with the topics available then.
    const isEarlier = found.join() === WARM_TOPICS.join() && String(outliving.get(code)?.problem).includes('stopped');
    assert.ok(isEarlier || found.join() === whole.toSorted().join(), `capture ${id} of ${code} is torn: ${topics}`);
    assert.ok(outliving.has(code), `${code} has frames, and none that outlives a clear`);
  }
  return { captures: captures.length, interrupted };
}

/**
 * Checks that every recording in the database is complete, and that no other recording is on disk. Returns their
 * number.
 */
export async function checkRecordings({ recordings }: OpenFaultManager, folder: string): Promise<number> {
  const { faults, recordings: recordingsFolder } = filesOf(folder);
  using database = new DatabaseSync(faults, { readOnly: true });
  const codes = database.prepare('SELECT DISTINCT fault_code FROM rosbag_files').all();
  const stored = new Map(
    (await Promise.all(codes.map(({ fault_code }) => recordings.of(String(fault_code)))))
      .flat()
      .map((one) => [one.path, one]),
  );
  for (const recording of stored.values()) await readWhole(recording);
  const onDisk = existsSync(recordingsFolder) ? readdirSync(recordingsFolder) : [];
  assert.ok(!onDisk.includes(UNFINISHED), 'what was not finished is gone');
  assert.deepEqual(onDisk.map((name) => join(recordingsFolder, name)).sort(), [...stored.keys()].sort());
  return stored.size;
}

/** Checks that the audit log is an intact chain that contains every stored occurrence once, and no other. */
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
