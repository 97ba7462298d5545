import type { LogRecord } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { RosAdapter } from '@medkit/ros2';
import { MedkitNodes } from '../medkit-nodes/medkit-nodes.ts';

/** Creates medkit nodes on a graph; only `onLogged` receives what they log. */
export function createMedkitNodes(
  adapter: RosAdapter,
  clock: Clock,
  onLogged: (record: LogRecord) => void = () => undefined,
) {
  return new MedkitNodes({ adapter, clock, log: () => undefined, changed: () => undefined, onLogged });
}
