import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import type { OpenFaultManager } from '@medkit/faults';
import { SEVERITY } from '@medkit/faults';
import { StoreTooNew, verifyAuditFile } from '@medkit/store';
import { temporaryFolder } from '../../packages/resources/faults/src/testing/temporary-folder.ts';
import { filesOf, openRobot, type RobotOptions } from './robot.ts';
import { StormLife } from './storm-life.ts';
import { stormOptions, stormSources } from './storm-setting.ts';
import { checkConsistent } from './storm-witness.ts';

const AUDITED: RobotOptions = { parameters: { 'audit_log.enabled': true, 'snapshots.enabled': false } };

const fail = ({ manager }: OpenFaultManager, code: string) =>
  manager.report({ code, event: 'FAILED', severity: SEVERITY.ERROR, description: 'it failed', source: '/source' });

/** Creates the data of a robot that reported these faults and exited. */
async function past(folder: string, options: RobotOptions, ...codes: readonly string[]): Promise<void> {
  await using robot = await openRobot(folder, options);
  for (const code of codes) await fail(robot, code);
}

const codesOf = ({ manager }: OpenFaultManager) => manager.list({}).faults.map(({ code }) => code);
const warningsOf = async (robot: OpenFaultManager) => (await robot.health()).warnings.map(({ code }) => code);

/** Overwrites a file except its first page. */
function damage(path: string): void {
  const octets = readFileSync(path);
  octets.fill(0xa5, 4096);
  writeFileSync(path, octets);
}

describe('a robot that finds damaged data', () => {
  it('sets a damaged database aside, reports it, and starts an empty one; the audit log continues', async () => {
    using folder = temporaryFolder();
    const { faults, audit } = filesOf(folder.path);
    await past(folder.path, AUDITED, 'F1', 'F2');
    damage(faults);
    const damaged = readFileSync(faults);
    {
      await using robot = await openRobot(folder.path, AUDITED);
      assert.deepEqual(codesOf(robot), []);
      assert.ok((await warningsOf(robot)).includes('fault_store_damaged'));
      const aside = readdirSync(folder.path).find((name) => name.startsWith('faults.db.corrupt-'));
      assert.deepEqual(readFileSync(join(folder.path, aside ?? 'none')), damaged, 'it is there to be looked at');
      await fail(robot, 'F3');
    }
    await using robot = await openRobot(folder.path, AUDITED);
    assert.deepEqual(codesOf(robot), ['F3']);
    assert.deepEqual(verifyAuditFile(audit).intact, true);
    assert.deepEqual(occurrencesIn(audit), ['F1', 'F2', 'F3']);
  });

  it('sets a damaged audit log aside, reports it, and begins a new chain; the faults continue', async () => {
    using folder = temporaryFolder();
    const { audit } = filesOf(folder.path);
    await past(folder.path, AUDITED, 'F1');
    damage(audit);
    assert.throws(() => verifyAuditFile(audit), /damaged/);
    {
      await using robot = await openRobot(folder.path, AUDITED);
      assert.deepEqual(codesOf(robot), ['F1']);
      assert.ok((await warningsOf(robot)).includes('fault_audit_damaged'));
      await fail(robot, 'F2');
    }
    assert.ok(readdirSync(folder.path).some((name) => name.startsWith('fault_audit.db.corrupt-')));
    assert.deepEqual([verifyAuditFile(audit).intact, occurrencesIn(audit)], [true, ['F2']]);
  });

  it('loses the end of a torn log but damages no fault, wherever it was torn', { timeout: 240_000 }, async () => {
    using cache = temporaryFolder();
    using folder = temporaryFolder();
    const setting = { format: 'mcap', audit: 'none' } as const;
    await using life = new StormLife(cache.path);
    await life.live({ folder: folder.path, inFlight: 16, seed: 7, setting }, { newsBefore: 400, delayMs: 0 });
    const { float } = seededRandom(7);
    const log = `${filesOf(folder.path).faults}-wal`;
    const whole = statSync(log).size;
    let max = 0;
    for (let cut = 0; cut < 6; cut += 1) {
      using torn = temporaryFolder();
      copyFileSync(filesOf(folder.path).faults, filesOf(torn.path).faults);
      copyFileSync(log, `${filesOf(torn.path).faults}-wal`);
      truncateSync(`${filesOf(torn.path).faults}-wal`, Math.floor(float() * whole));
      await using robot = await openRobot(torn.path, stormOptions(setting, stormSources()));
      assert.ok(!(await warningsOf(robot)).includes('fault_store_damaged'), 'a torn log is no damage');
      max = Math.max(max, await checkConsistent(robot, torn.path));
    }
    assert.ok(max > 10, `${max} faults were there after the mildest cut`);
  });
});

