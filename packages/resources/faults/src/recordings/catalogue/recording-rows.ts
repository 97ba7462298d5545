import { basename } from 'node:path';
import type { FaultRecording } from '@medkit/core';
import type { Row, SqlValue, Statement } from '@medkit/store';
import { nanoseconds } from '../../storage/fault-row.ts';

/** A recording in the catalogue. Its path is a folder; in a database of ros2_medkit it may also be a single file. */
export type CatalogueRecording = Omit<FaultRecording, 'kind'> & { readonly path: string };

/** Bounds of stored recordings. */
export interface RecordingBounds {
  /** Maximum recordings of each fault; 0 for no limit. */
  readonly maxPerFault: number;
  /** Maximum bytes of all recordings. */
  readonly maxOctets: number;
}

/** Format of the first releases, which did not store it. */
const FIRST_FORMAT = 'sqlite3';

/** Returns the statements that add a recording to its faults, or update it. */
export const enterRecording = (recording: CatalogueRecording): readonly Statement[] =>
  recording.faultCodes.map((code) => putLink(code, recording));

/**
 * Returns the statements that evict recordings beyond the bounds, oldest first. For the total bound, recordings are
 * evicted completely.
 * @param faultCodes faults whose recordings count for the bound per fault
 * @param spared path of a new recording that stays regardless of the clock and its size; may be empty
 */
export function evictBeyond(
  { maxPerFault, maxOctets }: RecordingBounds,
  faultCodes: readonly string[],
  spared: string,
): readonly Statement[] {
  const quota = evictBeyondQuota(spared, maxOctets);
  return maxPerFault > 0 ? [evictBeyondCap(JSON.stringify(faultCodes), spared, maxPerFault), quota] : [quota];
}

function putLink(
  faultCode: string,
  { id, path, format, durationMs, octets, createdAtNs }: CatalogueRecording,
): Statement {
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

/** Keeps the newest recordings that fit into `maxOctets`. */
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

/** Changes the path in every row of a recording. */
export const movePath = (from: string, to: string): Statement => ({
  sql: 'UPDATE rosbag_files SET file_path = ? WHERE file_path = ?',
  parameters: [to, from],
});

/** A query for recordings. */
export interface RecordingQuery {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

const whole = (where: string, order: 'ASC' | 'DESC'): string =>
  `SELECT file_path, max(recording_id) AS recording_id, max(format) AS format, max(duration_sec) AS duration_sec,
          max(size_bytes) AS size_bytes, max(created_at_ns) AS created, min(id) AS first_id,
          json_group_array(fault_code) AS fault_codes
   FROM rosbag_files ${where} GROUP BY file_path ORDER BY created ${order}, first_id ${order} LIMIT ?`;

/** Recordings of any of these faults, with all their faults, newest first. */
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

/** Recordings created at or after a time, nanoseconds since 1970, newest first. */
export const recordingsSince = (sinceNs: bigint, limit: number): RecordingQuery => ({
  sql: whole('WHERE created_at_ns >= ?', 'DESC'),
  parameters: [sinceNs, limit],
});

/** Converts a row of one of these queries to a recording. */
export function recordingOfRow(row: Row): CatalogueRecording {
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

/** Counts the recordings and their total size. */
export const TOTALS = `SELECT count(*) AS recordings, coalesce(sum(octets), 0) AS octets
  FROM (SELECT max(size_bytes) AS octets FROM rosbag_files GROUP BY file_path)`;
