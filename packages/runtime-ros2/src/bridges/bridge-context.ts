import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FaultReport } from '@medkit/faults';
import type { LocalNode } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';

/** What every bridge needs. */
export interface BridgeContext {
  /** The node of ours that listens. */
  readonly node: LocalNode;
  /** The graph of this moment. A bridge is silent while the robot brings along a node that does the same. */
  readonly view: GraphView;
  readonly clock: Clock;
  readonly log: Log;
  /** True where the report was taken. Never rejects. */
  readonly report: (report: FaultReport) => Promise<boolean>;
}
