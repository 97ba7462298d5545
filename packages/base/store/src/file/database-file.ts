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

/** Damaged files that are kept for somebody to look at: a dying disk must not be filled by them. */
const MAX_SET_ASIDE = 3;

/** First octets of every SQLite database, https://sqlite.org/fileformat.html. */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * Makes the file, and its folder where there is none, for this user alone; what is there keeps its rights. SQLite gives
 * the rights of the file to the ones beside it. Throws what the file system says where it cannot be written to.
 */
export function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  closeSync(openSync(path, 'a', OWNER_ONLY_FILE));
  // The log and its index are new files beside it.
  accessSync(dirname(path), constants.W_OK);
}

/**
 * Moves a damaged database out of the way, with the log in front of it, and gives its new path. Throws `StoreCorrupt`
 * where the file is something else altogether: it is not for a store to move other people's files.
 */
export function setAside(path: string, wallMs: number): string {
  if (!wasDatabase(path)) {
    throw new StoreCorrupt(`${path} is not a database: name another path for the store, or remove the file`);
  }
  const aside = `${path}.corrupt-${new Date(wallMs).toISOString().replaceAll(':', '-')}`;
  // The log first: a new database beside an old log would take it for its own.
  moveIfThere(`${path}-wal`, `${aside}-wal`);
  rmSync(`${path}-shm`, { force: true });
  renameSync(path, aside);
  removeOldest(path);
  return aside;
}

/** Octets of the log in front of the database at `path`. */
export function logBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** Brings to disk what stands in the log in front of the database at `path`. */
export function syncLog(path: string): void {
  if (logBytes(path) === 0) return;
  const log = openSync(`${path}-wal`, 'r');
  try {
    fsyncSync(log);
  } finally {
    closeSync(log);
  }
}

/** After a loss of power, file systems show zeros where data never arrived. */
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
