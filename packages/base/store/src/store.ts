import type { AuditRecord, AuditVerdict } from './audit/audit-record.ts';
import type { EventPage, NewEvent } from './engine/event-log.ts';
import type { Parameters, Row } from './sql/values.ts';

/** One SQL statement. It is prepared once for each text, so values go into `parameters` and never into `sql`. */
export interface Statement {
  readonly sql: string;
  readonly parameters?: Parameters;
}

/** What one statement of a write did. */
export interface StatementResult {
  /** Rows inserted, updated or deleted by the statement itself. */
  readonly changes: number;
  /** `rowid` of the row that this connection inserted last, 0 before the first. */
  readonly rowId: number;
  /** What a `RETURNING` clause gave, otherwise empty. */
  readonly rows: readonly Row[];
}

/** What goes to disk in one transaction with the statements of a write. */
export interface Records {
  readonly events?: readonly NewEvent[];
  /** Needs a store that was opened with an audit log. */
  readonly audit?: readonly AuditRecord[];
}

export interface WriteResult {
  /** One for each statement, in their order. */
  readonly results: readonly StatementResult[];
  /** Numbers of the events, in their order. */
  readonly eventIds: readonly number[];
  /** Numbers of the audit records, in their order. */
  readonly auditSeqs: readonly number[];
}

/** What an acknowledged write outlives. */
export type Durability =
  /** A loss of power. */
  | 'disk'
  /** The end of this process; a loss of power only once `sync` has resolved. It costs no wait for the disk. */
  | 'system';

/** How the store fares, for health. */
export interface StoreFacts {
  readonly path: string;
  /** False while the thread that writes, or the one that reads, is waited for. */
  readonly running: boolean;
  /** How often one of them ended by itself, and why the last one did. */
  readonly ends: number;
  readonly lastReason: string | undefined;
  /** Writes and reads that wait for their answers. */
  readonly writesUnderWay: number;
  readonly readsUnderWay: number;
  /** Where a corrupt file was moved to when the store was opened. */
  readonly setAside: string | undefined;
  /** Transactions that were acknowledged and were not in the file any more when the store was opened. */
  readonly lostCommits: number;
  /** How often its files were removed while it was open, and written anew. */
  readonly rewrites: number;
}

/** Sizes that only the writer knows. */
export interface StoreUsage {
  /** Octets of the database, and of the log in front of it that is not folded into it yet. */
  readonly databaseBytes: number;
  /** Octets of the database that its next rows take before it has to grow. */
  readonly freeBytes: number;
  readonly logBytes: number;
  /** How often the oldest audit records could not be removed, since the store was opened. */
  readonly failedAuditPrunes: number;
}

/**
 * The one owner of a database. Everything that goes in and comes out is plain data. All calls reject with a `StoreError`:
 * `StoreBusy` where too much waits already, `StoreFull`, `StoreLocked`, `StoreReadOnly`, `StoreCorrupt`, `StoreUnavailable`
 * while a thread is down, `StoreClosed`.
 */
export interface Store {
  /**
   * Runs `statements` and appends `records` as one transaction, and resolves when that is on disk, or with the system where
   * that is enough (`durability`, default `disk`). Writes settle in the order in which they were made. One that fails changes
   * nothing and harms no other: `ConstraintViolated`, `StatementFailed`.
   */
  write(statements: readonly Statement[], records?: Records, durability?: Durability): Promise<WriteResult>;
  /**
   * Rows of a query, which sees every write that was acknowledged before. It does not wait for the disk. More than
   * 10,000 rows or 32 MiB reject with `TooManyRows`.
   */
  read(sql: string, parameters?: Parameters): Promise<readonly Row[]>;
  /** Up to `limit` (at most 1000) events after the one with number `id`, oldest first. */
  eventsAfter(id: number, limit: number): Promise<EventPage>;
  /** Walks the whole audit log and names its first broken record. */
  verifyAudit(): Promise<AuditVerdict>;
  /** Resolves when everything that was acknowledged before is on disk. */
  sync(): Promise<void>;
  /**
   * Folds the log of recent writes into the database, as happens by itself every 4 MiB. Gives false where readers of
   * another process keep a part of it from that.
   */
  checkpoint(): Promise<boolean>;
  usage(): Promise<StoreUsage>;
  /** Has the reserve of `reserveBytes` again after it was given up; false while the disk has no room for it. */
  regainReserve(): Promise<boolean>;
  facts(): StoreFacts;
  /** Takes nothing more, waits up to 5 s for what is under way, and closes the file. */
  close(): Promise<void>;
}
