import { type Log, type LogEntry, type LogProvider, LogStore, storedLogs } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { OwnLines } from './own-lines.ts';

/** What the gateway's own lines are kept under: the name that its node has in a graph. */
const OWN_LOGGER = 'medkit_gateway';

const SEVERITIES = { info: 'info', warn: 'warning', error: 'error' } as const;

export interface LocalLogOptions {
  /** `logs.buffer_size` */
  readonly entriesPerLogger: number;
  readonly ownLines: Pick<OwnLines, 'onLine'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The log that the gateway keeps itself, in memory. */
export interface LocalLog {
  readonly provider: LogProvider;
  /** Keeps the gateway's own lines from now on, those of its start first, and tells of every entry. */
  start(logged: (entry: LogEntry) => void): void;
  stop(): void;
  /** Block `x-medkit-logs` of `/health`. */
  figures(): Readonly<Record<string, number>>;
}

/**
 * The log of a gateway without a graph: its own lines, plugins' among them, and what is noted about entities whose runtimes
 * keep no log. Sinks, triggers and the API have it as they have the log of a graph.
 */
export function localLog({ entriesPerLogger, ownLines, clock, log }: LocalLogOptions): LocalLog {
  const store = new LogStore({
    entriesPerLogger,
    onFull: (logger, limit) =>
      log('warn', `What ${logger} logs is not kept, nor is that of other new loggers: there are ${limit} already`),
  });
  let tell: (entry: LogEntry) => void = () => undefined;
  let stop: () => void = () => undefined;
  const { keep, provider } = storedLogs({ store, isEntity: () => false, logged: (entry) => tell(entry) });
  return {
    provider,
    start: (logged) => {
      tell = logged;
      stop = ownLines.onLine((level, message) =>
        keep({ timestampNs: clock.wallNs(), severity: SEVERITIES[level], logger: OWN_LOGGER, message }),
      );
    },
    stop: () => stop(),
    figures: () => {
      const { entries, loggers, octets, added, refused, truncated, evicted } = store.figures();
      return {
        entries,
        loggers,
        octets,
        kept_total: added,
        refused_total: refused,
        truncated_total: truncated,
        evicted_total: evicted,
      };
    },
  };
}
