import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storeError } from '../sql/store-error.ts';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * Identities of the files of an open database. A user may remove or replace the files, while SQLite keeps writing to
 * the removed ones.
 */
export class OpenFiles {
  readonly #path: string;
  readonly #database: string | undefined;
  /** The log is created with the first transaction. */
  #log: string | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#database = identityOf(path);
    this.#log = identityOf(`${path}-wal`);
  }

  /** Returns whether the database and its log are still at their paths. */
  exist(): boolean {
    const log = identityOf(`${this.#path}-wal`);
    this.#log ??= log;
    return log === this.#log && this.isDatabaseInPlace();
  }

  /** Returns whether the database file itself is. */
  isDatabaseInPlace(): boolean {
    return identityOf(this.#path) === this.#database;
  }
}

/**
 * Writes the content of an open database into a new file at `path` and syncs it, also if its own files were removed. A
 * different database at that path is renamed to `<path>.replaced-<time>`. The connection still uses the old files:
 * close it. Throws the error of the file system or of SQLite.
 */
export function rewriteDatabase(database: DatabaseSync, files: OpenFiles, path: string, wallMs: number): void {
  const whole = writeWhole(database, path);
  if (!files.isDatabaseInPlace() && identityOf(path) !== undefined) {
    renameSync(path, `${path}.replaced-${new Date(wallMs).toISOString().replaceAll(':', '-')}`);
  }
  putInPlace(whole, path);
}

/**
 * Moves an unused database to a free path, also on another disk; the old file is renamed to `<from>.moved`. Returns
 * whether there was a database to move. Throws a `StoreError`.
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

/** Writes a copy of a database, which may be in use, to a path. Replaces a file there. Throws a `StoreError`. */
export function backUpDatabase(from: string, to: string): void {
  try {
    const database = new DatabaseSync(from, { readOnly: true });
    try {
      putInPlace(writeWhole(database, to), to);
    } finally {
      database.close();
    }
  } catch (error) {
    throw storeError(error, from);
  }
}

/** Writes the whole database into a new file beside `path` and returns the path of that file. */
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
  // SQLite would apply the log of another file to this one.
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
