import type { Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { FaultReport } from '@medkit/faults';
import type { LocalNode, RosAdapter } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';

/** What every bridge needs. */
export interface BridgeContext {
  /** The node of ours that listens. */
  readonly node: LocalNode;
  /** The graph of this moment. A bridge is silent while the robot brings along a node that does the same. */
  readonly view: GraphView;
  readonly adapter: Pick<RosAdapter, 'toJson' | 'encode'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** True where the report was taken. Never rejects. */
  readonly report: (report: FaultReport) => Promise<boolean>;
}
