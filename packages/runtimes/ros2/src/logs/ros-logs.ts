import {
  isBelow,
  type Log,
  type LogEntry,
  type LogProvider,
  type LogQuery,
  type LogRecord,
  LogStore,
  loggerFqn,
  loggerKey,
  storedLogs,
} from '@medkit/core';
import type { LogLine } from '@medkit/faults';
import type { LocalNode, RosMessage } from '@medkit/ros2';
import type { TopicUse } from '../graph/topic-use.ts';
import { Rosout } from './rosout.ts';

export interface LogSettings {
  /** `logs.buffer_size`: entries that are kept of each logger. */
  readonly logBufferSize: number;
}

export interface RosLogsOptions {
  readonly node: LocalNode;
  readonly log: Log;
  readonly settings: LogSettings;
  readonly isNode: (fqn: string) => boolean;
  /** Hears of every entry that is kept. */
  readonly logged: (entry: LogEntry) => void;
  /** Hears of every `rcl_interfaces/msg/Log`, also of those that are not kept. */
  readonly heard?: (message: RosMessage) => void;
}

/** What the nodes of the graph log. */
export interface RosLogs {
  readonly provider: LogProvider;
  /** Keeps what was not heard on `/rosout`. */
  keep(record: LogRecord): void;
  /** What these loggers, and those below them, have logged in this time, as far as it is at hand. */
  between(loggers: readonly string[], fromNs: bigint, toNs: bigint): readonly LogLine[];
  /** To be called when the use of `/rosout` has changed. */
  topicChanged(use: TopicUse | undefined): void;
  /** Block `x-medkit-logs` of `/health`. */
  figures(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** More than there is room for in the evidence of a fault, also of talkative nodes. */
const ALL: LogQuery = { minimum: 'debug', context: '', limit: 10_000 };
/** Clocks that are further apart are clocks of different worlds: that of a simulation begins at 0. */
const MAX_CLOCK_DIFFERENCE_NS = 3_600_000_000_000n;

function lineOf({ timestampNs, receivedNs = timestampNs, severity, logger, message }: LogEntry): LogLine {
  const difference = receivedNs > timestampNs ? receivedNs - timestampNs : timestampNs - receivedNs;
  const atNs = difference > MAX_CLOCK_DIFFERENCE_NS ? receivedNs : timestampNs;
  return { atNs, severity, logger, message };
}

export function rosLogs({ node, log, settings, isNode, logged, heard }: RosLogsOptions): RosLogs {
  const store = new LogStore({
    entriesPerLogger: settings.logBufferSize,
    onFull: (logger, limit) =>
      log('warn', `What ${logger} logs is not kept, nor is that of other new loggers: there are ${limit} already`),
  });
  const logs = storedLogs({ store, isEntity: (key) => isNode(loggerFqn(key)), logged });
  const rosout = new Rosout({ node, log, take: logs.keep, ...(heard && { heard }) });
  return {
    provider: logs.provider,
    keep: logs.keep,
    between: (loggers, fromNs, toNs) => {
      const keys = loggers.map(loggerKey);
      const wanted = (key: string) => keys.some((each) => key === each || isBelow(key, each));
      return store
        .select(wanted, ALL)
        .map(lineOf)
        .filter(({ atNs }) => atNs >= fromNs && atNs <= toNs);
    },
    topicChanged: (use) => rosout.topicChanged(use),
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
        malformed_total: rosout.malformed,
      };
    },
    close: () => rosout.close(),
  };
}
