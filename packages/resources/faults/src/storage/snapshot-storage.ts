import type { Store } from '@medkit/store';
import type { KeptTopic, NumberedCapture } from './pending-capture.ts';
import { keptTopicOf, numberedCaptureOf } from './pending-capture-rows.ts';
import { frameOfRow, freezeFrameOfRow } from './snapshot-rows.ts';
import type { StoredFrame } from './stored-frame.ts';

/** What is read of snapshots. All calls reject with the `StoreError` of the store below. */
export interface SnapshotStorage {
  /** Frames of topics of a fault, newest capture first, as many as one reply can have. */
  frames(faultCode: string): Promise<readonly StoredFrame[]>;
  /** The frame of a fault that outlives a clear. */
  freezeFrame(faultCode: string): Promise<StoredFrame | undefined>;
  /** How many frames of topics a fault has. */
  count(faultCode: string): Promise<number>;
  /** The highest number of any capture, also of one that is not done; 0 where there is none. */
  newestCaptureId(): Promise<number>;
  /** The number of the newest capture of an occurrence of a fault that is done; `undefined` where there is none. */
  newestCapture(faultCode: string, occurrence: number): Promise<number | undefined>;
  /** Captures that are not done, oldest first. */
  pending(): Promise<readonly NumberedCapture[]>;
  /** What such a capture had at hand. */
  held(captureId: number): Promise<readonly KeptTopic[]>;
}

/** Frames of one reply. Without a bound on the frames of a fault there may be any number. */
export const MAX_FRAMES_READ = 1000;
/** Characters of the frames of one reply, the last of them aside. The store gives 32 MiB at once. */
const MAX_CHARACTERS_READ = 8_388_608;
/** Captures that were not done; more than a queue can hold. */
const MAX_PENDING = 10_000;

/** Snapshots in a store that was opened with `FAULT_TABLES`. */
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
      return (await store.read(sql, [captureId])).map(keptTopicOf).filter(({ samples }) => samples.length > 0);
    },
  };
}
