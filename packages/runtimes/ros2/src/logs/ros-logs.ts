import { arrivalNs, type Log, type RuntimeHost } from '@medkit/core';
import type { LogLine } from '@medkit/faults';
import type { LocalNode, RosMessage } from '@medkit/ros2';
import type { TopicUse } from '../graph/topic-use.ts';
import { Rosout } from './rosout.ts';

export interface RosLogsOptions {
  readonly node: LocalNode;
  readonly log: Log;
  readonly host: Pick<RuntimeHost, 'record' | 'recorded'>;
  /** Receives every `rcl_interfaces/msg/Log`, also those that are not stored, with the GID of its publisher. */
  readonly heard?: (message: RosMessage, gid: string) => void;
}

/** What the nodes of the graph log. */
export interface RosLogs {
  /** What these loggers, and those below them, have logged in this time, as far as it is at hand. */
  between(loggers: readonly string[], fromNs: bigint, toNs: bigint): readonly LogLine[];
  /** To be called when the use of `/rosout` has changed. */
  topicChanged(use: TopicUse | undefined): void;
  /** What it adds to the block `x-medkit-logs` of `/health`. */
  figures(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export function rosLogs({ node, log, host, heard }: RosLogsOptions): RosLogs {
  const rosout = new Rosout({ node, log, take: host.record, ...(heard && { heard }) });
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
