import type { AuditVerdict } from '../audit/audit-record.ts';
import type { EventPage } from '../engine/event-log.ts';
import type { Write } from '../engine/writer.ts';
import type { EngineOptions } from '../engine-options.ts';
import type { Row } from '../sql/values.ts';
import type { Statement, StoreUsage, WriteResult } from '../store.ts';

/** What a thread does for one store. An early reader runs in the writer thread. */
export interface ThreadData {
  readonly role: 'writer' | 'reader' | 'early-reader';
  readonly options: EngineOptions;
}

/** Result of opening the database. */
export interface Found {
  /** New path of a damaged file that was moved aside. */
  readonly setAside: string | undefined;
  /** Acknowledged transactions that the database lacks. */
  readonly lostCommits: number;
}

/** Calls of the writer thread. If it cannot open the database, each call fails with the reason. */
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

/** Messages to a thread that serves several stores; `store` identifies the store. */
export type ToSharedThread =
  | { readonly kind: 'begin'; readonly store: number; readonly data: ThreadData }
  | { readonly kind: 'message'; readonly store: number; readonly message: unknown }
  /** Closes its database, even if calls are pending. */
  | { readonly kind: 'end'; readonly store: number };

export type FromSharedThread =
  | { readonly kind: 'message'; readonly store: number; readonly message: unknown }
  /** Its database is closed. */
  | { readonly kind: 'ended'; readonly store: number };

/**
 * Notices of the writer thread. `shortage`: the disk is full. `rewritten`: the files were removed and rewritten, so
 * both threads must reopen them; it is the last notice.
 */
export type WriterNotice = 'shortage' | 'rewritten';
