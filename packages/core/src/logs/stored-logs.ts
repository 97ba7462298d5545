import { SovdError } from '@medkit/contract';
import { nameOfNativeId } from '../entity/native-id.ts';
import type { LogEntry, LogRecord } from './log-entry.ts';
import type { LogProvider, LogScope } from './log-provider.ts';
import type { LogQuery } from './log-query.ts';
import type { LogStore } from './log-store.ts';
import { isBelow, loggerKey } from './logger-names.ts';

export interface StoredLogsOptions {
  readonly store: LogStore;
  /**
   * Returns whether the key of a logger (see `loggerKey`) belongs to an entity, so that it is not a child logger of
   * another one.
   */
  readonly isEntity: (key: string) => boolean;
  /** Called with every stored entry. */
  readonly logged: (entry: LogEntry) => void;
}

/** The log of a runtime, backed by a store. */
export interface StoredLogs {
  /** Stores a record of the runtime. The logger counts against the share of `source`. */
  keep(record: LogRecord, source?: string): void;
  /** Returns the stored entries of these loggers and of those below them; at most the newest 10,000. */
  of(loggers: readonly string[]): readonly LogEntry[];
  readonly provider: LogProvider;
}

/** More than fits in the evidence of a fault, even with chatty nodes. */
const MUCH: LogQuery = { minimum: 'debug', context: '', limit: 10_000 };

/**
 * Serves the log of a runtime from a store. The log of an entity contains the entries under its name and of child
 * loggers such as `planner.action_client`. Child loggers that are entities themselves are excluded.
 */
export function storedLogs({ store, isEntity, logged }: StoredLogsOptions): StoredLogs {
  const keep = (record: LogRecord, source?: string): LogEntry | undefined => {
    const entry = store.add(record, source);
    if (entry) logged(entry);
    return entry;
  };
  return {
    keep,
    of: (loggers) => {
      const keys = loggers.map(loggerKey);
      return store.select((key) => keys.some((each) => key === each || isBelow(key, each)), MUCH);
    },
    provider: {
      list: (_nativeId, scope, query) => store.select(scopeTest(scope, isEntity), query),
      oldestNs: (_nativeId, scope) => store.oldestNs(scopeTest(scope, isEntity)),
      add: async (nativeId, record) => {
        const entry = keep({ ...record, logger: loggerKey(nameOfNativeId(nativeId)) });
        if (!entry)
          throw new SovdError({ code: 'service-unavailable', message: 'The log cannot store another logger' });
        return entry;
      },
    },
  };
}

function scopeTest({ sources, namespaces }: LogScope, isEntity: (key: string) => boolean): (key: string) => boolean {
  const wanted = new Set(sources.map(loggerKey));
  const above = namespaces.map(loggerKey);
  return (key) => above.some((namespace) => isBelow(key, namespace)) || isOwned(key, wanted, isEntity);
}

/** Finds the nearest entity at or above the logger, and returns whether it is one of those wanted. */
function isOwned(key: string, wanted: ReadonlySet<string>, isEntity: (key: string) => boolean): boolean {
  for (let end = key.length; end > 0; end = key.lastIndexOf('.', end - 1)) {
    const name = key.slice(0, end);
    if (wanted.has(name)) return true;
    if (isEntity(name)) return false;
  }
  return false;
}
