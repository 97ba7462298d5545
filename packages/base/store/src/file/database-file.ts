import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StoreCorrupt } from '../errors.ts';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** Maximum damaged files retained for analysis, so that they do not fill a dying disk. */
const MAX_SET_ASIDE = 3;

/** First bytes of every SQLite database, https://sqlite.org/fileformat.html. */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * Creates the file and its folder, accessible only to this user; existing ones keep their permissions. SQLite applies
 * the permissions of the file to the files beside it. Throws the error of the file system if the path is not writable.
 */
export function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  closeSync(openSync(path, 'a', OWNER_ONLY_FILE));
  // The write-ahead log and its index are new files in the folder.
  accessSync(dirname(path), constants.W_OK);
}

/**
 * Moves a damaged database aside with its write-ahead log. Returns its new path. Throws `StoreCorrupt` if the file is
 * not a SQLite database: a store does not move files of other programs.
 */
export function setAside(path: string, wallMs: number): string {
  if (!wasDatabase(path)) {
    throw new StoreCorrupt(`${path} is not a database: choose another path for the store, or remove the file`);
  }
  const aside = `${path}.corrupt-${new Date(wallMs).toISOString().replaceAll(':', '-')}`;
  // Moves the log first: SQLite would apply an old log to a new database.
  moveIfThere(`${path}-wal`, `${aside}-wal`);
  rmSync(`${path}-shm`, { force: true });
  renameSync(path, aside);
  removeOldest(path);
  return aside;
}

/** Returns the size in bytes of the write-ahead log of the database at `path`. */
export function logBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** Syncs the write-ahead log of the database at `path` to disk. */
export function syncLog(path: string): void {
  if (logBytes(path) === 0) return;
  const log = openSync(`${path}-wal`, 'r');
  try {
    fsyncSync(log);
  } finally {
    closeSync(log);
  }
}

/**
 * Returns whether the file is a SQLite database. Accepts zeros: after a power loss, file systems show zeros for data
 * that never arrived.
 */
function wasDatabase(path: string): boolean {
  const start = Buffer.alloc(MAGIC.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  return start.equals(MAGIC) || start.every((octet) => octet === 0);
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ENOENT') throw error;
  }
}

function removeOldest(path: string): void {
  const folder = dirname(path);
  const prefix = `${basename(path)}.corrupt-`;
  const asides = readdirSync(folder).filter((name) => name.startsWith(prefix) && !name.endsWith('-wal'));
  for (const name of asides.sort().slice(0, -MAX_SET_ASIDE)) {
    rmSync(join(folder, name), { force: true });
    rmSync(join(folder, `${name}-wal`), { force: true });
  }
}
