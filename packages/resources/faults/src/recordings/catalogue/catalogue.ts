import { basename, dirname } from 'node:path';
import type { Notice } from '@medkit/documents';
import type { Clock, Files } from '@medkit/edges';
import { type Statement, type Store, StoreError } from '@medkit/store';
import type { BagShelf } from '../files/bag.ts';
import { isRecordingPath } from '../recorder/recording-name.ts';
import {
  type CatalogueRecording,
  enterRecording,
  evictBeyond,
  movePath,
  oldestRecordings,
  type RecordingBounds,
  type RecordingQuery,
  recordingNamed,
  recordingOfRow,
  recordingsOf,
  removePath,
  TOTALS,
  unlinkFaults,
} from './recording-rows.ts';

/** Maximum recordings of one reply: a list returns no more, and the files of each are checked. */
const MAX_LISTED = 1000;

/**
 * Age in milliseconds after which the totals are read again. Every change through the catalogue ends them earlier; only
 * the removal of a displaced fault does not.
 */
const TOTALS_MAX_AGE_MS = 30_000;

/** Number of recordings, and their size in bytes. */
export interface RecordingTotals {
  readonly recordings: number;
  readonly octets: number;
}

export interface CatalogueOptions {
  /** Opened with `FAULT_TABLES`. */
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly shelf: Pick<BagShelf, 'remove'>;
  readonly files: Pick<Files, 'stateOf'>;
  readonly bounds: RecordingBounds;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly notice: (notice: Notice) => void;
}

/**
 * The catalogue of recordings by fault. Rows are removed before files, so that a recording whose rows cannot be removed
 * is still complete. A recording whose files are missing is forgotten when it is requested. Calls reject with the
 * `StoreError` of the store.
 */
