import type { Migrations } from '@medkit/store';

/** Class of the records of evidence, see `RECORD_CLASSES`. */
export const EVIDENCE_CLASS = 1;
/** Descriptors that wait for their record: the log takes them over within seconds while it is open. */
const MAX_PENDING_EVIDENCE = 1000;

const isoTime = (ns: string): string => `strftime('%Y-%m-%dT%H:%M:%fZ', ${ns} / 1e9, 'unixepoch')`;

interface EvidenceTrigger {
  readonly name: string;
  /** Event and table, such as `INSERT ON rosbag_files`. */
  readonly on: string;
  readonly when?: string;
  /** SQL of the key within its kind. */
  readonly id: string;
  readonly evidence: 'frames' | 'logs' | 'recording';
  readonly state: 'complete' | 'removed';
  /** SQL of the row that the trigger is about. */
  readonly row: 'new' | 'old';
  /** SQL of further members of the descriptor, as names and values. */
  readonly members?: string;
}

/**
 * Returns a trigger that stores the descriptor of evidence in the transaction that completes or removes it. It does
 * nothing while the log is closed. `boot` 0 marks a descriptor without a time, which its record gets.
 */
function trigger({ name, on, when = '1', id, evidence, state, row, members }: EvidenceTrigger): string {
  const key = `'evidence ${evidence} ' || ${id}`;
  return `CREATE TRIGGER uplink_${name} AFTER ${on}
    WHEN ${when} AND (SELECT running FROM uplink_head) = 1
    BEGIN
      DELETE FROM uplink_pending WHERE key = ${key};
      INSERT INTO uplink_pending (key, kind, class, at_ms, boot, mono_ms, body)
      SELECT ${key}, 'evidence', ${EVIDENCE_CLASS}, 0, 0, 0,
        json_object('evidence', '${evidence}', 'state', '${state}', 'id', ${id}, 'fault_code', ${row}.fault_code${members ? `, ${members}` : ''})
      WHERE (SELECT count(*) FROM uplink_pending) < ${MAX_PENDING_EVIDENCE};
    END`;
}

const FRAMES = '(SELECT * FROM snapshots WHERE capture_id = old.capture_id)';
const OF_CAPTURE = 'FROM snapshots WHERE capture_id = old.capture_id';

/**
 * Triggers on the tables of the fault manager for recordings, frames and log windows of an occurrence. For a database that
 * has these tables and `UPLINK_TABLES`.
 */
export const EVIDENCE_TRIGGERS: Migrations = {
  uplink_evidence: [
    [
      trigger({
        name: 'recording_complete',
        on: 'INSERT ON rosbag_files',
        id: "new.recording_id || ' ' || new.fault_code",
        evidence: 'recording',
        state: 'complete',
        row: 'new',
        members: `'recording_id', new.recording_id,
      'occurrence', (SELECT occurrence_count FROM faults WHERE fault_code = new.fault_code),
      'format', new.format, 'size_bytes', new.size_bytes, 'duration_sec', new.duration_sec,
      'end', ${isoTime('new.created_at_ns')}`,
      }),
      trigger({
        name: 'recording_removed',
        on: 'DELETE ON rosbag_files',
        id: "old.recording_id || ' ' || old.fault_code",
        evidence: 'recording',
        state: 'removed',
        row: 'old',
      }),
      // A capture is pending until its frames are stored, in one transaction.
      trigger({
        name: 'frames_complete',
        on: 'DELETE ON pending_captures',
        when: `EXISTS ${FRAMES}`,
        id: 'CAST(old.capture_id AS TEXT)',
        evidence: 'frames',
        state: 'complete',
        row: 'old',
        members: `'occurrence', old.occurrence, 'frames', (SELECT count(*) ${OF_CAPTURE}),
      'topics', json((SELECT json_group_array(DISTINCT topic) ${OF_CAPTURE})),
      'size_bytes', (SELECT sum(octet_length(data) + octet_length(history)) ${OF_CAPTURE}),
      'start', (SELECT ${isoTime('min(captured_at_ns)')} ${OF_CAPTURE}),
      'end', (SELECT ${isoTime('max(captured_at_ns)')} ${OF_CAPTURE})`,
      }),
      trigger({
        name: 'frames_removed',
        on: 'DELETE ON snapshots',
        when: `old.capture_id > 0 AND NOT EXISTS ${FRAMES}`,
        id: 'CAST(old.capture_id AS TEXT)',
        evidence: 'frames',
        state: 'removed',
        row: 'old',
      }),
      // A window is updated once, with the lines after the fault.
      trigger({
        name: 'logs_complete',
        on: 'UPDATE ON log_windows',
        id: "old.fault_code || ' ' || old.occurrence",
        evidence: 'logs',
        state: 'complete',
        row: 'new',
        members: `'occurrence', new.occurrence, 'lines', json_array_length(new.lines),
      'size_bytes', octet_length(new.lines), 'start', ${isoTime('new.from_ns')}, 'end', ${isoTime('new.to_ns')}`,
      }),
      trigger({
        name: 'logs_removed',
        on: 'DELETE ON log_windows',
        id: "old.fault_code || ' ' || old.occurrence",
        evidence: 'logs',
        state: 'removed',
        row: 'old',
      }),
    ],
  ],
};
