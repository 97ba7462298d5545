import {
  type Contribution,
  type ExternalConfigurationChange,
  errorMessage,
  type Log,
  loggerPath,
  type NodeIds,
  type RuntimeHealth,
  type RuntimeHost,
} from '@medkit/core';
import { type HostFacts, splitNodeName } from '@medkit/core/discovery';
import type { Clock, Files, Random } from '@medkit/edges';
import type { FaultHost } from '@medkit/faults';
import {
  followGraph,
  type Graph,
  type GraphDiff,
  type LocalNode,
  type RosAdapter,
  type RosMessage,
} from '@medkit/ros2';
import { type BridgeSettings, openFaultBridges } from './bridges/fault-bridges.ts';
import { RosConfigurations } from './configurations/ros-configurations.ts';
import { ColdWaits } from './data/cold-waits.ts';
import { PublisherPool } from './data/publisher-pool.ts';
import { RosData } from './data/ros-data.ts';
import { sampleDecoder } from './data/sample-decoder.ts';
import { TaskMeter } from './data/task-meter.ts';
import { TopicPool } from './data/topic-pool.ts';
import { TopicWatches } from './data/topic-watches.ts';
import { TypeInfos } from './data/type-infos.ts';
import { type RosContribution, rosContribution } from './discovery/ros-contribution.ts';
import { openEvidence } from './evidence/open-evidence.ts';
import { faultManagerNames } from './faults/fault-manager-names.ts';
import { type FaultSettings, RosFaults } from './faults/ros-faults.ts';
import { GraphView } from './graph/graph-view.ts';
import { NewNodes } from './graph/new-nodes.ts';
import { topicsOf } from './graph/node-facts.ts';
import { runtimeHealth } from './health/runtime-health.ts';
import { RosLifecycle } from './lifecycle/ros-lifecycle.ts';
import { type RosLogs, rosLogs } from './logs/ros-logs.ts';
import { ROSOUT } from './logs/rosout.ts';
import { MedkitNodes } from './medkit-nodes/medkit-nodes.ts';
import { openOperations } from './operations/open-operations.ts';
import type { RosProviders } from './ros-providers.ts';
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

/** The graph while the gateway is part of it. */
export interface GraphMembership {
  readonly providers: RosProviders;
  /** Returns whether the key of a logger, as of `loggerKey`, belongs to a node. */
  isLogger(key: string): boolean;
  contribution(): Contribution;
  health(): Promise<RuntimeHealth>;
  /** Leaves the graph. Running calls fail. */
  leave(): Promise<void>;
}

