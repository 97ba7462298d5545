import { arrivalNs, type Log, type RuntimeHost } from '@medkit/core';
import type { LogLine } from '@medkit/faults';
import type { LocalNode, RosMessage } from '@medkit/ros2';
import type { TopicUse } from '../graph/topic-use.ts';
import { Rosout } from './rosout.ts';

export interface RosLogsOptions {
  readonly node: LocalNode;
  readonly log: Log;
  readonly host: Pick<RuntimeHost, 'record' | 'recorded'>;
  /** Called with every `rcl_interfaces/msg/Log`, including those that are not stored, and the GID of its publisher. */
  readonly onMessage?: (message: RosMessage, gid: string) => void;
}

/** The logs of the graph's nodes. */
export interface RosLogs {
  /** Returns the stored lines of these loggers and their child loggers in a time range. */
  between(loggers: readonly string[], fromNs: bigint, toNs: bigint): readonly LogLine[];
  /** Called when the endpoints of `/rosout` have changed. */
  topicChanged(use: TopicUse | undefined): void;
  /** Figures added to the block `x-medkit-logs` of `/health`. */
  figures(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export function rosLogs({ node, log, host, onMessage }: RosLogsOptions): RosLogs {
  const rosout = new Rosout({ node, log, take: host.record, ...(onMessage && { onMessage }) });
  return {
    between: (loggers, fromNs, toNs) =>
      host
        .recorded(loggers)
        .map((entry) => ({ ...entry, atNs: arrivalNs(entry) }))
        .filter(({ atNs }) => atNs >= fromNs && atNs <= toNs)
        .map(({ atNs, severity, logger, message }) => ({ atNs, severity, logger, message })),
    topicChanged: (use) => rosout.topicChanged(use),
    figures: () => ({ malformed_total: rosout.malformed }),
    close: () => rosout.close(),
  };
}
