import type { Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { FaultReport, FaultState, ReportAbout } from '@medkit/faults';
import type { LocalNode, RosAdapter } from '@medkit/ros2';
import type { FaultManagerNames } from '../faults/fault-manager-names.ts';
import type { GraphView } from '../graph/graph-view.ts';
import type { BridgeKind } from './other-bridges.ts';

/** Dependencies shared by all bridges. */
export interface BridgeContext {
  /** The node of medkit that subscribes. */
  readonly node: LocalNode;
  /** The current graph. */
  readonly view: GraphView;
  readonly adapter: Pick<RosAdapter, 'toJson' | 'encode'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Resolves to `true` if the report was accepted. Never rejects. */
  readonly report: (report: FaultReport) => Promise<boolean>;
  /** Adds later information to the report of a fault whose state has not changed since. Never rejects. */
  readonly amend: (report: FaultReport) => Promise<void>;
  /**
   * Returns the state of a fault. Returns `undefined` if it is not known, as with a fault manager of the robot. Never
   * rejects.
   */
  readonly standing: (code: string, about?: ReportAbout) => Promise<FaultState | undefined>;
  /** Names of the fault manager that a bridge of the robot would report to. */
  readonly manager: FaultManagerNames;
  /** Returns whether a node belongs to medkit or ros2_medkit, judged by its endpoints. */
  readonly isMedkit: (fqn: string) => boolean;
  /** Returns the node of the robot that does the same as the bridge. While it exists, the bridge reports nothing. */
  readonly other: (bridge: BridgeKind) => string | undefined;
}