/** Joins the graph with a node of medkit, and opens the parts that provide its resources. */
export async function joinGraph(options: JoinOptions): Promise<GraphMembership> {
  const { name, adapter, clock, random, host, settings, runtimeHost, topicsWanted = () => false } = options;
  const keeping = options.faults;
  const { changed, dataChanged, operationChanged, configurationChanged, record, log } = runtimeHost;
  // Closed in reverse order when the graph is left or if a part fails to open.
  await using opening = new AsyncDisposableStack();
  const open = <Part extends { close(): Promise<void> }>(part: Part): Part =>
    opening.adopt(part, (opened) => opened.close());

  let isRunning = false;
  const medkitNodesChanged = (): void => {
    if (isRunning) changed();
  };
  const medkitNodes = new MedkitNodes({ adapter, clock, log, changed: medkitNodesChanged, onLogged: record });
  const node = open(await medkitNodes.open(splitNodeName(settings.node)));
  const view = new GraphView(medkitNodes);
  const newNodes = new NewNodes({ view, clock });
  const typeInfos = new TypeInfos({ adapter, clock, log });
  const meter = new TaskMeter({ clock, slowMs: settings.slowTaskMs });
  const coldWaits = new ColdWaits({ clock, settings });
  const pool = open(new TopicPool({ node, clock, log, settings, decode: sampleDecoder(adapter, meter) }));
  const watches = open(new TopicWatches({ pool, view, log }));
  const publishers = open(new PublisherPool({ node, clock, log }));
  const data = new RosData({
    adapter,
    clock,
    view,
    pool,
    watches,
    coldWaits,
    publishers,
    typeInfos,
    newNodes,
    settings,
  });
  const configurations = open(new RosConfigurations({ node, view, newNodes, clock, log, settings }));
  const lifecycle = open(new RosLifecycle({ node, view, newNodes, clock, log }));
  const operations = open(
    openOperations({
      node,
      adapter,
      view,
      newNodes,
      typeInfos,
      clock,
      random,
      log,
      settings,
      changed: operationChanged,
    }),
  );
  const lines: RosLogs['between'] = (...of) => logs.between(...of);
  const sources = keeping && open(openEvidence({ node, adapter, view, pool, clock, log, logged: lines }));
  const faults =
    keeping &&
    sources &&
    open(new RosFaults({ ...keeping, name, medkitNodes, node, view, sources, clock, random, log }));
  const bridges =
    keeping &&
    open(
      openFaultBridges(
        {
          node,
          view,
          adapter,
          clock,
          random,
          log,
          report: (report) => keeping.host.report({ ...report, runtime: name }),
          amend: (report) => keeping.host.amend(report),
          standing: (code, about) => keeping.host.standing(code, about),
          manager: faultManagerNames(keeping.settings.namespace),
        },
        keeping.bridges,
      ),
    );
  const onMessage = bridges && ((message: RosMessage, gid: string) => bridges.logged(message, gid));
  const logs = open(rosLogs({ node, log, host: runtimeHost, ...(onMessage && { onMessage }) }));

  if (options.onGatewayLine) opening.defer(options.onGatewayLine(node.say));

  let graphEvents = 0;
  const graphChanged = (diff: GraphDiff): void => {
    graphEvents++;
    newNodes.graphChanged(diff);
    const topics = view.apply(diff);
    const { added, removed } = diff.nodes;
    bridges?.graphChanged();
    for (const topic of topics) {
      const use = view.topic(topic);
      pool.topicChanged(topic, use);
      watches.topicChanged(topic, use);
      bridges?.topicChanged(topic, use);
    }
    if (topics.size > 0) {
      data.topicsChanged();
      dataChanged();
    }
    sources?.topicsChanged(topics);
    if (topics.has(ROSOUT)) logs.topicChanged(view.topic(ROSOUT));
    configurations.graphChanged(diff);
    lifecycle.graphChanged(diff);
    operations.graphChanged(diff);
    faults?.graphChanged();
    if (added.length + removed.length > 0 || (topics.size > 0 && topicsWanted())) changed();
  };
  const begin = (graph: Graph): void => {
    newNodes.begin(graph);
    view.replace(graph);
  };
  opening.defer(await followGraph(adapter, { begin, change: graphChanged }));
  if (settings.observeParameters) await observed(configurations, node, { report: configurationChanged, log });
  logs.topicChanged(view.topic(ROSOUT));
  pool.start();
  faults?.start();
  bridges?.graphChanged();
  for (const topic of view.topics) bridges?.topicChanged(topic, view.topic(topic));
  const opened = opening.move();
  isRunning = true;

  let lastContribution: RosContribution | undefined;
  const contribution = (): Contribution => {
    lastContribution = rosContribution({
      runtime: name,
      priority: settings.priority,
      nodes: view.nodes.values(),
      host,
      settings,
      ids: options.ids,
      medkitNodes: medkitNodes.all(),
      ...(topicsWanted() && { topicsOf: (fqn) => topicsOf(view, fqn) }),
      ...(lastContribution && { before: lastContribution }),
    });
    return lastContribution;
  };
  return {
    providers: {
      configurations,
      data,
      lifecycle,
      operations: operations.provider,
    },
    isLogger: (key) => view.node(loggerPath(key)) !== undefined,
    contribution,
    health: async () => {
      const { apps } = contribution();
      const facts = await adapter.facts();
      const { warnings, blocks } = runtimeHealth({
        facts,
        quotas: {
          service_calls: operations.figures(),
          watched_topics: watches.figures(),
          ...configurations.quotas(),
          ...bridges?.quotas(),
        },
        view,
        apps,
        settings,
        pool,
        watches,
        coldWaits,
        data,
        meter,
        graphEvents,
        logs,
      });
      return {
        warnings: [...warnings, ...(faults?.warnings() ?? []), ...(bridges?.warnings() ?? [])],
        blocks: { ...blocks, ...(bridges && { 'x-medkit-fault-bridges': bridges.figures() }) },
      };
    },
    leave: () => {
      isRunning = false;
      return opened.disposeAsync();
    },
  };
}

/** Starts reporting parameter changes. A failure does not prevent joining the graph. */
async function observed(
  configurations: RosConfigurations,
  node: LocalNode,
  { report, log }: { readonly report: (change: ExternalConfigurationChange) => void; readonly log: Log },
): Promise<void> {
  try {
    await configurations.observe(node, report);
  } catch (error) {
    log('warn', `Parameter changes by other programs are not observed: ${errorMessage(error)}`);
  }
}
