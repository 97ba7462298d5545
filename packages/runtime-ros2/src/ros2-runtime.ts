import type { HostFacts, Runtime, RuntimeHealth, RuntimeHost } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { LocalNode, RosAdapter } from '@medkit/ros2';
import { type ColdWaitSettings, ColdWaits } from './data/cold-waits.ts';
import { PublisherPool } from './data/publisher-pool.ts';
import { RosData } from './data/ros-data.ts';
import { sampleDecoder } from './data/sample-decoder.ts';
import { TaskMeter } from './data/task-meter.ts';
import { TopicPool, type TopicPoolSettings } from './data/topic-pool.ts';
import { TypeInfos } from './data/type-infos.ts';
import { type DiscoverySettings, rosContribution } from './discovery/ros-contribution.ts';
import { type FollowedGraph, followGraph } from './graph/follow-graph.ts';
import { graphWarnings } from './health/graph-warnings.ts';
import { healthBlocks } from './health/health-blocks.ts';

export interface Ros2Settings extends DiscoverySettings, TopicPoolSettings, ColdWaitSettings {
  /** Name of the node that the graph sees. */
  readonly nodeName: string;
  /** Priority of its contribution: what a manifest says comes before what is seen in the graph. */
  readonly priority: number;
  /** `subscription_executor.watchdog_threshold_ms`: a decoding that takes longer is counted and makes health degraded. */
  readonly slowTaskMs: number;
  /** Folder where a user's message definitions are looked for, for the warning that one is missing. */
  readonly definitionsFolder: string | undefined;
}

/** The defaults of the configuration. */
export const ROS2_DEFAULTS: Ros2Settings = {
  nodeName: 'medkit_gateway',
  priority: 10,
  createFunctionsFromNamespaces: true,
  hostComponent: true,
  filterInternalNodes: true,
  sampleTimeoutMs: 1000,
  coldWaitCap: 4,
  maxPoolSize: 256,
  idleMs: 900_000,
  sweepTickMs: 60_000,
  slowTaskMs: 5000,
  definitionsFolder: undefined,
};

export interface Ros2RuntimeOptions {
  /** Belongs to the caller, who closes it after the runtime has stopped. */
  readonly adapter: RosAdapter;
  readonly clock: Clock;
  readonly host: HostFacts;
  /** What differs from `ROS2_DEFAULTS`. */
  readonly settings?: Partial<Ros2Settings>;
  /** Name of the runtime (default `ros2`). */
  readonly name?: string;
}

/** What there is while the runtime runs. */
interface Running {
  readonly node: LocalNode;
  readonly graph: FollowedGraph;
  readonly pool: TopicPool;
  readonly coldWaits: ColdWaits;
  readonly publishers: PublisherPool;
  readonly meter: TaskMeter;
  readonly data: RosData;
}

/** The ROS 2 graph as a runtime: its nodes are apps, its topics are their data. */
export function ros2Runtime({ adapter, clock, host, settings, name = 'ros2' }: Ros2RuntimeOptions): Runtime {
  const set: Ros2Settings = { ...ROS2_DEFAULTS, ...settings };
  let running: Running | undefined;

  const live = (): Running => {
    if (!running) throw new Error(`runtime ${name} is not running`);
    return running;
  };
  const contribution = () =>
    rosContribution({
      runtime: name,
      priority: set.priority,
      nodes: live().graph.view.nodes.values(),
      host,
      settings: set,
    });

  return {
    name,
    providers: {
      data: {
        list: (nativeId) => live().data.list(nativeId),
        read: (nativeId, dataId, call) => live().data.read(nativeId, dataId, call),
        write: (nativeId, dataId, write, call) => live().data.write(nativeId, dataId, write, call),
      },
    },
    start: async (runtimeHost) => {
      running = await open({ adapter, clock, set, runtimeHost });
    },
    stop: async () => {
      if (!running) return;
      const { graph, pool, publishers, node } = running;
      running = undefined;
      graph.stop();
      await Promise.all([pool.close(), publishers.close()]);
      await node.close();
    },
    contribution,
    health: async (): Promise<RuntimeHealth> => {
      const { graph, pool, coldWaits, data, meter } = live();
      const facts = await adapter.facts();
      const appIds = new Map(contribution().apps.map(({ fqn, id }) => [fqn, id]));
      return {
        warnings: graphWarnings({
          facts,
          nodes: graph.view.nodes.values(),
          participants: graph.view.participants.values(),
          definitionsFolder: set.definitionsFolder,
          appIdOf: (fqn) => appIds.get(fqn),
        }),
        blocks: healthBlocks({
          facts,
          pool,
          poolCap: set.maxPoolSize,
          coldWaits,
          coldWaitCap: set.coldWaitCap,
          reads: data.reads,
          decoding: meter.figures(),
          graphEvents: graph.changes,
        }),
      };
    },
  };
}

async function open({
  adapter,
  clock,
  set,
  runtimeHost: { changed, log },
}: {
  readonly adapter: RosAdapter;
  readonly clock: Clock;
  readonly set: Ros2Settings;
  readonly runtimeHost: RuntimeHost;
}): Promise<Running> {
  const node = await adapter.node({ name: set.nodeName });
  const meter = new TaskMeter({ clock, slowMs: set.slowTaskMs });
  const pool = new TopicPool({ node, clock, log, settings: set, decode: sampleDecoder(adapter, meter) });
  const coldWaits = new ColdWaits({ clock, settings: set });
  const publishers = new PublisherPool({ node, clock, log });
  const typeInfos = new TypeInfos({ adapter, clock, log });
  const graph = await followGraph(adapter, (view, { nodes }, topics) => {
    for (const topic of topics) pool.topicChanged(topic, view.topic(topic));
    if (nodes.added.length + nodes.removed.length > 0) changed();
  }).catch(async (error: unknown) => {
    await node.close();
    throw error;
  });
  pool.start();
  const data = new RosData({ adapter, clock, view: graph.view, pool, coldWaits, publishers, typeInfos });
  return { node, graph, pool, coldWaits, publishers, meter, data };
}
