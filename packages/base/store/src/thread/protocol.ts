import type { AuditVerdict } from '../audit/audit-record.ts';
import type { EngineOptions } from '../engine/engine-options.ts';
import type { Write } from '../engine/writer.ts';
import type { EventPage } from '../events/event.ts';
import type { Row, Statement, StoreUsage, WriteResult } from '../store.ts';
import type { WireError } from './wire-error.ts';

/** What a thread is to do for one store. */
export interface ThreadData {
  readonly role: 'writer' | 'reader';
  readonly options: EngineOptions;
}

export interface WriterCalls {
  write(write: Write): WriteResult;
  sync(): void;
  checkpoint(): boolean;
  usage(): StoreUsage;
  regainReserve(): boolean;
  close(): void;
}

export interface ReaderCalls {
  read(statement: Statement): readonly Row[];
  eventsAfter(id: number, limit: number): EventPage;
  verifyAudit(): AuditVerdict;
  close(): void;
}

/** One call of `Calls`; `id` names it in the answer. */
export type CallOf<Calls> = {
  [Name in keyof Calls & string]: {
    readonly id: number;
    readonly name: Name;
    readonly args: Calls[Name] extends (...args: infer Args) => unknown ? Args : never;
  };
}[keyof Calls & string];

export type Answer =
  | { readonly id: number; readonly value: unknown; readonly error?: undefined }
  | { readonly id: number; readonly error: WireError };

/** To a thread that works for several stores: `store` is the number of the one that is meant. */
export type ToSharedThread =
  | { readonly kind: 'begin'; readonly store: number; readonly data: ThreadData }
  | { readonly kind: 'call'; readonly store: number; readonly call: unknown }
  /** Close its database, whatever is under way. */
  | { readonly kind: 'end'; readonly store: number };

export type FromSharedThread =
  | { readonly kind: 'message'; readonly store: number; readonly message: unknown }
  /** Its database is closed. */
  | { readonly kind: 'ended'; readonly store: number };

/** What a thread found when it opened the database. */
export interface Found {
  /** Where a damaged file was moved to. */
  readonly setAside: string | undefined;
  /** Transactions that were acknowledged and are not in it. */
  readonly lostCommits: number;
}

export type FromThread =
  /** The database is open; first of all. */
  | ({ readonly kind: 'opened' } & Found)
  /** It cannot be opened; last of all. */
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }
  /** The files were removed and are written anew: both threads are to open them. Last of all. */
  | { readonly kind: 'rewritten' }
  /** The disk is full. */
  | { readonly kind: 'shortage' };
