import { SovdError } from '@medkit/contract';
import { nameOfNativeId } from '../entity/native-id.ts';
import type { LogProvider, LogScope } from '../runtime/log-provider.ts';
import type { LogEntry, LogRecord } from './log-entry.ts';
import type { LogQuery } from './log-query.ts';
import type { LogStore } from './log-store.ts';
import { isBelow, loggerKey } from './logger-names.ts';

export interface StoredLogsOptions {
  readonly store: LogStore;
  /** True for the key of a logger that is an entity of its own, and so no child of another: see `loggerKey`. */
  readonly isEntity: (key: string) => boolean;
  /** Hears of every entry that is kept. */
  readonly logged: (entry: LogEntry) => void;
}

/** The log of a runtime, kept in a store. */
export interface StoredLogs {
  /** For what the runtime hears being logged, by a source whose share of the loggers it counts against. */
  keep(record: LogRecord, source?: string): void;
  /** What is kept of these loggers and those below them, the newest where that is much. */
  of(loggers: readonly string[]): readonly LogEntry[];
  readonly provider: LogProvider;
}

/** More than there is room for in the evidence of a fault, also of talkative nodes. */
const MUCH: LogQuery = { minimum: 'debug', context: '', limit: 10_000 };

/**
 * Serves the log of a runtime out of a store. An entity's are the entries under its own name and those of its child
 * loggers, such as `planner.action_client`, which belong to nobody else.
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
          throw new SovdError({ code: 'service-unavailable', message: 'The log has no room for another logger' });
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

/** Goes up from the logger to the first name that is an entity: is it one of those wanted? */
function isOwned(key: string, wanted: ReadonlySet<string>, isEntity: (key: string) => boolean): boolean {
  for (let end = key.length; end > 0; end = key.lastIndexOf('.', end - 1)) {
    const name = key.slice(0, end);
    if (wanted.has(name)) return true;
    if (isEntity(name)) return false;
  }
  return false;
}
