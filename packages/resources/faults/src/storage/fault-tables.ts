import { addColumn, type Migration, type Migrations } from '@medkit/store';
import { AUDIT_OUTBOX } from '../audit/audit-outbox.ts';
import { RECORDING_TABLES } from '../recordings/catalogue/recording-tables.ts';

/**
 * The tables of ros2_medkit under their own names, as they stand after its last change, so that a database of any of its
 * releases goes on. Every step is right both for an empty database and for one of those.
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
  // Old releases took a PASSED report for an occurrence.
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

/** What is to be captured and is not captured yet: one for each fault, since a later one takes its place. */
const CAPTURE_INTENTS: Migration = [
  `CREATE TABLE capture_intents (
     fault_code TEXT PRIMARY KEY, requested_at_ns INTEGER NOT NULL, sources TEXT NOT NULL
   )`,
];

/** When each fault came and went. */
const OCCURRENCES: Migration = [
  `CREATE TABLE occurrences (
     fault_code TEXT NOT NULL, number INTEGER NOT NULL, started_ns INTEGER NOT NULL, confirmed_at_ns INTEGER NOT NULL,
     ended_ns INTEGER NOT NULL, ended_as TEXT NOT NULL, PRIMARY KEY (fault_code, number)
   ) WITHOUT ROWID`,
];

/**
 * What each capture that is under way has at hand, so that it can be completed after a crash: the serialised messages of
 * each topic. Several captures of one fault may be under way, which the table before could not tell apart; nobody ever
 * read that one.
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

/** How each occurrence ended, what of it could not be captured, and of which one the evidence is; 0 where nobody knows. */
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

/** What was logged around occurrences: lines as JSON text, `[[time, severity, logger, message], …]`. */
const LOG_WINDOWS: Migration = [
  `CREATE TABLE log_windows (
     fault_code TEXT NOT NULL, occurrence INTEGER NOT NULL, from_ns INTEGER NOT NULL, to_ns INTEGER NOT NULL,
     lines TEXT NOT NULL, omitted INTEGER NOT NULL, PRIMARY KEY (fault_code, occurrence)
   )`,
];

/** Which runtime knows who reported: `[{"runtime": "ros2", "source": "/motor"}, …]`. NULL in rows of earlier releases. */
const REPORTERS: Migration = [
  addColumn('faults', 'reporters', 'TEXT'),
  addColumn('near_misses', 'source_runtime', 'TEXT'),
];

/** The text of the last report, if it differs from that of the first. NULL otherwise, and in rows of earlier releases. */
const LATEST_DESCRIPTIONS: Migration = [addColumn('faults', 'latest_description', 'TEXT')];

/** Whose the topic of a frame is, where several runtimes that reported the fault have one of that name; else empty. */
const RUNTIMES_OF_TOPICS: Migration = ['snapshots', 'pending_samples'].map((table) =>
  addColumn(table, 'runtime', "TEXT NOT NULL DEFAULT ''"),
);

/** The conditions that raised each fault: `[{"key": "…", "failing": true}, …]`. NULL if its reports name none. */
const CONDITIONS: Migration = [addColumn('faults', 'conditions', 'TEXT')];

/** The latest report of each source: `[{"source": "/motor", "runtime": "ros2", "failing": true}, …]`. NULL in rows of earlier releases. */
const SOURCE_RESULTS: Migration = [addColumn('faults', 'source_results', 'TEXT')];

/** The tables that faults are kept in, for `openStore` and `memoryStore`. */
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
  ...AUDIT_OUTBOX,
};
