import type { HostFacts, Runtime, RuntimeHealth, RuntimeHost } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { LocalNode, RosAdapter } from '@medkit/ros2';
import type { ConfigurationSettings } from './configurations/parameter-nodes.ts';
import { RosConfigurations } from './configurations/ros-configurations.ts';
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
import { RosLifecycle } from './lifecycle/ros-lifecycle.ts';
import { type LogSettings, type RosLogs, rosLogs } from './logs/ros-logs.ts';
import { ROSOUT } from './logs/rosout.ts';
import { type OpenOperations, type OperationSettings, openOperations } from './operations/open-operations.ts';

export interface Ros2Settings
  extends DiscoverySettings,
    TopicPoolSettings,
    ColdWaitSettings,
    LogSettings,
    OperationSettings,
    ConfigurationSettings {
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
  parameterTimeoutMs: 2000,
  parameterMuteMs: 60_000,
  logBufferSize: 200,
  serviceCallTimeoutMs: 10_000,
  definitionsFolder: undefined,
};

export interface Ros2RuntimeOptions {
  /** Belongs to the caller, who closes it after the runtime has stopped. */
  readonly adapter: RosAdapter;
  readonly clock: Clock;
  readonly random: Random;
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
  readonly configurations: RosConfigurations;
  readonly data: RosData;
  readonly lifecycle: RosLifecycle;
  readonly logs: RosLogs;
  readonly operations: OpenOperations;
}

/** The ROS 2 graph as a runtime: its nodes are apps, its topics are their data. */
export function ros2Runtime({ adapter, clock, random, host, settings, name = 'ros2' }: Ros2RuntimeOptions): Runtime {
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
      configurations: {
        list: (nativeId, call) => live().configurations.list(nativeId, call),
        read: (nativeId, name, call) => live().configurations.read(nativeId, name, call),
        write: (nativeId, name, value, call) => live().configurations.write(nativeId, name, value, call),
        reset: (nativeId, name, call) => live().configurations.reset(nativeId, name, call),
        resetAll: (nativeId, call) => live().configurations.resetAll(nativeId, call),
      },
      data: {
        list: (nativeId) => live().data.list(nativeId),
        read: (nativeId, dataId, call) => live().data.read(nativeId, dataId, call),
        write: (nativeId, dataId, write, call) => live().data.write(nativeId, dataId, write, call),
      },
      lifecycle: {
        status: (nativeId) => live().lifecycle.status(nativeId),
        change: (nativeId, action) => live().lifecycle.change(nativeId, action),
      },
      operations: {
        list: (nativeId, call) => live().operations.provider.list(nativeId, call),
        invoke: (nativeId, operationId, request, call) =>
          live().operations.provider.invoke(nativeId, operationId, request, call),
        executions: (nativeId, operationId, call) => live().operations.provider.executions(nativeId, operationId, call),
        execution: (nativeId, operationId, executionId, call) =>
          live().operations.provider.execution(nativeId, operationId, executionId, call),
        control: (nativeId, operationId, executionId, capability, call) =>
          live().operations.provider.control(nativeId, operationId, executionId, capability, call),
      },
      logs: {
        list: (nativeId, scope, query, call) => live().logs.provider.list(nativeId, scope, query, call),
        add: (nativeId, record, call) => live().logs.provider.add(nativeId, record, call),
      },
    },
    start: async (runtimeHost) => {
      running = await open({ adapter, clock, random, set, runtimeHost });
    },
    stop: async () => {
      if (!running) return;
      const { graph, pool, publishers, node, configurations, lifecycle, logs, operations } = running;
      running = undefined;
      graph.stop();
      await Promise.all([
        pool.close(),
        publishers.close(),
        configurations.close(),
        lifecycle.close(),
        logs.close(),
        operations.close(),
      ]);
      await node.close();
    },
    contribution,
    health: async (): Promise<RuntimeHealth> => {
      const { graph, pool, coldWaits, data, meter, logs } = live();
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
          logs: logs.figures(),
        }),
      };
    },
  };
}

async function open({
  adapter,
  clock,
  random,
  set,
  runtimeHost: { changed, logged, log },
}: {
  readonly adapter: RosAdapter;
  readonly clock: Clock;
  readonly random: Random;
  readonly set: Ros2Settings;
  readonly runtimeHost: RuntimeHost;
}): Promise<Running> {
  const node = await adapter.node({ name: set.nodeName });
  const meter = new TaskMeter({ clock, slowMs: set.slowTaskMs });
  const pool = new TopicPool({ node, clock, log, settings: set, decode: sampleDecoder(adapter, meter) });
  const coldWaits = new ColdWaits({ clock, settings: set });
  const publishers = new PublisherPool({ node, clock, log });
  const typeInfos = new TypeInfos({ adapter, clock, log });
  const logs = rosLogs({ node, log, settings: set, isNode: (fqn) => graph.view.nodes.has(fqn), logged });
  const lifecycle = new RosLifecycle({ node, view: () => graph.view, clock, log });
  const configurations = new RosConfigurations({ node, view: () => graph.view, clock, log, settings: set });
  const view = () => graph.view;
  const operations = openOperations({ node, adapter, view, typeInfos, clock, random, log, settings: set });
  const graph: FollowedGraph = await followGraph(adapter, (view, diff, topics) => {
    const { nodes } = diff;
    configurations.graphChanged(diff);
    for (const topic of topics) pool.topicChanged(topic, view.topic(topic));
    if (topics.has(ROSOUT)) logs.topicChanged(view.topic(ROSOUT));
    for (const fqn of nodes.removed) lifecycle.nodeGone(fqn);
    if (nodes.added.length + nodes.removed.length > 0) changed();
  }).catch(async (error: unknown) => {
    await Promise.all([configurations.close(), lifecycle.close(), operations.close(), node.close()]);
    throw error;
  });
  logs.topicChanged(graph.view.topic(ROSOUT));
  pool.start();
  const data = new RosData({ adapter, clock, view: graph.view, pool, coldWaits, publishers, typeInfos });
  return { node, graph, pool, coldWaits, publishers, meter, configurations, data, lifecycle, logs, operations };
}
