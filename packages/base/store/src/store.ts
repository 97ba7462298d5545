import type { AuditRecord, AuditVerdict } from './audit/audit-record.ts';
import type { EventPage, NewEvent } from './engine/event-log.ts';
import type { Statement, StatementResult } from './sql/statement.ts';
import type { Parameters, Row } from './sql/values.ts';

export type { Statement, StatementResult } from './sql/statement.ts';

/** Records written in the same transaction as the statements. */
export interface Records {
  readonly events?: readonly NewEvent[];
  /** Needs a store that was opened with an audit log. */
  readonly audit?: readonly AuditRecord[];
}

export interface WriteResult {
  /** One for each statement, in order. */
  readonly results: readonly StatementResult[];
  /** Ids of the events, in order. */
  readonly eventIds: readonly number[];
  /** Sequence numbers of the audit records, in order. */
  readonly auditSeqs: readonly number[];
}

/** Which failures an acknowledged write survives. */
export type Durability =
  /** A power loss. */
  | 'disk'
  /** The end of this process; a power loss only after `sync` has resolved. Does not wait for the disk. */
  | 'system';

/** State of the store, for the health report. */
export interface StoreFacts {
  readonly path: string;
  /** False while the store waits for a restart of its threads. */
  readonly running: boolean;
  /** How often a thread ended unexpectedly, and the reason of the last end. */
  readonly ends: number;
  readonly lastReason: string | undefined;
  /** Pending writes and reads. */
  readonly writesUnderWay: number;
  readonly readsUnderWay: number;
  /** New path of a corrupt file that was moved aside when the store was opened. */
  readonly setAside: string | undefined;
  /** Acknowledged transactions that were missing when the store was opened. */
  readonly lostCommits: number;
  /** How often the files were removed while open, and rewritten. */
  readonly rewrites: number;
}

/** Sizes that only the writer knows. */
export interface StoreUsage {
  /** Size in bytes of the database; `logBytes` is the part of its write-ahead log that is not checkpointed yet. */
  readonly databaseBytes: number;
  /** Free bytes inside the database, used before the file grows. */
  readonly freeBytes: number;
  readonly logBytes: number;
  /** How often pruning of the audit log failed since the store was opened. */
  readonly failedAuditPrunes: number;
}

/**
 * The single owner of a database. All input and output is plain data. Calls reject with a `StoreError`: `StoreBusy` if
 * too many calls are pending, `StoreFull`, `StoreLocked`, `StoreReadOnly`, `StoreCorrupt`, `StoreUnavailable` while a
 * thread is down, `StoreClosed`.
 */
export interface Store {
  /**
   * Runs `statements` and appends `records` as one transaction. Resolves when it is on disk, or held by the operating
   * system, depending on `durability` (default `disk`). Writes settle in submission order. A failed write changes
   * nothing and affects no other: `ConstraintViolated`, `ConditionFailed`, `StatementFailed`.
   */
  write(statements: readonly Statement[], records?: Records, durability?: Durability): Promise<WriteResult>;
  /**
   * Returns the rows of a query, which sees every write acknowledged earlier. Does not wait for the disk. Rejects with
   * `TooManyRows` above 10,000 rows or 32 MiB.
   */
  read(sql: string, parameters?: Parameters): Promise<readonly Row[]>;
  /** Returns up to `limit` (at most 1000) events after `id`, oldest first. */
  eventsAfter(id: number, limit: number): Promise<EventPage>;
  /** Verifies the whole audit log and reports its first broken record. */
  verifyAudit(): Promise<AuditVerdict>;
  /** Resolves when everything acknowledged earlier is on disk. */
  sync(): Promise<void>;
  /**
   * Checkpoints the write-ahead log into the database, which also happens automatically every 4 MiB. Returns false if
   * readers of another process prevented a complete checkpoint.
   */
  checkpoint(): Promise<boolean>;
  usage(): Promise<StoreUsage>;
  /** Recreates the reserve of `reserveBytes` after it was released. Returns false while the disk has no room for it. */
  regainReserve(): Promise<boolean>;
  facts(): StoreFacts;
  /** Rejects new calls, waits up to 5 s for pending ones, and closes the file. */
  close(): Promise<void>;
}
