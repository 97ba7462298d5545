import { basename } from 'node:path';
import type { FaultRecording } from '@medkit/core';
import type { Row, SqlValue, Statement } from '@medkit/store';
import { nanoseconds } from '../../storage/fault-row.ts';

/** A recording that is in the books: its path is a folder, in a database of ros2_medkit also a single file. */
export type KeptRecording = Omit<FaultRecording, 'kind'> & { readonly path: string };

/** How many recordings are kept. */
export interface RecordingBounds {
  /** Of each fault; 0 keeps all. */
  readonly maxPerFault: number;
  /** Of all together. */
  readonly maxOctets: number;
}

/** Format of the first releases, which did not write it down. */
const FIRST_FORMAT = 'sqlite3';

/** Puts a recording into the books of its faults, or puts it right where it is there already. */
export const enterRecording = (recording: KeptRecording): readonly Statement[] =>
  recording.faultCodes.map((code) => putLink(code, recording));

/**
 * Lets recordings go beyond the bounds, the oldest first, and beyond that of all together each as a whole.
 *
 * @param faultCodes whose recordings are counted for the bound of each fault
 * @param spared path of a recording that was just made and stays, whatever the clock says and however large it is; may be empty
 */
export function evictBeyond(
  { maxPerFault, maxOctets }: RecordingBounds,
  faultCodes: readonly string[],
  spared: string,
): readonly Statement[] {
  const quota = evictBeyondQuota(spared, maxOctets);
  return maxPerFault > 0 ? [evictBeyondCap(JSON.stringify(faultCodes), spared, maxPerFault), quota] : [quota];
}

function putLink(faultCode: string, { id, path, format, durationMs, octets, createdAtNs }: KeptRecording): Statement {
  return {
    sql: `INSERT INTO rosbag_files
            (fault_code, recording_id, file_path, format, duration_sec, size_bytes, created_at_ns)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (fault_code, file_path) DO UPDATE SET
            recording_id = excluded.recording_id, format = excluded.format, duration_sec = excluded.duration_sec,
            size_bytes = excluded.size_bytes, created_at_ns = excluded.created_at_ns`,
    parameters: [faultCode, id, path, format, durationMs / 1000, octets, createdAtNs],
  };
}

function evictBeyondCap(codes: string, spared: string, max: number): Statement {
  return {
    sql: `DELETE FROM rosbag_files WHERE id IN (
            SELECT id FROM (
              SELECT id, row_number() OVER (
                PARTITION BY fault_code ORDER BY file_path = :spared DESC, created_at_ns DESC, id DESC
              ) AS place
              FROM rosbag_files WHERE fault_code IN (SELECT value FROM json_each(:codes))
            ) WHERE place > :max)`,
    parameters: { codes, spared, max },
  };
}

/** Leaves the newest recordings that fit together into `maxOctets`. */
function evictBeyondQuota(spared: string, maxOctets: number): Statement {
  return {
    sql: `DELETE FROM rosbag_files WHERE file_path <> :spared AND file_path IN (
            SELECT file_path FROM (
              SELECT file_path, sum(octets) OVER (
                ORDER BY file_path = :spared DESC, created DESC, first_id DESC
                ROWS UNBOUNDED PRECEDING
              ) AS together
              FROM (
                SELECT file_path, max(size_bytes) AS octets, max(created_at_ns) AS created, min(id) AS first_id
                FROM rosbag_files GROUP BY file_path
              )
            ) WHERE together > :maxOctets)`,
    parameters: { spared, maxOctets },
  };
}

export const unlinkFaults = (codes: readonly string[]): Statement => ({
  sql: 'DELETE FROM rosbag_files WHERE fault_code IN (SELECT value FROM json_each(?))',
  parameters: [JSON.stringify(codes)],
});

export const removePath = (path: string): Statement => ({
  sql: 'DELETE FROM rosbag_files WHERE file_path = ?',
  parameters: [path],
});

/** Every row of a recording says that it lies elsewhere. */
export const movePath = (from: string, to: string): Statement => ({
  sql: 'UPDATE rosbag_files SET file_path = ? WHERE file_path = ?',
  parameters: [to, from],
});

/** A question for recordings. */
export interface RecordingQuery {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

const whole = (where: string, order: 'ASC' | 'DESC'): string =>
  `SELECT file_path, max(recording_id) AS recording_id, max(format) AS format, max(duration_sec) AS duration_sec,
          max(size_bytes) AS size_bytes, max(created_at_ns) AS created, min(id) AS first_id,
          json_group_array(fault_code) AS fault_codes
   FROM rosbag_files ${where} GROUP BY file_path ORDER BY created ${order}, first_id ${order} LIMIT ?`;

/** Recordings of any of these faults, with all the faults that they are of, the newest first. */
export const recordingsOf = (codes: readonly string[], limit: number): RecordingQuery => ({
  sql: whole(
    `WHERE file_path IN (
       SELECT file_path FROM rosbag_files WHERE fault_code IN (SELECT value FROM json_each(?)))`,
    'DESC',
  ),
  parameters: [JSON.stringify(codes), limit],
});

export const recordingNamed = (id: string): RecordingQuery => ({
  sql: whole('WHERE recording_id = ?', 'DESC'),
  parameters: [id, 1],
});

export const oldestRecordings = (limit: number): RecordingQuery => ({ sql: whole('', 'ASC'), parameters: [limit] });

/** A recording of a row of one of the questions above. */
export function recordingOfRow(row: Row): KeptRecording {
  const path = String(row.file_path);
  const codes: readonly string[] = JSON.parse(String(row.fault_codes));
  return {
    id: String(row.recording_id) || basename(path),
    faultCodes: [...codes].sort(),
    path,
    format: String(row.format) || FIRST_FORMAT,
    octets: Number(row.size_bytes),
    durationMs: Number(row.duration_sec) * 1000,
    createdAtNs: nanoseconds(row.created),
  };
}

/** How many recordings there are, and what they have together. */
export const TOTALS = `SELECT count(*) AS recordings, coalesce(sum(octets), 0) AS octets
  FROM (SELECT max(size_bytes) AS octets FROM rosbag_files GROUP BY file_path)`;
