import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';

const OWNER_ONLY_FILE = 0o600;
/** Octets of the figure, so that a larger one takes the place of a smaller one whole. */
const DIGITS = 16;

/**
 * How many transactions a database has committed, in a file beside it: what the database says of itself goes back with it
 * where its log is lost, cut or damaged, or where an older copy is put in its place.
 */
export class HighWaterMark {
  readonly #path: string;
  #file: number | undefined;

  constructor(databasePath: string) {
    this.#path = `${databasePath}.mark`;
  }

  /** What was written last; 0 where nothing was, or nothing that can be read. */
  read(): number {
    try {
      const commits = Number.parseInt(readFileSync(this.#path, 'latin1'), 10);
      return Number.isSafeInteger(commits) && commits > 0 ? commits : 0;
    } catch {
      // There is no mark in the folder of an earlier medkit. One that cannot be read bears witness to nothing.
      return 0;
    }
  }

  /** Writes the figure, in place. It is not waited for until it is on disk: it may lag behind the database, never lead. */
  write(commits: number): void {
    try {
      // Not truncated: the figure that is there counts until it is overwritten.
      this.#file ??= openSync(this.#path, constants.O_WRONLY | constants.O_CREAT, OWNER_ONLY_FILE);
      writeSync(this.#file, `${String(commits).padStart(DIGITS, '0')}\n`, 0, 'latin1');
    } catch {
      // A write is not refused for want of a witness. The disk that has no room for it is told of by the database.
      this.close();
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
