import { Quota, type QuotaFigures } from '@medkit/edges';
import type { Log } from '../runtime/runtime.ts';
import { LOGGERS_PER_ENTRY, type LogFigures, type LogNumbering, LogStore } from './log-store.ts';
import { type StoredLogs, type StoredLogsOptions, storedLogs } from './stored-logs.ts';

/** `logs.buffer_size` unless given. */
const ENTRIES_PER_LOGGER = 200;

export interface KeptLogsOptions {
  /** `logs.buffer_size`: entries that are kept of each logger of each runtime, 1 or more. */
  readonly entriesPerLogger?: number;
  readonly log?: Log;
}

/**
 * What a gateway keeps of the logs of its runtimes, in memory: of each runtime in a store of its own, so that equal names of
 * loggers of two are two, and all with one numbering, so that what came later has the higher number whoever logged it.
 */
export interface KeptLogs {
  /** The log of a runtime that joins, until `close`. */
  open(options: Omit<StoredLogsOptions, 'store'>): StoredLogs & { close(): void };
  figures(): LogFigures;
  /** Counts of the loggers of the runtime that has the most of them, by who logs under their names. */
  loggers(): QuotaFigures;
}

export function keptLogs({ entriesPerLogger = ENTRIES_PER_LOGGER, log }: KeptLogsOptions = {}): KeptLogs {
  const stores = new Set<LogStore>();
  const numbering: LogNumbering = { last: 0 };
  const onFull = (logger: string, limit: number): void =>
    log?.('warn', `What ${logger} logs is not kept, nor is that of other new loggers: there are ${limit} already`);
  return {
    open: (options) => {
      const store = new LogStore({ entriesPerLogger, onFull, numbering });
      stores.add(store);
      return { ...storedLogs({ ...options, store }), close: () => void stores.delete(store) };
    },
    loggers: () => {
      const quotas = [...stores].map(({ quota }) => quota);
      const refused = quotas.reduce((sum, quota) => sum + quota.figures().refused, 0);
      return Quota.fullest(quotas, LOGGERS_PER_ENTRY * entriesPerLogger, refused);
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
