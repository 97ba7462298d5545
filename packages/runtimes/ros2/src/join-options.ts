import type { Log, NodeIds, RuntimeHost } from '@medkit/core';
import type { HostFacts } from '@medkit/core/discovery';
import type { Clock, Files, Random } from '@medkit/edges';
import type { FaultHost } from '@medkit/faults';
import type { RosAdapter } from '@medkit/ros2';
import type { BridgeSettings } from './bridges/fault-bridges.ts';
import type { FaultSettings } from './faults/ros-faults.ts';
import type { Ros2Settings } from './ros2-settings.ts';

/** How the graph is connected to the faults of the gateway, and the settings of the bridges. */
export interface FaultOptions {
  readonly settings: FaultSettings;
  readonly host: FaultHost;
  readonly bridges: BridgeSettings;
  /** File system from which recordings of the robot's fault manager are read. */
  readonly files: Files;
}

export interface JoinOptions {
  /** Name of the runtime. */
  readonly name: string;
  readonly adapter: RosAdapter;
  readonly clock: Clock;
  readonly random: Random;
  readonly host: HostFacts;
  readonly settings: Ros2Settings;
  /** If absent, the graph does not take part in fault management. */
  readonly faults?: FaultOptions;
  readonly runtimeHost: RuntimeHost;
  /** The ids assigned to nodes. */
  readonly ids: NodeIds;
  /** Returns whether the topics of each node are currently needed. */
  readonly topicsWanted?: () => boolean;
  /** Calls the listener with every line that medkit logs; returns a function that stops it. */
  readonly onGatewayLine?: (listener: Log) => () => void;
}
