import { addColumn, type Migration, type Migrations } from '@medkit/store';
import { AUDIT_OUTBOX } from './audit-outbox.ts';
import { RECORDING_TABLES } from './recording-tables.ts';
import { REPORT_TABLES } from './report-rows.ts';

/**
 * The tables of ros2_medkit under their own names, in the state after its last migration, so that a database of any of
 * its releases can be used. Every step works for an empty database and for any of these.
 */
const TABLES: Migration = [
  `CREATE TABLE IF NOT EXISTS faults (
     fault_code TEXT PRIMARY KEY, severity INTEGER NOT NULL, description TEXT NOT NULL,
     first_occurred_ns INTEGER NOT NULL, last_occurred_ns INTEGER NOT NULL, occurrence_count INTEGER NOT NULL,
     status TEXT NOT NULL, reporting_sources TEXT NOT NULL, debounce_counter INTEGER NOT NULL DEFAULT 0,
     last_failed_ns INTEGER NOT NULL DEFAULT 0, last_passed_ns INTEGER NOT NULL DEFAULT 0,
     confirmed_at_ns INTEGER NOT NULL DEFAULT 0
   )`,
  ...['debounce_counter', 'last_failed_ns', 'last_passed_ns', 'confirmed_at_ns'].map((column) =>
    addColumn('faults', column, 'INTEGER NOT NULL DEFAULT 0'),
  ),
  // Old releases counted a PASSED report as an occurrence.
  'UPDATE faults SET last_occurred_ns = last_failed_ns WHERE last_failed_ns > 0 AND last_occurred_ns > last_failed_ns',

  `CREATE TABLE IF NOT EXISTS near_misses (
     id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL, occurred_at_ns INTEGER NOT NULL,
     debounce_counter INTEGER NOT NULL, confirmation_threshold INTEGER NOT NULL, severity INTEGER NOT NULL,
     source_id TEXT NOT NULL, resulting_status TEXT NOT NULL DEFAULT ''
   )`,
  addColumn('near_misses', 'resulting_status', "TEXT NOT NULL DEFAULT ''"),
  'CREATE INDEX IF NOT EXISTS idx_near_misses_fault_code ON near_misses (fault_code, id)',

  `CREATE TABLE IF NOT EXISTS snapshots (
     id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT NOT NULL, topic TEXT NOT NULL, message_type TEXT NOT NULL,
     data TEXT NOT NULL, captured_at_ns INTEGER NOT NULL, capture_id INTEGER NOT NULL DEFAULT 0
   )`,
  addColumn('snapshots', 'capture_id', 'INTEGER NOT NULL DEFAULT 0'),
  'CREATE INDEX IF NOT EXISTS idx_snapshots_fault_code ON snapshots (fault_code)',
  'CREATE INDEX IF NOT EXISTS idx_snapshots_fault_topic ON snapshots (fault_code, topic)',
  `CREATE TABLE IF NOT EXISTS freeze_frames (
     fault_code TEXT PRIMARY KEY, data TEXT NOT NULL, captured_at_ns INTEGER NOT NULL
   )`,
];

/** Pending captures, one for each fault, since a later one replaces it. */
const CAPTURE_INTENTS: Migration = [
  `CREATE TABLE capture_intents (
     fault_code TEXT PRIMARY KEY, requested_at_ns INTEGER NOT NULL, sources TEXT NOT NULL
   )`,
];

/** Start and end of each occurrence. */
const OCCURRENCES: Migration = [
  `CREATE TABLE occurrences (
     fault_code TEXT NOT NULL, number INTEGER NOT NULL, started_ns INTEGER NOT NULL, confirmed_at_ns INTEGER NOT NULL,
     ended_ns INTEGER NOT NULL, ended_as TEXT NOT NULL, PRIMARY KEY (fault_code, number)
   ) WITHOUT ROWID`,
];

/**
 * The buffered messages of each running capture, serialized by topic, so that it can be completed after a crash. The
 * previous table could not distinguish several captures of one fault, and was never read.
 */
