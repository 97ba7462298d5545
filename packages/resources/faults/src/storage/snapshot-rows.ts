import type { Row, Statement } from '@medkit/store';
import { nanoseconds } from './fault-row.ts';
import type { StoredFrame } from './stored-frame.ts';

/** Adds the frame of a topic. */
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

/** What of a `StoredFrame` is a row of `freeze_frames`. */
type KeptFreezeFrame = Pick<StoredFrame, 'faultCode' | 'occurrence' | 'data' | 'problem' | 'capturedAtNs'>;

/**
 * Writes the frame that outlives a clear, of a fault that is there. An empty one takes the place of none that is not:
 * that nothing was heard this time says less than what was heard before.
 */
export function putFreezeFrame({ faultCode, occurrence, data, problem, capturedAtNs }: KeptFreezeFrame): Statement {
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

/** Which captures of a fault stay where there are more frames than `bound`. */
export interface SnapshotBound {
  readonly bound: number;
  /** The first capture stays beside the newest where there is room for both, and those between them go. */
  readonly keepsFirst: boolean;
}

/** Lets captures of a fault go, each as a whole and the oldest first, until what is left is within the bound, or one capture. */
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

/** The frame of a row of `snapshots`. */
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

/** The frame of a row of `freeze_frames`. */
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
