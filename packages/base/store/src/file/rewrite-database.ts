import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storeError } from '../sql/store-error.ts';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** The files of an open database: somebody may remove them, or put others in their place, and SQLite writes on into nowhere. */
export class OpenFiles {
  readonly #path: string;
  readonly #database: string | undefined;
  /** Is made with the first transaction. */
  #log: string | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#database = identityOf(path);
    this.#log = identityOf(`${path}-wal`);
  }

  /** True while the database and its log are where they were opened. */
  areThere(): boolean {
    const log = identityOf(`${this.#path}-wal`);
    this.#log ??= log;
    return log === this.#log && this.hasOwnDatabase();
  }

  /** True while the database itself is. */
  hasOwnDatabase(): boolean {
    return identityOf(this.#path) === this.#database;
  }
}

/**
 * Writes all that an open database holds into a new file at `path`, also where its own files are removed, and has that on
 * disk. Another database that was put there is kept as `<path>.replaced-<time>`. The connection still has the old files: it
 * is to be closed. Throws what the file system or SQLite says.
 */
export function rewriteDatabase(database: DatabaseSync, files: OpenFiles, path: string, wallMs: number): void {
  const whole = writeWhole(database, path);
  if (!files.hasOwnDatabase() && identityOf(path) !== undefined) {
    renameSync(path, `${path}.replaced-${new Date(wallMs).toISOString().replaceAll(':', '-')}`);
  }
  putInPlace(whole, path);
}

/**
 * Moves a database that nobody uses to a path where there is none, also to another disk; it is kept where it was as
 * `<from>.moved`. Gives whether there was one to be moved. Throws a `StoreError`.
 */
export function moveDatabase(from: string, to: string): boolean {
  if (identityOf(from) === undefined || identityOf(to) !== undefined) return false;
  try {
    const database = new DatabaseSync(from);
    try {
      putInPlace(writeWhole(database, to), to);
    } finally {
      database.close();
    }
    renameSync(from, `${from}.moved`);
    for (const ending of ['-wal', '-shm', '.mark', '.reserve']) rmSync(`${from}${ending}`, { force: true });
    return true;
  } catch (error) {
    throw storeError(error, from);
  }
}

/** Gives the path of a new file beside `path` with all that the database holds. */
function writeWhole(database: DatabaseSync, path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const whole = `${path}.rewritten`;
  rmSync(whole, { force: true });
  closeSync(openSync(whole, 'w', OWNER_ONLY_FILE));
  database.prepare('VACUUM INTO ?').run(whole);
  sync(whole);
  return whole;
}

function putInPlace(whole: string, path: string): void {
  // A log that belongs to another file would be taken for this one's.
  for (const ending of ['-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
  renameSync(whole, path);
  sync(dirname(path));
}

function identityOf(path: string): string | undefined {
  const facts = statSync(path, { throwIfNoEntry: false });
  return facts && `${facts.dev}:${facts.ino}`;
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