export class RecordingCatalogue {
  readonly #options: CatalogueOptions;
  #totals: { readonly atMs: number; readonly totals: Promise<RecordingTotals> } | undefined;

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /** Returns the statements that add a new recording, and evict what exceeds the bounds. */
  entering(recording: CatalogueRecording): readonly Statement[] {
    const { faultCodes, path } = recording;
    return [...enterRecording(recording), ...evictBeyond(this.#options.bounds, faultCodes, path)];
  }

  /** Returns the statements that add an older recording again, if there is room for it. */
  adopting(recording: CatalogueRecording): readonly Statement[] {
    return [...enterRecording(recording), ...evictBeyond(this.#options.bounds, recording.faultCodes, '')];
  }

  /** Returns the recordings of any of these faults, newest first. */
  ofFaults(codes: readonly string[]): Promise<readonly CatalogueRecording[]> {
    return this.#ask(recordingsOf(codes, MAX_LISTED));
  }

  async named(id: string): Promise<CatalogueRecording | undefined> {
    return (await this.#ask(recordingNamed(id)))[0];
  }

  /** Returns the totals. Reads the store only if the catalogue may have changed. */
  totals(): Promise<RecordingTotals> {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#totals && nowMs - this.#totals.atMs < TOTALS_MAX_AGE_MS) return this.#totals.totals;
    const read = { atMs: nowMs, totals: this.#readTotals() };
    this.#totals = read;
    read.totals.catch(() => {
      if (this.#totals === read) this.#totals = undefined;
    });
    return read.totals;
  }

  /** Called after the statements of `entering` or `adopting` were written. */
  changed(): void {
    this.#totals = undefined;
  }

  async #readTotals(): Promise<RecordingTotals> {
    const [row] = await this.#options.store.read(TOTALS);
    return { recordings: Number(row.recordings), octets: Number(row.octets) };
  }

  /**
   * Unlinks these faults from their recordings. Recordings without faults leave the catalogue, and the next `clearAway`
   * removes their files. Returns the number of rows.
   */
  unlink(codes: readonly string[]): Promise<number> {
    return this.#take(unlinkFaults(codes));
  }

  /** Removes a recording of any faults. Returns the number of rows; 0 if it is unknown. */
  async remove(id: string): Promise<number> {
    const [row] = await this.#rows(recordingNamed(id));
    if (row === undefined) return 0;
    const rows = await this.#take(removePath(row.path));
    await this.clearAway();
    return rows;
  }

  /**
   * Removes the oldest recording to free disk space; returns false if there is none. Here the files are removed first,
   * because on a full disk a row cannot always be removed.
   */
  async shed(): Promise<boolean> {
    for (const { path } of await this.#rows(oldestRecordings(MAX_LISTED))) {
      if ((await this.#stateOf(path)) !== 'there' || !(await this.#removeFiles(path))) continue;
      await this.#forget(path);
      return true;
    }
    return false;
  }

  /** Returns the paths that are not in the catalogue and not about to be removed. */
  async unlisted(paths: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#options.store.read(
      `SELECT value FROM json_each(?)
       WHERE value NOT IN (SELECT file_path FROM rosbag_files) AND value NOT IN (SELECT file_path FROM recording_removals)`,
      [JSON.stringify(paths)],
    );
    return rows.map(({ value }) => String(value));
  }

  /**
   * Updates the path of a recording that was moved: the catalogue knows its name under a path that no longer exists,
   * because the data folder was moved or restored from a backup. Returns whether it did.
   */
  async followTo(path: string): Promise<boolean> {
    const [row] = await this.#rows(recordingNamed(basename(path)));
    if (row === undefined || (await this.#stateOf(row.path)) === 'there') return false;
    return (await this.#take(movePath(row.path, path))) > 0;
  }

  /** Removes the files that no row refers to. Failed removals are retried the next time. */
  async clearAway(): Promise<void> {
    const { store, notice } = this.#options;
    const rows = await store.read('SELECT file_path FROM recording_removals LIMIT ?', [MAX_LISTED]);
    for (const { file_path } of rows) {
      const path = String(file_path);
      const isOurs = isRecordingPath(path);
      if (isOurs && !(await this.#removeFiles(path))) continue;
      if (!isOurs) {
        notice({ level: 'warning', text: `${path} does not have the name of a recording: it is not removed` });
      }
      await store.write([{ sql: 'DELETE FROM recording_removals WHERE file_path = ?', parameters: [path] }]);
    }
  }

  /** Returns false if the files cannot be removed or do not belong to a recording. */
  async #removeFiles(path: string): Promise<boolean> {
    const { shelf, notice } = this.#options;
    if (!isRecordingPath(path)) return false;
    try {
      await shelf.remove(path);
      return true;
    } catch (error) {
      notice({ level: 'warning', text: `the recording ${path} cannot be removed: ${(error as Error).message}` });
      return false;
    }
  }

  /** Removes a recording without files from the catalogue. If the store fails, the next request tries again. */
  async #forget(path: string): Promise<boolean> {
    try {
      return (await this.#take(removePath(path))) > 0;
    } catch (error) {
      if (error instanceof StoreError) return false;
      throw error;
    }
  }

  async #take(statement: Statement): Promise<number> {
    const { results } = await this.#options.store.write([statement]);
    this.changed();
    return results[0].changes;
  }

  async #rows({ sql, parameters }: RecordingQuery): Promise<readonly CatalogueRecording[]> {
    return (await this.#options.store.read(sql, parameters)).map(recordingOfRow);
  }

  async #ask(query: RecordingQuery): Promise<readonly CatalogueRecording[]> {
    const rows = await this.#rows(query);
    const states = await Promise.all(rows.map(({ path }) => this.#stateOf(path)));
    for (const { path } of rows.filter((_, index) => states[index] === 'gone')) {
      // A recording that was just removed needs no warning.
      if (!(await this.#forget(path))) continue;
      this.#options.notice({ level: 'warning', text: `Rosbag file not found on disk: ${path}; its entry is removed` });
    }
    return rows.filter((_, index) => states[index] === 'there');
  }

  /** If the parent folder is missing too, the disk may only be unmounted, and its recordings are not forgotten. */
  async #stateOf(path: string): Promise<'there' | 'gone' | 'away'> {
    const { files } = this.#options;
    try {
      if (await files.stateOf(path)) return 'there';
      return (await files.stateOf(dirname(path))) ? 'gone' : 'away';
    } catch {
      // The path cannot be checked, because of permissions or a failing disk; reading the files reports the error.
      return 'there';
    }
  }
}