const PENDING_CAPTURES: Migration = [
  'DROP TABLE capture_intents',
  `CREATE TABLE pending_captures (
     capture_id INTEGER PRIMARY KEY, fault_code TEXT NOT NULL, requested_at_ns INTEGER NOT NULL, sources TEXT NOT NULL
   )`,
  'CREATE INDEX idx_pending_captures_fault_code ON pending_captures (fault_code)',
  `CREATE TABLE pending_samples (
     capture_id INTEGER NOT NULL, place INTEGER NOT NULL, topic TEXT NOT NULL, message_type TEXT NOT NULL,
     samples BLOB NOT NULL, PRIMARY KEY (capture_id, place)
   )`,
  addColumn('snapshots', 'problem', "TEXT NOT NULL DEFAULT ''"),
  addColumn('snapshots', 'history', "TEXT NOT NULL DEFAULT ''"),
  addColumn('freeze_frames', 'problem', "TEXT NOT NULL DEFAULT ''"),
];

/** How each occurrence ended, which evidence is missing, and to which occurrence evidence belongs; 0 if unknown. */
const ENDS_AND_EVIDENCE: Migration = [
  ...['healed_at_ns', 'cleared_at_ns'].map((column) => addColumn('faults', column, 'INTEGER NOT NULL DEFAULT 0')),
  addColumn('faults', 'cleared_by', "TEXT NOT NULL DEFAULT ''"),
  addColumn('occurrences', 'healed_at_ns', 'INTEGER NOT NULL DEFAULT 0'),
  addColumn('occurrences', 'cleared_by', "TEXT NOT NULL DEFAULT ''"),
  addColumn('occurrences', 'missing', "TEXT NOT NULL DEFAULT ''"),
  "UPDATE occurrences SET healed_at_ns = ended_ns WHERE ended_as = 'HEALED'",
  ...['snapshots', 'freeze_frames', 'pending_captures'].map((table) =>
    addColumn(table, 'occurrence', 'INTEGER NOT NULL DEFAULT 0'),
  ),
];

/** Log lines around occurrences as JSON text, `[[time, severity, logger, message], …]`. */
const LOG_WINDOWS: Migration = [
  `CREATE TABLE log_windows (
     fault_code TEXT NOT NULL, occurrence INTEGER NOT NULL, from_ns INTEGER NOT NULL, to_ns INTEGER NOT NULL,
     lines TEXT NOT NULL, omitted INTEGER NOT NULL, PRIMARY KEY (fault_code, occurrence)
   )`,
];

/**
 * Runtimes that know the reporters: `[{"runtime": "ros2", "source": "/motor"}, …]`. NULL in rows of earlier releases.
 */
const REPORTERS: Migration = [
  addColumn('faults', 'reporters', 'TEXT'),
  addColumn('near_misses', 'source_runtime', 'TEXT'),
];

/** Text of the last report, if it differs from the first. NULL otherwise, and in rows of earlier releases. */
const LATEST_DESCRIPTIONS: Migration = [addColumn('faults', 'latest_description', 'TEXT')];

/** Runtime of the topic of a frame, if several reporters' runtimes have a topic with this name; otherwise empty. */
const RUNTIMES_OF_TOPICS: Migration = ['snapshots', 'pending_samples'].map((table) =>
  addColumn(table, 'runtime', "TEXT NOT NULL DEFAULT ''"),
);

/** The conditions that raised each fault: `[{"key": "…", "failing": true}, …]`. NULL if its reports name none. */
const CONDITIONS: Migration = [addColumn('faults', 'conditions', 'TEXT')];

/** The latest report of each source: `[{"source": "/motor", "runtime": "ros2", "failing": true}, …]`. NULL in rows of earlier releases. */
const SOURCE_RESULTS: Migration = [addColumn('faults', 'source_results', 'TEXT')];

/** The fault tables, for `openStore` and `memoryStore`. */
export const FAULT_TABLES: Migrations = {
  faults: [
    TABLES,
    CAPTURE_INTENTS,
    OCCURRENCES,
    PENDING_CAPTURES,
    ENDS_AND_EVIDENCE,
    LOG_WINDOWS,
    REPORTERS,
    RUNTIMES_OF_TOPICS,
    LATEST_DESCRIPTIONS,
    CONDITIONS,
    SOURCE_RESULTS,
  ],
  recordings: [RECORDING_TABLES],
  // A separate owner: an earlier medkit continues to use the database.
  reports: [REPORT_TABLES],
  ...AUDIT_OUTBOX,
};
