import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@medkit/edges';
import { AUDIT_LOG, installAuditTriggers } from '../audit/audit-tables.ts';
import { DEFAULT_BUSY_TIMEOUT_MS, type EngineOptions } from '../engine-options.ts';
import { StoreCorrupt, StoreFull, StoreUnavailable } from '../errors.ts';
import { prepareFile, setAside } from '../file/database-file.ts';
import { HighWaterMark } from '../file/high-water-mark.ts';
import { Reserve } from '../file/reserve.ts';
import { migrate } from '../migrations/migrate.ts';
import { defineChainedHash } from '../sql/chained-hash.ts';
import { storeError } from '../sql/store-error.ts';
import { COMMIT_COUNT, committedIn } from './commit-count.ts';
import { EVENT_LOG } from './event-log.ts';

/** The path that means a database in memory to SQLite. */
export const IN_MEMORY = ':memory:';

/**
 * Bytes of the write-ahead log that stay on disk after a checkpoint. SQLite checkpoints after 1000 pages, which is the
 * same size.
 */
const LOG_SIZE_LIMIT_BYTES = 4 * 1024 * 1024;

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** New path of a damaged file that was moved aside. */
  readonly setAside: string | undefined;
  /**
   * Acknowledged transactions that the database lacks. 0 for a database that was moved aside: all of its transactions
   * are lost.
   */
  readonly lostCommits: number;
}

/**
 * Opens a database for writing and migrates its tables. Moves a damaged file aside and creates a new one: a robot
 * without its old faults is better than one that cannot record new ones.
 */
export function openForWriting(options: EngineOptions, clock: Clock): OpenedDatabase {
  const { path } = options;
  try {
    if (path === IN_MEMORY) return { database: openChecked(options, clock), setAside: undefined, lostCommits: 0 };
    prepareFile(path);
    try {
      const database = openWithReserve(options, clock);
      const lostCommits = Math.max(0, new HighWaterMark(path).read() - committedIn(database));
      return { database, setAside: undefined, lostCommits };
    } catch (error) {
      if (!(storeError(error, path) instanceof StoreCorrupt)) throw error;
      const aside = setAside(path, clock.wallMs());
      prepareFile(path);
      return { database: openChecked(options, clock), setAside: aside, lostCommits: 0 };
    }
  } catch (error) {
    throw storeError(error, path);
  }
}

/** Opens a second connection to a database that `openForWriting` has opened. */
export function openForReading({ path, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS }: EngineOptions): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
  } catch (error) {
    throw storeError(error, path);
  }
}

/** On a full disk, releases the reserve to make room for the files beside the database. */
function openWithReserve(options: EngineOptions, clock: Clock): DatabaseSync {
  try {
    return openChecked(options, clock);
  } catch (error) {
    const { reserveBytes = 0, path } = options;
    // SQLite reports one file as full and the other as not writable.
    const failure = storeError(error, path);
    const isFull = failure instanceof StoreFull || failure instanceof StoreUnavailable;
    if (!isFull || !new Reserve(path, reserveBytes).release()) throw error;
    return openChecked(options, clock);
  }
}

function openChecked(options: EngineOptions, clock: Clock): DatabaseSync {
  const { path, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS, audit, migrations } = options;
  // Some migrations rebuild a table, which foreign key constraints would prevent.
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
  try {
    check(database, path);
    configure(database, options);
    defineChainedHash(database);
    migrate(
      database,
      {
        'store.commits': COMMIT_COUNT,
        'store.events': EVENT_LOG,
        ...(audit && { 'store.audit': AUDIT_LOG }),
        ...migrations,
      },
      { path, nowNs: clock.wallNs() },
    );
    if (audit) installAuditTriggers(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Checks all pages, about 100 MB in 0.1 s, to detect damage now and not through a lost fault. */
function check(database: DatabaseSync, path: string): void {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (found !== 'ok') throw new StoreCorrupt(`${path} is damaged: ${found}`);
}

function configure(database: DatabaseSync, { path, maxBytes }: EngineOptions): void {
  const number = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode;
  if (path !== IN_MEMORY && mode !== 'wal') {
    throw new StoreUnavailable(`${path} cannot use a write-ahead log (journal mode ${mode}): put it on a local disk`);
  }
  // FULL: an acknowledged write survives a power loss, not only the end of this process.
  database.exec(`PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${LOG_SIZE_LIMIT_BYTES}`);
  if (maxBytes !== undefined) number(`max_page_count = ${Math.max(1, Math.floor(maxBytes / number('page_size')))}`);
}
