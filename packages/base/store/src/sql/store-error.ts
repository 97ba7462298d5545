import {
  ConstraintViolated,
  StatementFailed,
  StoreCorrupt,
  StoreError,
  StoreFull,
  StoreLocked,
  StoreReadOnly,
  StoreUnavailable,
} from '../errors.ts';

/** Primary result codes of SQLite, https://sqlite.org/rescode.html. */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_PROTOCOL = 15;
const SQLITE_CONSTRAINT = 19;
const SQLITE_NOTADB = 26;

/** Converts an error of node:sqlite or the file system into a `StoreError` for the store at `path`. */
export function storeError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const { errcode, code } = error as { readonly errcode?: unknown; readonly code?: unknown };
  // The upper bytes of the code give detail that callers do not need.
  if (typeof errcode === 'number') return ofSqlite(errcode & 0xff, message, path);
  return typeof code === 'string' ? ofSystem(code, message, path) : new StatementFailed(message);
}

function ofSqlite(code: number, message: string, path: string): StoreError {
  switch (code) {
    case SQLITE_FULL:
      return new StoreFull(`${path} is full: make room on the disk, or raise the limit of the store`);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return new StoreLocked(`${path} is locked by another process: only one process may write to it`);
    case SQLITE_READONLY:
      return readOnly(path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new StoreCorrupt(
        `${path} is damaged (${message}): restart medkit, which moves the file aside and creates a new one`,
      );
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return new StoreUnavailable(
        `${path} cannot be read or written (${message}): check the disk and the permissions of the file`,
      );
    case SQLITE_CONSTRAINT:
      return new ConstraintViolated(message);
    default:
      return new StatementFailed(message);
  }
}

function ofSystem(code: string, message: string, path: string): StoreError {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return readOnly(path);
    case 'ENOSPC':
    case 'EDQUOT':
      return ofSqlite(SQLITE_FULL, message, path);
    default:
      // Node.js reports invalid values with codes such as ERR_INVALID_ARG_TYPE; all other codes come from the system.
      return code.startsWith('ERR_') ? new StatementFailed(message) : ofSqlite(SQLITE_CANTOPEN, message, path);
  }
}

const readOnly = (path: string): StoreError =>
  new StoreReadOnly(
    `${path} cannot be written: give this user write permission for the file and its folder, or choose another path`,
  );
