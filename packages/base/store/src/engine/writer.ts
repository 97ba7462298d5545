import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@medkit/edges';
import { appendAudit } from '../audit/append-audit.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import { AuditRetention } from '../audit/audit-retention.ts';
import { DEFAULT_BUSY_TIMEOUT_MS, DEFAULT_MAX_EVENTS, type EngineOptions } from '../engine-options.ts';
import { StatementFailed, StoreError, StoreFull, StoreUnavailable } from '../errors.ts';
import { logBytes, syncLog } from '../file/database-file.ts';
import { HighWaterMark } from '../file/high-water-mark.ts';
import { Reserve } from '../file/reserve.ts';
import { OpenFiles, rewriteDatabase } from '../file/rewrite-database.ts';
import { checkExpected } from '../sql/check-expected.ts';
import { type PreparedStatement, PreparedStatements } from '../sql/prepared-statements.ts';
import { readRows } from '../sql/read-rows.ts';
import { runScript } from '../sql/script.ts';
import { storeError } from '../sql/store-error.ts';
import { boundParameters, type Parameters } from '../sql/values.ts';
import type { Durability, Records, Statement, StatementResult, StoreUsage, WriteResult } from '../store.ts';
import { COUNT_COMMIT, committedIn } from './commit-count.ts';
import { appendEvent, trimStatement } from './event-log.ts';
import { IN_MEMORY } from './open-database.ts';

/**
 * Size of the write-ahead log in bytes from which a checkpoint waits for readers. SQLite checkpoints without waiting at
 * a quarter of that.
 */
const MAX_LOG_BYTES = 16 * 1024 * 1024;
/** How long a checkpoint waits for readers: reads of this process end within that time, even on a busy machine. */
const TIDY_TIMEOUT_MS = 500;

/** Delay between attempts to rewrite the files, to spare a failed disk. */
const REWRITE_RETRY_MS = 2000;

/** One atomic write. */
export interface Write {
  readonly statements: readonly Statement[];
  readonly records: Records;
  /** Default: `disk`. */
  readonly durability?: Durability;
}

/** The outcome of a write. */
export type Outcome =
  | { readonly result: WriteResult; readonly error?: undefined }
  | { readonly error: StoreError; readonly result?: undefined };

interface Dependencies {
  readonly database: DatabaseSync;
  readonly options: EngineOptions;
  readonly clock: Clock;
  /** Called if the disk is full: the reserve was released for a write, or a write was rejected. */
  readonly onShortage?: () => void;
}

