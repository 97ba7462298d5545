import type { AuditVerdict } from '../audit/audit-record.ts';
import type { EngineOptions } from '../engine/engine-options.ts';
import type { EventPage } from '../engine/event-log.ts';
import type { Write } from '../engine/writer.ts';
import type { Row } from '../sql/values.ts';
import type { Statement, StoreUsage, WriteResult } from '../store.ts';

/** What a thread is to do for one store. An early reader is in the thread of the writer. */
export interface ThreadData {
  readonly role: 'writer' | 'reader' | 'early-reader';
  readonly options: EngineOptions;
}

/** What a thread found when it opened the database. */
export interface Found {
  /** Where a damaged file was moved to. */
  readonly setAside: string | undefined;
  /** Transactions that were acknowledged and are not in it. */
  readonly lostCommits: number;
}

/** Calls of the thread that writes. Where it cannot open the database, it says so to each. */
export interface WriterCalls {
  opened(): Found;
  write(write: Write): WriteResult;
  sync(): void;
  checkpoint(): boolean;
  usage(): StoreUsage;
  regainReserve(): boolean;
  close(): void;
}

export interface ReaderCalls {
  opened(): void;
  read(statement: Statement): readonly Row[];
  eventsAfter(id: number, limit: number): EventPage;
  verifyAudit(): AuditVerdict;
  close(): void;
}

/** To a thread that works for several stores: `store` is the number of the one that is meant. */
export type ToSharedThread =
  | { readonly kind: 'begin'; readonly store: number; readonly data: ThreadData }
  | { readonly kind: 'message'; readonly store: number; readonly message: unknown }
  /** Close its database, whatever is under way. */
  | { readonly kind: 'end'; readonly store: number };

export type FromSharedThread =
  | { readonly kind: 'message'; readonly store: number; readonly message: unknown }
  /** Its database is closed. */
  | { readonly kind: 'ended'; readonly store: number };

/**
 * Notices of the thread that writes. `shortage`: the disk is full. `rewritten`: the files were removed and are written anew,
 * so both threads are to open them; the last of all.
 */
export type WriterNotice = 'shortage' | 'rewritten';
