import type { ConfigurationSettings } from './configurations/parameter-nodes.ts';
import type { ColdWaitSettings } from './data/cold-waits.ts';
import type { DataSettings } from './data/ros-data.ts';
import type { TopicPoolSettings } from './data/topic-pool.ts';
import type { DiscoverySettings } from './discovery/ros-contribution.ts';
import type { OperationSettings } from './operations/open-operations.ts';

export interface Ros2Settings
  extends DiscoverySettings,
    TopicPoolSettings,
    ColdWaitSettings,
    DataSettings,
    OperationSettings,
    ConfigurationSettings {
  /** Full name of the gateway's node in the graph. */
  readonly node: string;
  /** Priority of its contribution: a manifest takes precedence over the graph. */
  readonly priority: number;
  /** `subscription_executor.watchdog_threshold_ms`: a decoding that takes longer is counted and degrades health. */
  readonly slowTaskMs: number;
  /** Whether parameter changes by other tools are reported. */
  readonly observeParameters: boolean;
  /** Folder with a user's message definitions, named in the warning about a missing definition. */
  readonly definitionsFolder: string | undefined;
}

/** The defaults of the configuration. */
export const ROS2_DEFAULTS: Ros2Settings = {
  node: '/medkit_gateway',
  priority: 10,
  createFunctionsFromNamespaces: true,
  hostComponent: true,
  filterInternalNodes: true,
  showMedkitNodes: false,
  sampleTimeoutMs: 1000,
  coldWaitCap: 4,
  foreignTopics: false,
  maxPoolSize: 256,
  idleMs: 900_000,
  idleMaxBytes: 134_217_728,
  sweepTickMs: 60_000,
  slowTaskMs: 5000,
  parameterTimeoutMs: 2000,
  parameterMuteMs: 60_000,
  observeParameters: false,
  serviceCallTimeoutMs: 10_000,
  definitionsFolder: undefined,
};