/** The connection that writes. Synchronous: run it in a separate thread. */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #options: EngineOptions;
  readonly #clock: Clock;
  readonly #statements: PreparedStatements;
  readonly #reserve: Reserve;
  readonly #onShortage: () => void;
  readonly #retention: AuditRetention;
  readonly #mark: HighWaterMark | undefined;
  readonly #files: OpenFiles;
  #nextRewriteMs = Number.NEGATIVE_INFINITY;
  #commits: number;
  /** `undefined` for a database that was just opened, since the content of its log is unknown. */
  #foldedCommits: number | undefined;
  #failedAuditPrunes = 0;
  #durability: Durability = 'disk';
  #untidyBytes = MAX_LOG_BYTES;

  constructor({ database, options, clock, onShortage = () => undefined }: Dependencies) {
    this.#database = database;
    this.#options = options;
    this.#clock = clock;
    this.#reserve = new Reserve(options.path, options.reserveBytes ?? 0);
    this.#onShortage = onShortage;
    this.#statements = new PreparedStatements(database);
    this.#retention = new AuditRetention(options.audit ?? { maxRecords: 0 });
    this.#files = new OpenFiles(options.path);
    this.#commits = committedIn(database);
    if (options.path !== IN_MEMORY) {
      this.#mark = new HighWaterMark(options.path);
      this.#mark.write(this.#commits);
    }
  }

  /**
   * Commits `writes` in one transaction, so that they wait for the disk once. Each write is atomic: a failed one is
   * rolled back alone. If the disk is full, makes room and retries. If the whole transaction still does not fit,
   * commits the writes one by one, since smaller ones may fit.
   */
  commit(writes: readonly Write[]): readonly Outcome[] {
    let failure = this.#tryCommit(writes);
    for (const makeRoom of [() => this.#fold(), () => this.#releaseReserve()]) {
      if (!(failure instanceof StoreFull)) break;
      if (makeRoom()) failure = this.#tryCommit(writes);
    }
    if (!(failure instanceof StoreError)) return failure;
    if (failure instanceof StoreFull) {
      if (writes.length > 1) return writes.flatMap((write) => this.commit([write]));
      this.#onShortage();
    }
    return writes.map(() => ({ error: failure }));
  }

  /** Recreates the reserve if the disk has room. Returns whether the reserve exists. */
  regainReserve(): boolean {
    return this.#reserve.take();
  }

  /** Syncs writes that only the operating system holds to disk. Throws like a write. */
  sync(): void {
    try {
      syncLog(this.#options.path);
    } catch (error) {
      throw storeError(error, this.#options.path);
    }
  }

  /** Checkpoints the log into the database. Returns false if readers prevented a complete checkpoint. */
  checkpoint(): boolean {
    const [{ busy }] = readRows(this.#statements.get('PRAGMA wal_checkpoint(TRUNCATE)'));
    return busy === 0;
  }

  /**
   * Keeps the log short. SQLite restarts the log only if no reader is active; with constant readers it would grow
   * without bound. Above a limit, the checkpoint therefore waits for readers, but not for long: a reader of another
   * process may stay.
   */
  tidyLog(): void {
    const bytes = logBytes(this.#options.path);
    if (bytes < this.#untidyBytes || !this.#database.isOpen) return;
    this.#untidyBytes = 2 * bytes;
    this.#run(`PRAGMA busy_timeout = ${TIDY_TIMEOUT_MS}`);
    try {
      if (this.checkpoint()) this.#untidyBytes = MAX_LOG_BYTES;
    } catch {
      // The acknowledged writes are safe in the log. A full or broken disk fails the next write, which reports it.
    } finally {
      this.#run(`PRAGMA busy_timeout = ${this.#options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS}`);
    }
  }

  /**
   * Checkpoints what was committed since the last call, as far as readers allow: transactions that are only in the log
   * are lost with it.
   */
  foldLog(): void {
    if (this.#foldedCommits === this.#commits || !this.#database.isOpen) return;
    this.#foldedCommits = this.#commits;
    try {
      this.#run('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      // As in `tidyLog`: acknowledged writes are safe in the log.
    }
  }

  /**
   * Checks whether the files are still at their path. If they were removed, rewrites their whole content; this
   * connection is unusable afterwards. Throws a `StoreError` if that fails, and retries after a delay.
   */
  recover(): 'there' | 'rewritten' {
    const { path } = this.#options;
    if (path === IN_MEMORY || !this.#database.isOpen || this.#files.exist()) return 'there';
    const nowMs = this.#clock.monotonicMs();
    const gone = `the files of ${path} were removed`;
    if (nowMs < this.#nextRewriteMs) throw new StoreUnavailable(`${gone}, and cannot be recreated`);
    try {
      rewriteDatabase(this.#database, this.#files, path, this.#clock.wallMs());
      return 'rewritten';
    } catch (error) {
      this.#nextRewriteMs = nowMs + REWRITE_RETRY_MS;
      throw new StoreUnavailable(`${gone}, and cannot be recreated: ${(error as Error).message}`);
    }
  }

  usage(): StoreUsage {
    const [size] = readRows(
      this.#statements.get(
        `SELECT page_count * page_size AS octets, freelist_count * page_size AS free
         FROM pragma_page_count, pragma_page_size, pragma_freelist_count`,
      ),
    );
    return {
      databaseBytes: Number(size.octets),
      freeBytes: Number(size.free),
      logBytes: logBytes(this.#options.path),
      failedAuditPrunes: this.#failedAuditPrunes,
    };
  }

  /** Closes the database, unless it is already closed. */
  close(): void {
    this.#mark?.close();
    if (this.#database.isOpen) this.#database.close();
  }

  /** Returns the outcome of each write, or the error if the whole transaction failed: then no write is stored. */
  #tryCommit(writes: readonly Write[]): readonly Outcome[] | StoreError {
    try {
      this.#setDurability(writes.every(({ durability }) => durability === 'system') ? 'system' : 'disk');
      const { outcomes, isCounted } = this.#transaction(() => this.#attemptAll(writes));
      if (isCounted) {
        this.#commits += 1;
        this.#mark?.write(this.#commits);
      }
      this.#pruneAudit(outcomes.flatMap(({ result }, index) => (result && writes[index].records.audit) || []));
      return outcomes;
    } catch (error) {
      return storeError(error, this.#options.path);
    }
  }

  /** Sets which failures the next transaction survives once committed. */
  #setDurability(durability: Durability): void {
    if (durability === this.#durability) return;
    this.#run(`PRAGMA synchronous = ${durability === 'disk' ? 'FULL' : 'NORMAL'}`);
    this.#durability = durability;
  }

  /** Frees the disk space of the log. Returns false if the log is empty or cannot be checkpointed. */
  #fold(): boolean {
    if (logBytes(this.#options.path) === 0) return false;
    try {
      return this.checkpoint();
    } catch {
      // The database cannot grow either; the writes report it.
      return false;
    }
  }

  #releaseReserve(): boolean {
    if (!this.#reserve.release()) return false;
    this.#fold();
    this.#onShortage();
    return true;
  }

  #transaction<T>(work: () => T): T {
    this.#run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#run('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#run('ROLLBACK');
      throw error;
    }
  }

  #attemptAll(writes: readonly Write[]): { readonly outcomes: readonly Outcome[]; readonly isCounted: boolean } {
    const before = this.#changes();
    // A single write needs no savepoint: the transaction rolls it back.
    const outcomes: readonly Outcome[] =
      writes.length === 1 ? [{ result: this.#apply(writes[0]) }] : writes.map((write) => this.#attempt(write));
    const eventIds = outcomes.flatMap(({ result }) => result?.eventIds ?? []);
    const trim = trimStatement(this.#options.maxEvents ?? DEFAULT_MAX_EVENTS, eventIds);
    if (trim) this.#execute(trim);
    // A write that changes nothing needs no space and also succeeds on a full disk.
    const isCounted = this.#mark !== undefined && this.#changes() !== before;
    if (isCounted) this.#run(COUNT_COMMIT);
    return { outcomes, isCounted };
  }

  /** Number of rows that this connection has changed in total. */
  #changes(): number {
    const [changes] = this.#statements.get('SELECT total_changes()').statement.get() as unknown as readonly [bigint];
    return Number(changes);
  }

  #attempt(write: Write): Outcome {
    this.#run('SAVEPOINT one');
    try {
      const result = this.#apply(write);
      this.#run('RELEASE one');
      return { result };
    } catch (error) {
      // Some failures, such as a full disk, end the whole transaction.
      if (!this.#database.isTransaction) throw error;
      this.#run('ROLLBACK TO one');
      this.#run('RELEASE one');
      return { error: storeError(error, this.#options.path) };
    }
  }

  #apply({ statements, records: { events = [], audit = [] } }: Write): WriteResult {
    if (audit.length > 0 && !this.#options.audit) {
      throw new StatementFailed(`${this.#options.path} was opened without an audit log`);
    }
    const results = statements.map((statement) => this.#execute(statement));
    const eventIds = events.map((event) => runScript(this.#statements, appendEvent(event)));
    const auditSeqs = audit.map((record) => runScript(this.#statements, appendAudit(record)));
    return { results, eventIds, auditSeqs };
  }

  #execute(statement: Statement): StatementResult {
    const prepared = this.#statements.ofUser(statement.sql);
    const result = this.#perform(prepared, statement.parameters);
    checkExpected(statement, result);
    return result;
  }

  #perform(prepared: PreparedStatement, parameters: Parameters | undefined): StatementResult {
    if (prepared.columns.length > 0) {
      const rows = readRows(prepared, parameters);
      const [{ changes }] = readRows(this.#statements.get('SELECT changes() AS changes'));
      return { changes: Number(changes), rows };
    }
    const { changes } = prepared.statement.run(...(boundParameters(parameters) as []));
    return { changes: Number(changes), rows: [] };
  }

  /** The new records are committed: a failure to remove old ones must not undo that. */
  #pruneAudit(appended: readonly AuditRecord[]): void {
    // An empty write triggers the initial count, so that no later write has to.
    if (appended.length === 0 && this.#retention.isCounted) return;
    try {
      if (!runScript(this.#statements, this.#retention.isDue(appended))) return;
      const prune = () => runScript(this.#statements, this.#retention.prune(this.#clock.wallNs()));
      this.#retention.settle(this.#transaction(prune));
    } catch {
      this.#failedAuditPrunes += 1;
    }
  }

  #run(sql: string): void {
    this.#statements.get(sql).statement.run();
  }
}
