import {
  type Log,
  type LogEntry,
  type LogProvider,
  type LogRecord,
  LogStore,
  loggerFqn,
  storedLogs,
} from '@medkit/core';
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
  /** To be called when the use of `/rosout` has changed. */
  topicChanged(use: TopicUse | undefined): void;
  /** Block `x-medkit-logs` of `/health`. */
  figures(): Readonly<Record<string, number>>;
  close(): Promise<void>;
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
