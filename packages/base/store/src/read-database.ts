import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { openForReading } from './engine/open-database.ts';
import { StoreCorrupt, StoreLocked, StoreTooNew, StoreUnavailable } from './errors.ts';
import type { Migrations } from './migrations/migration.ts';
import { PreparedStatements } from './sql/prepared-statements.ts';
import { readRows } from './sql/read-rows.ts';
import { storeError } from './sql/store-error.ts';
import type { Parameters, Row } from './sql/values.ts';

/** Reads rows of a database file. */
export type ReadFile = (sql: string, parameters?: Parameters) => readonly Row[];

export interface DatabaseFileOptions {
  readonly path: string;
  /** The lock that the owner of the database holds while it runs, see `takeOwnerLock`. */
  readonly lockPath: string;
  /** Tables that this version reads, by owner. A file with newer ones is refused. */
  readonly migrations: Migrations;
}

/**
 * Reads the database of a stopped or running gateway without changing any file beside it, and without making the
 * gateway wait. All reads of `work` see one state. Rejects with `StoreUnavailable` if the file does not exist or cannot be
 * read, `StoreCorrupt` if it is damaged or not a database of medkit, `StoreTooNew` if a newer medkit wrote it.
 */
export async function readDatabaseFile<T>(
  { path, lockPath, migrations }: DatabaseFileOptions,
  work: (read: ReadFile) => T | Promise<T>,
): Promise<T> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new StoreUnavailable(`there is no file ${path}`);
  let release = (): void => undefined;
  try {
    const opened = openUnchanged(path, lockPath);
    release = opened.close;
    const statements = new PreparedStatements(opened.database);
    const read: ReadFile = (sql, parameters = []) => readRows(statements.ofUser(sql), parameters);
    opened.database.exec('PRAGMA query_only = 1; BEGIN');
    checkTables(read, path, migrations);
    return await work(read);
  } catch (error) {
    const failure = storeError(error, path);
    // The remedy in a store's message (it moves a damaged file aside) does not apply here.
    if (failure instanceof StoreCorrupt) throw new StoreCorrupt(`${path} is damaged, or is not a database of medkit`);
    throw failure;
  } finally {
    release();
  }
}

function checkTables(read: ReadFile, path: string, migrations: Migrations): void {
  if (read("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").length === 0) throw new StoreCorrupt(path);
  for (const { owner, version } of read(
    'SELECT owner, max(version) AS version FROM schema_migrations GROUP BY owner',
  )) {
    const supported = migrations[String(owner)]?.length;
    if (supported === undefined || Number(version) <= supported) continue;
    throw new StoreTooNew(
      `${path} was written by a newer medkit (${owner}: version ${version}, supported ${supported}): use that version to read it`,
    );
  }
}

/**
 * Opens the database. Without its owner, SQLite would create files beside it to read it: a database without a log is
 * therefore opened as immutable, and one with a log, after a crash, is copied.
 */
function openUnchanged(
  path: string,
  lockPath: string,
): { readonly database: DatabaseSync; readonly close: () => void } {
  const hasLog = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  if (isLockHeld(lockPath)) {
    const database = openForReading({ path });
    return { database, close: () => database.close() };
  }
  if (!hasLog) {
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    const database = new DatabaseSync(url, { readOnly: true });
    return { database, close: () => database.close() };
  }
  const folder = mkdtempSync(join(tmpdir(), 'medkit-read-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, basename(path));
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    const database = new DatabaseSync(copy);
    return {
      database,
      close: () => {
        database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Returns whether another process holds the owner lock at `path`. Changes nothing. */
export function isLockHeld(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const database = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (storeError(error, path) instanceof StoreLocked) return true;
    throw error;
  } finally {
    database.close();
  }
}
