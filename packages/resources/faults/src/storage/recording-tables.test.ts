import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryStore, openStore } from '@medkit/store';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { FAULT_TABLES } from './fault-tables.ts';

const clock = new SimulatedClock();

/** The table of the first ros2_medkit releases with two rows; the later one is alphabetically first. */
const OF_OLD = `
  CREATE TABLE rosbag_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL UNIQUE, file_path TEXT NOT NULL,
    format TEXT NOT NULL, duration_sec REAL NOT NULL, size_bytes INTEGER NOT NULL, created_at_ns INTEGER NOT NULL);
  CREATE INDEX idx_rosbag_files_fault_code ON rosbag_files (fault_code);
  INSERT INTO rosbag_files VALUES (3, 'B', '/bags/fault_B_200/', 'sqlite3', 6.5, 2048, 200);
  INSERT INTO rosbag_files VALUES (7, 'A', '/bags/fault_A_100', 'mcap', 6.0, 1024, 100);`;

const ROWS = 'SELECT id, fault_code, recording_id, file_path, duration_sec, size_bytes FROM rosbag_files ORDER BY id';

/** Returns the content of a database with this SQL after medkit has opened it `times` times. */
async function opened(sql: string, times = 1) {
  using folder = temporaryFolder();
  const path = join(folder.path, 'faults.db');
  const old = new DatabaseSync(path);
  old.exec(sql);
  old.close();
  const rows: unknown[] = [];
  for (let time = 0; time < times; time += 1) {
    const store = await openStore({ path, clock, warn: assert.fail, migrations: FAULT_TABLES });
    rows.push(await store.read(ROWS));
    await store.close();
  }
  return rows;
}

describe('the table of recordings', () => {
  it('R15: migrates one that allowed one recording for each fault, and opens it again unchanged', async () => {
    const [first, second] = await opened(OF_OLD, 2);
    assert.deepEqual(first, [
      {
        id: 3,
        fault_code: 'B',
        recording_id: 'fault_B_200',
        file_path: '/bags/fault_B_200/',
        duration_sec: 6.5,
        size_bytes: 2048,
      },
      {
        id: 7,
        fault_code: 'A',
        recording_id: 'fault_A_100',
        file_path: '/bags/fault_A_100',
        duration_sec: 6,
        size_bytes: 1024,
      },
    ]);
    assert.deepEqual(second, first);
  });

  it('migrates one without names of recordings, and keeps the last of duplicate rows', async () => {
    const [rows] = await opened(`
      CREATE TABLE rosbag_files (
        id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL, file_path TEXT NOT NULL, format TEXT NOT NULL,
        duration_sec REAL NOT NULL, size_bytes INTEGER NOT NULL, created_at_ns INTEGER NOT NULL);
      INSERT INTO rosbag_files VALUES (1, 'A', '/bags/fault_A_1', 'mcap', 1.0, 1, 1);
      INSERT INTO rosbag_files VALUES (2, 'A', '/bags/fault_A_1', 'mcap', 2.0, 2, 2);
      INSERT INTO rosbag_files VALUES (3, 'B', '/bags/fault_A_1', 'mcap', 2.0, 2, 2);`);
    assert.deepEqual(
      (rows as Readonly<Record<string, unknown>>[]).map(({ id, recording_id }) => [id, recording_id]),
      [
        [2, 'fault_A_1'],
        [3, 'fault_A_1'],
      ],
    );
  });

  it('has a constraint that a fault has a recording once, which can be dropped', async () => {
    const store = memoryStore({ clock, migrations: FAULT_TABLES });
    const unique = 'SELECT origin FROM pragma_index_list(\'rosbag_files\') WHERE "unique" = 1';
    assert.deepEqual(await store.read(unique), [{ origin: 'c' }]);
  });
});
