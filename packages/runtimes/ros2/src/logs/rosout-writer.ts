import { errorMessage, type Log, oncePerKey } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type LocalNode, type QosProfile, timeMessage } from '@medkit/ros2';
import { LOG_TYPE } from './log-message.ts';
import { ROSOUT } from './rosout.ts';

/** rcl's profile of `/rosout`, with a shorter history because medkit logs little. */
const ROSOUT_QOS: Partial<QosProfile> = { durability: 'transient_local', depth: 100, lifespanMs: 10_000 };

/** Levels of `rcl_interfaces/msg/Log`. */
const LEVELS: Readonly<Record<Parameters<Log>[0], number>> = { info: 20, warn: 30, error: 40 };

export interface RosoutWriterOptions {
  readonly node: LocalNode;
  readonly clock: Pick<Clock, 'wallNs'>;
  /** Called when a line could not be published, and again only if the reason changes. */
  readonly log: Log;
}

/** Publishes the log of a medkit node on `/rosout`, as ROS 2 nodes do. */
export async function openRosoutWriter({ node, clock, log }: RosoutWriterOptions) {
  const publisher = await node.publisher(ROSOUT, LOG_TYPE, ROSOUT_QOS);
  const name = node.fqn.slice(1).replaceAll('/', '.');
  const isNewFailure = oncePerKey();
  return {
    say: (level: Parameters<Log>[0], msg: string): void => {
      publisher
        .publish({ stamp: timeMessage(clock.wallNs()), level: LEVELS[level], name, msg })
        .catch((error: unknown) => {
          const reason = errorMessage(error);
          if (isNewFailure(reason)) log('warn', `Log messages of ${node.fqn} are not published: ${reason}`);
        });
    },
    close: () => publisher.close(),
  };
}
