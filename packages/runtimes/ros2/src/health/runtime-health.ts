import type { App, RuntimeHealth } from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import type { AdapterFacts } from '@medkit/ros2';
import type { ColdWaits } from '../data/cold-waits.ts';
import type { RosData } from '../data/ros-data.ts';
import type { TaskMeter } from '../data/task-meter.ts';
import type { TopicPool } from '../data/topic-pool.ts';
import type { TopicWatches } from '../data/topic-watches.ts';
import type { GraphView } from '../graph/graph-view.ts';
import type { RosLogs } from '../logs/ros-logs.ts';
import type { Ros2Settings } from '../ros2-settings.ts';
import { graphSize } from './graph-size.ts';
import { graphWarnings } from './graph-warnings.ts';
import { healthBlocks } from './health-blocks.ts';

export interface HealthParts {
  readonly facts: AdapterFacts;
  /** Counts of the bounded collections of the runtime. */
  readonly quotas: Readonly<Record<string, QuotaFigures>>;
  readonly view: GraphView;
  readonly apps: readonly App[];
  readonly settings: Ros2Settings;
  readonly pool: TopicPool;
  readonly watches: TopicWatches;
  readonly coldWaits: ColdWaits;
  readonly data: RosData;
  readonly meter: TaskMeter;
  readonly graphEvents: number;
  readonly logs: RosLogs;
}

/** Returns the health of the runtime and the graph. */
export function runtimeHealth({
  facts,
  view,
  apps,
  settings,
  meter,
  data,
  logs,
  ...parts
}: HealthParts): RuntimeHealth {
  const appIds = new Map(apps.map(({ node: fqn, id }) => [fqn, id]));
  return {
    warnings: graphWarnings({
      facts,
      nodes: [...view.nodes.values()],
      participants: [...view.participants.values()],
      servers: Array.from(view.services).flatMap((service) => [...view.serversOf(service)]),
      topics: Array.from(view.topics).flatMap((topic) => view.topic(topic) ?? []),
      definitionsFolder: settings.definitionsFolder,
      appIdOf: (fqn) => appIds.get(fqn),
    }),
    blocks: healthBlocks({
      ...parts,
      facts,
      graph: graphSize(view),
      poolCap: settings.maxPoolSize,
      coldWaitCap: settings.coldWaitCap,
      reads: data.reads,
      decoding: meter.figures(),
      logs: logs.figures(),
    }),
  };
}
