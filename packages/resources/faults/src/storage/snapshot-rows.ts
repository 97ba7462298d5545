import type { Row, Statement } from '@medkit/store';
import { nanoseconds } from './fault-row.ts';
import type { StoredFrame } from './stored-frame.ts';

/** Returns the statement that adds a topic frame. */
export function putSnapshot(frame: StoredFrame): Statement {
  const {
    faultCode,
    topic,
    runtime = '',
    messageType,
    data,
    capturedAtNs,
    captureId,
    occurrence,
    problem,
    history,
  } = frame;
  return {
    sql: `INSERT INTO snapshots
            (fault_code, topic, runtime, message_type, data, captured_at_ns, capture_id, occurrence, problem, history)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [faultCode, topic, runtime, messageType, data, capturedAtNs, captureId, occurrence, problem, history],
  };
}

/** The part of a `StoredFrame` that a row of `freeze_frames` has. */
type FreezeFrameRow = Pick<StoredFrame, 'faultCode' | 'occurrence' | 'data' | 'problem' | 'capturedAtNs'>;

/**
 * Returns the statement that writes the frame that survives a clear, for an existing fault. An empty frame does not
 * replace one with data, which is more informative.
 */
export function putFreezeFrame({ faultCode, occurrence, data, problem, capturedAtNs }: FreezeFrameRow): Statement {
  return {
    sql: `INSERT INTO freeze_frames (fault_code, data, captured_at_ns, problem, occurrence)
          SELECT fault_code, :data, :at, :problem, :occurrence FROM faults WHERE fault_code = :code
          ON CONFLICT (fault_code) DO UPDATE SET
            data = excluded.data, captured_at_ns = excluded.captured_at_ns, problem = excluded.problem,
            occurrence = excluded.occurrence
          WHERE excluded.data <> '{}' OR freeze_frames.data = '{}'`,
    parameters: { code: faultCode, data, problem, at: capturedAtNs, occurrence },
  };
}

/** Which captures of a fault stay if it has more frames than `bound`. */
export interface SnapshotBound {
  readonly bound: number;
  /** True if the first capture stays next to the newest, if both fit, and those in between are removed. */
  readonly keepsFirst: boolean;
}

/**
 * Returns the statement that removes complete captures of a fault, oldest first, until the rest is within the bound or
 * a single capture is left.
 */
export function trimSnapshots(faultCode: string, { bound, keepsFirst }: SnapshotBound): Statement {
  return {
    sql: `WITH captures AS (
            SELECT capture_id, count(*) AS frames FROM snapshots WHERE fault_code = :code GROUP BY capture_id
          ), ranked AS (
            SELECT capture_id, frames, row_number() OVER (ORDER BY capture_id DESC) AS place,
                   :first AND row_number() OVER (ORDER BY capture_id) = 1
                     AND frames + first_value(frames) OVER (ORDER BY capture_id DESC) <= :bound AS kept
            FROM captures
          )
          DELETE FROM snapshots WHERE fault_code = :code AND capture_id IN (
            SELECT capture_id FROM (
              SELECT capture_id, place, sum(frames) OVER (ORDER BY place = 1 DESC, kept DESC, place) AS upto FROM ranked
            ) WHERE upto > :bound AND place > 1)`,
    parameters: { code: faultCode, bound, first: keepsFirst ? 1 : 0 },
  };
}

/** Converts a row of `snapshots`. */
export function frameOfRow(row: Row): StoredFrame {
  return {
    faultCode: String(row.fault_code),
    captureId: Number(row.capture_id),
    occurrence: Number(row.occurrence),
    topic: String(row.topic),
    ...(row.runtime !== '' && { runtime: String(row.runtime) }),
    messageType: String(row.message_type),
    data: String(row.data),
    problem: String(row.problem),
    history: String(row.history),
    capturedAtNs: nanoseconds(row.captured_at_ns),
  };
}

/** Converts a row of `freeze_frames`. */
export function freezeFrameOfRow(row: Row): StoredFrame {
  return {
    faultCode: String(row.fault_code),
    captureId: 0,
    occurrence: Number(row.occurrence),
    topic: '',
    messageType: '',
    data: String(row.data),
    problem: String(row.problem),
    history: '',
    capturedAtNs: nanoseconds(row.captured_at_ns),
  };
}
