import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';

const OWNER_ONLY_FILE = 0o600;
/** Fixed number of digits, so that a larger count completely overwrites a smaller one. */
const DIGITS = 16;

/**
 * Number of committed transactions of a database, in a file beside it. It reveals a lost, truncated or damaged log, or
 * an older copy of the database: the count inside the database is lost with it.
 */
export class HighWaterMark {
  readonly #path: string;
  #file: number | undefined;

  constructor(databasePath: string) {
    this.#path = `${databasePath}.mark`;
  }

  /** Returns the last written count; 0 if there is none or it cannot be read. */
  read(): number {
    try {
      const commits = Number.parseInt(readFileSync(this.#path, 'latin1'), 10);
      return Number.isSafeInteger(commits) && commits > 0 ? commits : 0;
    } catch {
      // The folder of an older medkit has no mark. An unreadable mark proves nothing.
      return 0;
    }
  }

  /** Writes the count in place, without waiting for the disk: it may lag behind the database, but never exceed it. */
  write(commits: number): void {
    try {
      // Does not truncate: the old count stays valid until it is overwritten.
      this.#file ??= openSync(this.#path, constants.O_WRONLY | constants.O_CREAT, OWNER_ONLY_FILE);
      writeSync(this.#file, `${String(commits).padStart(DIGITS, '0')}\n`, 0, 'latin1');
    } catch {
      // A missing mark must not fail a write. The database reports a full disk.
      this.close();
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
