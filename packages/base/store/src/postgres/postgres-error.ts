import {
  ConstraintViolated,
  StatementFailed,
  StoreBusy,
  StoreCorrupt,
  StoreError,
  StoreFull,
  StoreReadOnly,
  StoreUnavailable,
} from '../errors.ts';

/**
 * Converts an error of `pg` into a `StoreError` for the database at `path`, with the remedy. The codes are those of
 * PostgreSQL (appendix A of its manual) and of the system.
 */
export function postgresError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  if (typeof code !== 'string') return lost(path, message);
  return CODES[code]?.(path, message) ?? CLASSES[code.slice(0, 2)]?.(path, message) ?? otherError(code, message, path);
}

/** Returns whether the write was undone because of another one that ran at the same time, and may succeed again. */
export const isConflict = (error: unknown): boolean =>
  ['40001', '40P01'].includes(String((error as { readonly code?: unknown }).code));

type Conversion = (path: string, message: string) => StoreError;

const unavailable =
  (remedy: string): Conversion =>
  (path, message) =>
    new StoreUnavailable(`${path} is not available (${message}): ${remedy}`);

const lost: Conversion = (path, message) =>
  new StoreUnavailable(
    `the connection to ${path} was lost (${message}): calls in progress may or may not have been stored`,
  );

const readOnly: Conversion = (path, message) =>
  new StoreReadOnly(
    `${path} cannot be written (${message}): connect to the primary server, as a user who owns the database`,
  );

const wrongAccount = unavailable('correct the user and the password in the URL, and pg_hba.conf of the server');
const notRunning = unavailable('start PostgreSQL, and check the host and the port in the URL');

const CODES: Readonly<Record<string, Conversion>> = {
  '28P01': wrongAccount,
  '28000': wrongAccount,
  '3D000': unavailable('create the database with createdb, or correct its name in the URL'),
  '53300': unavailable('raise max_connections of the server, or end other connections'),
  '53100': (path) => new StoreFull(`${path} is full: make room on the disk of the server`),
  '25006': readOnly,
  '42501': readOnly,
  '57014': (_, message) => new StatementFailed(`${message}: read less, or in pages`),
  ECONNREFUSED: notRunning,
  ENOENT: notRunning,
  ETIMEDOUT: notRunning,
  EHOSTUNREACH: notRunning,
  ENOTFOUND: unavailable('correct the host in the URL'),
};

const CLASSES: Readonly<Record<string, Conversion>> = {
  '08': lost,
  '57': lost,
  '23': (_, message) => new ConstraintViolated(message),
  '40': (path, message) => new StoreBusy(`${path} has writes that exclude each other (${message}): try again`),
  XX: (path, message) =>
    new StoreCorrupt(`${path} is damaged (${message}): check the log of PostgreSQL, and restore a backup`),
};

function otherError(code: string, message: string, path: string): StoreError {
  // Codes of PostgreSQL have five places and begin with a digit or one of four classes; all others come from the system.
  return /^(?:\d[0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/.test(code) ? new StatementFailed(message) : lost(path, message);
}
