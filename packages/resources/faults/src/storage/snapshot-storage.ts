import type { Store } from '@medkit/store';
import type { CapturedTopic, NumberedCapture } from './pending-capture.ts';
import { capturedTopicOf, numberedCaptureOf } from './pending-capture-rows.ts';
import { frameOfRow, freezeFrameOfRow } from './snapshot-rows.ts';
import type { StoredFrame } from './stored-frame.ts';

/** Reads snapshots. All calls reject with the `StoreError` of the store. */
export interface SnapshotStorage {
  /** Returns the topic frames of a fault, newest capture first, as many as one reply can hold. */
  frames(faultCode: string): Promise<readonly StoredFrame[]>;
  /** Returns the frame of a fault that survives a clear. */
  freezeFrame(faultCode: string): Promise<StoredFrame | undefined>;
  /** Returns the number of topic frames of a fault. */
  count(faultCode: string): Promise<number>;
  /** Returns the highest number of any capture, including unfinished ones; 0 if there is none. */
  newestCaptureId(): Promise<number>;
  /** Returns the number of the newest complete capture of an occurrence; `undefined` if there is none. */
  newestCapture(faultCode: string, occurrence: number): Promise<number | undefined>;
  /** Returns the unfinished captures, oldest first. */
  pending(): Promise<readonly NumberedCapture[]>;
  /** Returns the buffered messages of an unfinished capture. */
  held(captureId: number): Promise<readonly CapturedTopic[]>;
}

/** Maximum frames of one reply; the number of frames of a fault may be unbounded. */
export const MAX_FRAMES_READ = 1000;
/** Maximum characters of the frames of one reply, except the last one. The store returns at most 32 MiB. */
const MAX_CHARACTERS_READ = 8_388_608;
/** Maximum unfinished captures; more than a queue can hold. */
const MAX_PENDING = 10_000;

/** Creates the reader for a store opened with `FAULT_TABLES`. */
export function snapshotStorage(store: Store): SnapshotStorage {
  return {
    frames: async (faultCode) => {
      const rows = await store.read(
        `SELECT * FROM (
           SELECT *, sum(length(data) + length(history)) OVER newest - length(data) - length(history) AS before
           FROM snapshots WHERE fault_code = ?
           WINDOW newest AS (ORDER BY capture_id DESC, captured_at_ns DESC, id ROWS UNBOUNDED PRECEDING)
           ORDER BY capture_id DESC, captured_at_ns DESC, id
         ) WHERE before < ? LIMIT ?`,
        [faultCode, MAX_CHARACTERS_READ, MAX_FRAMES_READ],
      );
      return rows.map(frameOfRow);
    },
    freezeFrame: async (faultCode) => {
      const [row] = await store.read('SELECT * FROM freeze_frames WHERE fault_code = ?', [faultCode]);
      return row === undefined ? undefined : freezeFrameOfRow(row);
    },
    count: async (faultCode) => {
      const [row] = await store.read('SELECT count(*) AS frames FROM snapshots WHERE fault_code = ?', [faultCode]);
      return Number(row.frames);
    },
    newestCaptureId: async () => {
      const [row] = await store.read(
        `SELECT max(capture_id) AS newest FROM (
           SELECT capture_id FROM snapshots UNION ALL SELECT capture_id FROM pending_captures)`,
      );
      return Number(row.newest ?? 0);
    },
    newestCapture: async (faultCode, occurrence) => {
      const sql = 'SELECT max(capture_id) AS newest FROM snapshots WHERE fault_code = ? AND occurrence = ?';
      const [row] = await store.read(sql, [faultCode, occurrence]);
      return row.newest === null ? undefined : Number(row.newest);
    },
    pending: async () => {
      const sql = 'SELECT * FROM pending_captures ORDER BY capture_id LIMIT ?';
      return (await store.read(sql, [MAX_PENDING])).map(numberedCaptureOf);
    },
    held: async (captureId) => {
      const sql =
        'SELECT topic, runtime, message_type, samples FROM pending_samples WHERE capture_id = ? ORDER BY place';
      return (await store.read(sql, [captureId])).map(capturedTopicOf).filter(({ samples }) => samples.length > 0);
    },
  };
}
