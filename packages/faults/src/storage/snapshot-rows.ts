import type { Row, Statement } from '@medkit/store';
import { nanoseconds } from './fault-row.ts';
import type { StoredFrame } from './stored-frame.ts';

/** Adds the frame of a topic. */
export function putSnapshot(frame: StoredFrame): Statement {
  const { faultCode, topic, messageType, data, capturedAtNs, captureId, problem, history } = frame;
  return {
    sql: `INSERT INTO snapshots
            (fault_code, topic, message_type, data, captured_at_ns, capture_id, problem, history)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [faultCode, topic, messageType, data, capturedAtNs, captureId, problem, history],
  };
}

/** What of a `StoredFrame` is a row of `freeze_frames`. */
type KeptFreezeFrame = Pick<StoredFrame, 'faultCode' | 'data' | 'problem' | 'capturedAtNs'>;

/**
 * Writes the frame that outlives a clear, of a fault that is there. An empty one takes the place of none that is not:
 * that nothing was heard this time says less than what was heard before.
 */
export function putFreezeFrame({ faultCode, data, problem, capturedAtNs }: KeptFreezeFrame): Statement {
  return {
    sql: `INSERT INTO freeze_frames (fault_code, data, captured_at_ns, problem)
          SELECT fault_code, :data, :at, :problem FROM faults WHERE fault_code = :code
          ON CONFLICT (fault_code) DO UPDATE SET
            data = excluded.data, captured_at_ns = excluded.captured_at_ns, problem = excluded.problem
          WHERE excluded.data <> '{}' OR freeze_frames.data = '{}'`,
    parameters: { code: faultCode, data, problem, at: capturedAtNs },
  };
}

/** Lets the oldest captures of a fault go, each as a whole, until no more than `bound` rows are left, or one capture. */
export function trimSnapshots(faultCode: string, bound: number): Statement {
  return {
    sql: `DELETE FROM snapshots WHERE fault_code = :code AND capture_id IN (
            SELECT capture_id FROM (
              SELECT capture_id, sum(count(*)) OVER (ORDER BY capture_id DESC) AS upto,
                     row_number() OVER (ORDER BY capture_id DESC) AS place
              FROM snapshots WHERE fault_code = :code GROUP BY capture_id
            ) WHERE upto > :bound AND place > 1)`,
    parameters: { code: faultCode, bound },
  };
}

/** The frame of a row of `snapshots`. */
export function frameOfRow(row: Row): StoredFrame {
  return {
    faultCode: String(row.fault_code),
    captureId: Number(row.capture_id),
    topic: String(row.topic),
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
    topic: '',
    messageType: '',
    data: String(row.data),
    problem: String(row.problem),
    history: '',
    capturedAtNs: nanoseconds(row.captured_at_ns),
  };
}
