import type { Awaitable, CallContext } from '../providers/call-context.ts';
import type { LogEntry, LogRecord } from './log-entry.ts';
import type { LogQuery } from './log-query.ts';

/** Selects the entities whose log entries are returned. */
export interface LogScope {
  /** Native ids of entities. */
  readonly sources: readonly string[];
  /** Also include all loggers below one of these namespaces; `/` includes every logger. */
  readonly namespaces: readonly string[];
}

/**
 * Reads logs, wherever they are stored. Uses only plain data, so that an implementation can run in a separate process.
 */
export interface LogReader {
  list(...of: Parameters<LogProvider['list']>): Promise<readonly LogEntry[]>;
}

/**
 * The log of a runtime. Entities are named by native id or, if they have none, by their id in the tree. Failures are
 * thrown as `SovdError`.
 */
export interface LogProvider {
  /**
   * Returns the entries that match the query, in order of arrival. `nativeId` is the entity that the client requested.
   */
  list(nativeId: string, scope: LogScope, query: LogQuery, call: CallContext): Awaitable<readonly LogEntry[]>;
  /**
   * Returns when the oldest stored entry arrived, or `undefined` if there is none. Absent if the provider cannot
   * determine it.
   */
  oldestNs?(nativeId: string, scope: LogScope, call: CallContext): Awaitable<bigint | undefined>;
  /** Adds an entry to the log of an entity, for example when a trigger fires. The provider sets `logger`. */
  add(nativeId: string, record: Omit<LogRecord, 'logger'>, call: CallContext): Promise<LogEntry>;
}
