import { addColumn, type Migration } from '@medkit/store';

const RECORDINGS = `CREATE TABLE IF NOT EXISTS rosbag_files (
  id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL, recording_id TEXT NOT NULL DEFAULT '',
  file_path TEXT NOT NULL, format TEXT NOT NULL, duration_sec REAL NOT NULL, size_bytes INTEGER NOT NULL,
  created_at_ns INTEGER NOT NULL
)`;

/** SQL for the last segment of a path, ignoring a trailing slash. */
const LAST_SEGMENT = `replace(
  rtrim(file_path, '/'), rtrim(rtrim(file_path, '/'), replace(file_path, '/', '')), ''
)`;

/**
 * Recordings by fault: one row for each fault of a recording, in the table of ros2_medkit. Every step works for an
 * empty database and for one of any ros2_medkit release.
 * Files are removed after their rows. A trigger records the paths that no row refers to any more, so that a crash in
 * between leaves neither a row without a file nor an unknown file.
 */
export const RECORDING_TABLES: Migration = [
  RECORDINGS,
  {
    // The first releases allowed only one recording per fault, by a constraint that can only be removed with a new
    // table.
    when: "SELECT 1 FROM pragma_index_list('rosbag_files') WHERE origin = 'u'",
    sql: `ALTER TABLE rosbag_files RENAME TO rosbag_files_of_old;
          ${RECORDINGS};
          INSERT INTO rosbag_files (id, fault_code, file_path, format, duration_sec, size_bytes, created_at_ns)
            SELECT id, fault_code, file_path, format, duration_sec, size_bytes, created_at_ns
            FROM rosbag_files_of_old ORDER BY id;
          DROP TABLE rosbag_files_of_old`,
  },
  addColumn('rosbag_files', 'recording_id', "TEXT NOT NULL DEFAULT ''"),
  `UPDATE rosbag_files SET recording_id = ${LAST_SEGMENT} WHERE recording_id = ''`,
  `DELETE FROM rosbag_files WHERE id NOT IN (SELECT max(id) FROM rosbag_files GROUP BY fault_code, file_path)`,
  'CREATE UNIQUE INDEX IF NOT EXISTS idx_rosbag_files_fault_path ON rosbag_files (fault_code, file_path)',
  'CREATE INDEX IF NOT EXISTS idx_rosbag_files_newest ON rosbag_files (fault_code, created_at_ns, id)',
  'CREATE INDEX IF NOT EXISTS idx_rosbag_files_created ON rosbag_files (created_at_ns)',
  'CREATE INDEX IF NOT EXISTS idx_rosbag_files_recording ON rosbag_files (recording_id)',
  'CREATE INDEX IF NOT EXISTS idx_rosbag_files_path ON rosbag_files (file_path)',

  'CREATE TABLE recording_removals (file_path TEXT PRIMARY KEY) WITHOUT ROWID',
  `CREATE TRIGGER recording_unlinked AFTER DELETE ON rosbag_files
   WHEN NOT EXISTS (SELECT 1 FROM rosbag_files WHERE file_path = old.file_path)
   BEGIN
     INSERT OR IGNORE INTO recording_removals (file_path) VALUES (old.file_path);
   END`,
  `CREATE TRIGGER recording_linked AFTER INSERT ON rosbag_files
   BEGIN
     DELETE FROM recording_removals WHERE file_path = new.file_path;
   END`,
];
