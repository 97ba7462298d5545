import { Quota, type QuotaFigures } from '@medkit/edges';
import type { Log } from './log-entry.ts';
import { LOGGERS_PER_ENTRY, type LogFigures, type LogNumbering, LogStore } from './log-store.ts';
import { type StoredLogs, type StoredLogsOptions, storedLogs } from './stored-logs.ts';

/** Default of `logs.buffer_size`. */
const ENTRIES_PER_LOGGER = 200;

export interface LogBuffersOptions {
  /** `logs.buffer_size`: entries stored per logger and runtime, 1 or more. */
  readonly entriesPerLogger?: number;
  readonly log?: Log;
}

/**
 * The in-memory log buffers of a gateway. Each runtime has a separate store, so that loggers of the same name in two
 * runtimes stay separate. All stores share one numbering, so that later entries have higher numbers across runtimes.
 */
export interface LogBuffers {
  /** Opens the log of a runtime; `close` removes it. */
  open(options: Omit<StoredLogsOptions, 'store'>): StoredLogs & { close(): void };
  figures(): LogFigures;
  /** Logger counts of the runtime with the most loggers, by source. */
  loggers(): QuotaFigures;
}

export function logBuffers({ entriesPerLogger = ENTRIES_PER_LOGGER, log }: LogBuffersOptions = {}): LogBuffers {
  const stores = new Set<LogStore>();
  const numbering: LogNumbering = { last: 0 };
  const onFull = (logger: string, limit: number): void =>
    log?.('warn', `Log entries of ${logger} and of other new loggers are not stored: ${limit} loggers are the maximum`);
  return {
    open: (options) => {
      const store = new LogStore({ entriesPerLogger, onFull, numbering });
      stores.add(store);
      return { ...storedLogs({ ...options, store }), close: () => void stores.delete(store) };
    },
    loggers: () => {
      const quotas = [...stores].map(({ quota }) => quota);
      return Quota.fullest(quotas, LOGGERS_PER_ENTRY * entriesPerLogger);
    },
    figures: () => {
      const all = [...stores].map((store) => store.figures());
      const sum = (name: keyof LogFigures): number => all.reduce((total, figures) => total + figures[name], 0);
      return {
        entries: sum('entries'),
        loggers: sum('loggers'),
        octets: sum('octets'),
        added: sum('added'),
        refused: sum('refused'),
        truncated: sum('truncated'),
        evicted: sum('evicted'),
      };
    },
  };
}
