import type { LogRecord } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { RosAdapter } from '@medkit/ros2';
import { OwnNodes } from '../medkit-nodes/medkit-nodes.ts';

/** Creates medkit nodes on a graph; only `said` receives what they log. */
export function ownNodesOf(adapter: RosAdapter, clock: Clock, said: (record: LogRecord) => void = () => undefined) {
  return new OwnNodes({ adapter, clock, log: () => undefined, changed: () => undefined, said });
}