const occurrencesIn = (audit: string) => {
  using log = new DatabaseSync(audit, { readOnly: true });
  return log
    .prepare("SELECT fault_code FROM audit_log WHERE transition = 'occurred' ORDER BY seq")
    .all()
    .map(({ fault_code }) => fault_code);
};

describe('a robot that finds data of another release', () => {
  /** Tables of the first releases of ros2_medkit and of its latest; the rows of both have the same content. */
  const RELEASES: Readonly<Record<string, (recording: string) => string>> = {
    first: (recording) => `
      CREATE TABLE faults (fault_code TEXT PRIMARY KEY, severity INTEGER NOT NULL, description TEXT NOT NULL,
        first_occurred_ns INTEGER NOT NULL, last_occurred_ns INTEGER NOT NULL, occurrence_count INTEGER NOT NULL,
        status TEXT NOT NULL, reporting_sources TEXT NOT NULL, debounce_counter INTEGER NOT NULL DEFAULT 0,
        last_failed_ns INTEGER NOT NULL DEFAULT 0, last_passed_ns INTEGER NOT NULL DEFAULT 0);
      INSERT INTO faults VALUES ('MOTOR', 2, 'hot', 1000, 9000, 3, 'CONFIRMED', '["/motor"]', -1, 5000, 9000);
      CREATE TABLE snapshots (id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL, topic TEXT NOT NULL,
        message_type TEXT NOT NULL, data TEXT NOT NULL, captured_at_ns INTEGER NOT NULL);
      INSERT INTO snapshots VALUES (1, 'MOTOR', '/temperature', 'std_msgs/msg/Float64', '{"data":91.25}', 5000);
      CREATE TABLE rosbag_files (id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL UNIQUE,
        file_path TEXT NOT NULL, format TEXT NOT NULL, duration_sec REAL NOT NULL, size_bytes INTEGER NOT NULL,
        created_at_ns INTEGER NOT NULL);
      INSERT INTO rosbag_files VALUES (1, 'MOTOR', '${recording}', 'sqlite3', 5.0, 4, 5000)`,
    last: (recording) => `
      CREATE TABLE faults (fault_code TEXT PRIMARY KEY, severity INTEGER NOT NULL, description TEXT NOT NULL,
        first_occurred_ns INTEGER NOT NULL, last_occurred_ns INTEGER NOT NULL, occurrence_count INTEGER NOT NULL,
        status TEXT NOT NULL, reporting_sources TEXT NOT NULL, debounce_counter INTEGER NOT NULL DEFAULT 0,
        last_failed_ns INTEGER NOT NULL DEFAULT 0, last_passed_ns INTEGER NOT NULL DEFAULT 0,
        confirmed_at_ns INTEGER NOT NULL DEFAULT 0);
      INSERT INTO faults VALUES ('MOTOR', 2, 'hot', 1000, 5000, 3, 'CONFIRMED', '["/motor"]', -1, 5000, 9000, 0);
      CREATE TABLE snapshots (id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL, topic TEXT NOT NULL,
        message_type TEXT NOT NULL, data TEXT NOT NULL, captured_at_ns INTEGER NOT NULL,
        capture_id INTEGER NOT NULL DEFAULT 0);
      INSERT INTO snapshots VALUES (1, 'MOTOR', '/temperature', 'std_msgs/msg/Float64', '{"data":91.25}', 5000, 0);
      CREATE TABLE freeze_frames (fault_code TEXT PRIMARY KEY, data TEXT NOT NULL, captured_at_ns INTEGER NOT NULL);
      CREATE TABLE near_misses (id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL,
        occurred_at_ns INTEGER NOT NULL, debounce_counter INTEGER NOT NULL, confirmation_threshold INTEGER NOT NULL,
        severity INTEGER NOT NULL, source_id TEXT NOT NULL, resulting_status TEXT NOT NULL DEFAULT '');
      CREATE INDEX idx_near_misses_fault_code ON near_misses (fault_code, id);
      CREATE TABLE rosbag_files (id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL,
        recording_id TEXT NOT NULL DEFAULT '', file_path TEXT NOT NULL, format TEXT NOT NULL, duration_sec REAL NOT NULL,
        size_bytes INTEGER NOT NULL, created_at_ns INTEGER NOT NULL);
      CREATE UNIQUE INDEX idx_rosbag_files_fault_path ON rosbag_files (fault_code, file_path);
      INSERT INTO rosbag_files VALUES (1, 'MOTOR', 'fault_MOTOR_5', '${recording}', 'sqlite3', 5.0, 4, 5000)`,
  };
  for (const [release, tablesOf] of Object.entries(RELEASES)) {
    it(`continues with all data that the ${release} of ros2_medkit left, however often it is opened`, async () => {
      using folder = temporaryFolder();
      const recording = join(folder.path, 'fault_MOTOR_5');
      mkdirSync(recording);
      writeFileSync(join(recording, 'fault_MOTOR_5_0.db3'), 'octets');
      using old = new DatabaseSync(filesOf(folder.path).faults);
      old.exec(tablesOf(recording));
      old.close();
      for (const expected of [3, 4]) {
        await using robot = await openRobot(folder.path);
        const fault = robot.manager.get('MOTOR');
        assert.deepEqual([fault?.status, fault?.occurrenceCount, fault?.sources[0]], ['CONFIRMED', expected, '/motor']);
        if (expected === 3) {
          assert.equal(fault?.lastOccurredNs, 5000n, 'a PASSED report is no occurrence');
          const frames = await robot.snapshots.of('MOTOR');
          assert.deepEqual(
            frames.map(({ topic, data }) => [topic, data]),
            [['/temperature', '{"data":91.25}']],
          );
          assert.deepEqual(
            (await robot.recordings.of('MOTOR')).map(({ id, path }) => [id, path]),
            [['fault_MOTOR_5', recording]],
          );
          await robot.manager.clear('MOTOR', { cascade: false });
          await fail(robot, 'MOTOR');
        }
      }
    });
  }

  it('leaves data of a newer medkit unchanged, and names a remedy', async () => {
    using folder = temporaryFolder();
    const { faults } = filesOf(folder.path);
    await past(folder.path, {}, 'F1');
    using newer = new DatabaseSync(faults);
    newer.exec("INSERT INTO schema_migrations (owner, version, applied_at_ns) VALUES ('faults', 99, 0)");
    newer.close();
    const octets = readFileSync(faults);
    await assert.rejects(openRobot(folder.path), (error: Error) => {
      assert.equal(error.name, StoreTooNew.name);
      assert.match(error.message, /faults\.db was written by a newer medkit \(faults: version 99, .*update medkit/);
      return true;
    });
    assert.deepEqual(readFileSync(faults), octets);
  });
});

describe('a robot whose clock is set while it is off', () => {
  for (const hours of [5, -5]) {
    it(`continues after ${hours} hours: all data is available, and event numbers increase`, async () => {
      using folder = temporaryFolder();
      await past(folder.path, AUDITED, 'F1', 'F2');
      const offsetMs = hours * 3_600_000;
      const clock = {
        ...systemClock,
        wallMs: () => systemClock.wallMs() + offsetMs,
        wallNs: () => systemClock.wallNs() + BigInt(offsetMs) * 1_000_000n,
      };
      {
        await using robot = await openRobot(folder.path, { ...AUDITED, clock });
        assert.deepEqual(codesOf(robot), ['F1', 'F2']);
        const before = robot.manager.get('F1') ?? assert.fail();
        await fail(robot, 'F1');
        const after = robot.manager.get('F1') ?? assert.fail();
        assert.equal(after.lastOccurredNs > before.lastOccurredNs, hours > 0, 'times are those of the clock');
        assert.equal(after.firstOccurredNs, before.firstOccurredNs);
        const { events } = await robot.manager.eventsAfter(0, 10);
        assert.deepEqual(
          events.map(({ id, fault }) => [id, fault.code]),
          [
            [1, 'F1'],
            [2, 'F2'],
            [3, 'F1'],
          ],
        );
      }
      assert.equal(verifyAuditFile(filesOf(folder.path).audit).intact, true, 'the chain goes by numbers, not by time');
    });
  }
});
