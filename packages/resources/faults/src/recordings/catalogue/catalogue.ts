import { basename, dirname } from 'node:path';
import type { Notice } from '@medkit/documents';
import type { Files } from '@medkit/edges';
import { type Statement, type Store, StoreError } from '@medkit/store';
import type { BagShelf } from '../files/bag.ts';
import { isRecordingPath } from '../recorder/recording-name.ts';
import {
  enterRecording,
  evictBeyond,
  type KeptRecording,
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

/** Recordings of one answer: a list shows no more, and the files of each are looked at. */
export const MAX_LISTED = 1000;

export interface CatalogueOptions {
  /** Was opened with `FAULT_TABLES`. */
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly shelf: Pick<BagShelf, 'remove'>;
  readonly files: Pick<Files, 'stateOf'>;
  readonly bounds: RecordingBounds;
  readonly notice: (notice: Notice) => void;
}

/**
 * Which recordings there are of which faults. Rows go first and files second: a recording whose rows cannot be removed is
 * still whole. One whose files are gone is forgotten as soon as it is asked for. Calls reject with the `StoreError` of the
 * store.
 */
export class RecordingCatalogue {
  readonly #options: CatalogueOptions;

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /** What enters a recording that was just made into the books, and takes out what there is no room for beside it. */
  entering(recording: KeptRecording): readonly Statement[] {
    const { faultCodes, path } = recording;
    return [...enterRecording(recording), ...evictBeyond(this.#options.bounds, faultCodes, path)];
  }

  /** What enters an older recording into the books again, if there is room for it. */
  adopting(recording: KeptRecording): readonly Statement[] {
    return [...enterRecording(recording), ...evictBeyond(this.#options.bounds, recording.faultCodes, '')];
  }

  /** Recordings of any of these faults, the newest first. */
  ofFaults(codes: readonly string[]): Promise<readonly KeptRecording[]> {
    return this.#ask(recordingsOf(codes, MAX_LISTED));
  }

  async named(id: string): Promise<KeptRecording | undefined> {
    return (await this.#ask(recordingNamed(id)))[0];
  }

  async totals(): Promise<{ readonly recordings: number; readonly octets: number }> {
    const [row] = await this.#options.store.read(TOTALS);
    return { recordings: Number(row.recordings), octets: Number(row.octets) };
  }

  /**
   * Takes these faults off their recordings. Those that are left without any are out of the books, and their files go with
   * the next `clearAway`. Gives the number of rows.
   */
  unlink(codes: readonly string[]): Promise<number> {
    return this.#take(unlinkFaults(codes));
  }

  /** Removes a recording of whatever faults. Gives the number of rows; 0 where it is in no books. */
  async remove(id: string): Promise<number> {
    const [row] = await this.#rows(recordingNamed(id));
    if (row === undefined) return 0;
    const rows = await this.#take(removePath(row.path));
    await this.clearAway();
    return rows;
  }

  /**
   * Removes the oldest recording so that there is room on the disk; false where none can be. Here its files go first:
   * room is what is wanted, and on a full disk not even a row can always be removed.
   */
  async shed(): Promise<boolean> {
    for (const { path } of await this.#rows(oldestRecordings(MAX_LISTED))) {
      if ((await this.#isThere(path)) !== 'there' || !(await this.#removeFiles(path))) continue;
      await this.#forget(path);
      return true;
    }
    return false;
  }

  /** Those of the paths that are in no books, and are not about to be removed. */
  async strangers(paths: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#options.store.read(
      `SELECT value FROM json_each(?)
       WHERE value NOT IN (SELECT file_path FROM rosbag_files) AND value NOT IN (SELECT file_path FROM recording_removals)`,
      [JSON.stringify(paths)],
    );
    return rows.map(({ value }) => String(value));
  }

  /**
   * Whether a path in no books is that of a recording whose place of then is empty: the folder of all data was moved, or came
   * back from a backup. The books know it by its new path from now on.
   */
  async followTo(path: string): Promise<boolean> {
    const [row] = await this.#rows(recordingNamed(basename(path)));
    if (row === undefined || (await this.#isThere(row.path)) === 'there') return false;
    return (await this.#take(movePath(row.path, path))) > 0;
  }

  /** Removes the files that no row names any more. What cannot be removed now is tried again the next time. */
  async clearAway(): Promise<void> {
    const { store, notice } = this.#options;
    const rows = await store.read('SELECT file_path FROM recording_removals LIMIT ?', [MAX_LISTED]);
    for (const { file_path } of rows) {
      const path = String(file_path);
      const isOurs = isRecordingPath(path);
      if (isOurs && !(await this.#removeFiles(path))) continue;
      if (!isOurs) {
        notice({ level: 'warning', text: `${path} is not named like a recording: it is left where it is` });
      }
      await store.write([{ sql: 'DELETE FROM recording_removals WHERE file_path = ?', parameters: [path] }]);
    }
  }

  /** False where they cannot be removed, or are no recording's. */
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

  /** Takes a recording without files out of the books; where the store fails, the next who asks for it does. */
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
    return results[0].changes;
  }

  async #rows({ sql, parameters }: RecordingQuery): Promise<readonly KeptRecording[]> {
    return (await this.#options.store.read(sql, parameters)).map(recordingOfRow);
  }

  async #ask(query: RecordingQuery): Promise<readonly KeptRecording[]> {
    const rows = await this.#rows(query);
    const there = await Promise.all(rows.map(({ path }) => this.#isThere(path)));
    for (const { path } of rows.filter((_, index) => there[index] === 'gone')) {
      // One that was removed just now is in no books any more, and nothing to tell of.
      if (!(await this.#forget(path))) continue;
      this.#options.notice({ level: 'warning', text: `Rosbag file not found on disk: ${path}; it is forgotten` });
    }
    return rows.filter((_, index) => there[index] === 'there');
  }

  /** Where the folder above is missing too, a disk is, and may be back: that is no reason to forget what is on it. */
  async #isThere(path: string): Promise<'there' | 'gone' | 'away'> {
    const { files } = this.#options;
    try {
      if (await files.stateOf(path)) return 'there';
      return (await files.stateOf(dirname(path))) ? 'gone' : 'away';
    } catch {
      // It cannot be looked at, for want of rights or since the disk fails: whoever reads it is told.
      return 'there';
    }
  }
}
