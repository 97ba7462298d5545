import type { LogEntry, LogRecord } from '../logs/log-entry.ts';
import type { LogQuery } from '../logs/log-query.ts';
import type { Awaitable, CallContext } from './call-context.ts';

/** Whose entries are wanted. */
export interface LogScope {
  /** Native ids of entities. */
  readonly sources: readonly string[];
  /** Everything that logs below one of these; `/` is everything at all. */
  readonly namespaces: readonly string[];
}

/** Where logs are read from, whoever keeps them. All of it is plain data, so that it may be in a process of its own. */
export interface LogReader {
  list(...of: Parameters<LogProvider['list']>): Promise<readonly LogEntry[]>;
}

/**
 * The log of a runtime. Entities are named by native id or, where they have none, by the id in the tree. Failures are
 * thrown as `SovdError`.
 */
export interface LogProvider {
  /** The entries that a query asks for, in the order they came. `nativeId` is the entity on whose behalf it is asked. */
  list(nativeId: string, scope: LogScope, query: LogQuery, call: CallContext): Awaitable<readonly LogEntry[]>;
  /** When the oldest entry that is kept was logged; `undefined` where there is none. Absent where nobody can tell. */
  oldestNs?(nativeId: string, scope: LogScope, call: CallContext): Awaitable<bigint | undefined>;
  /** Adds an entry to the log of an entity, as a trigger does when it fires; what it names as `logger` does not count. */
  add(nativeId: string, record: Omit<LogRecord, 'logger'>, call: CallContext): Promise<LogEntry>;
}
