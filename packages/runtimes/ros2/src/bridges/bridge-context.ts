import type { Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { FaultReport, FaultStanding, ReportAbout } from '@medkit/faults';
import type { LocalNode, RosAdapter } from '@medkit/ros2';
import type { FaultManagerNames } from '../faults/fault-manager-names.ts';
import type { GraphView } from '../graph/graph-view.ts';
import type { BridgeKind } from './other-bridges.ts';

/** What every bridge needs. */
export interface BridgeContext {
  /** The node of ours that listens. */
  readonly node: LocalNode;
  /** The graph of this moment. */
  readonly view: GraphView;
  readonly adapter: Pick<RosAdapter, 'toJson' | 'encode'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** True where the report was taken. Never rejects. */
  readonly report: (report: FaultReport) => Promise<boolean>;
  /** Adds what was learned since to the report of a fault that still stands as it was reported. Never rejects. */
  readonly amend: (report: FaultReport) => Promise<void>;
  /** How a fault stands, `undefined` where that is not known: with a fault manager of the robot. Never rejects. */
  readonly standing: (code: string, about?: ReportAbout) => Promise<FaultStanding | undefined>;
  /** Names of the fault manager to which a bridge of the robot would report. */
  readonly manager: FaultManagerNames;
  /** Whether the node is a part of medkit or ros2_medkit, by what it does in the graph. */
  readonly isMedkit: (fqn: string) => boolean;
  /** The node that the robot brings along and that does the same: as long as it is there, the bridge is silent. */
  readonly other: (bridge: BridgeKind) => string | undefined;
}
