import { type Contribution, errorMessage, loggerPath, type RuntimeHealth, type RuntimeHost } from '@medkit/core';
import { followGraph, type Graph, type GraphDiff, type LocalNode } from '@medkit/ros2';
import type { RosConfigurations } from './configurations/ros-configurations.ts';
import { type RosContribution, rosContribution } from './discovery/ros-contribution.ts';
import { topicsOf } from './graph/node-facts.ts';
import { type GraphParts, openGraphParts } from './graph-parts.ts';
import { runtimeHealth } from './health/runtime-health.ts';
import type { JoinOptions } from './join-options.ts';
import { ROSOUT } from './logs/rosout.ts';
import type { RosProviders } from './ros-providers.ts';

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
  const { adapter, settings, runtimeHost } = options;
  // Closed in reverse order when the graph is left or if a part fails to open.
  await using opening = new AsyncDisposableStack();
  let membership: OpenMembership | undefined;
  const medkitNodesChanged = (): void => {
    if (membership?.isRunning) runtimeHost.changed();
  };
  const parts = await openGraphParts(options, { opening, medkitNodesChanged });
  const { node, view, newNodes, logs, pool, faults, bridges } = parts;
  if (options.onGatewayLine) opening.defer(options.onGatewayLine(node.say));
  const graph = new OpenMembership(options, parts);
  const begin = (first: Graph): void => {
    newNodes.begin(first);
    view.replace(first);
  };
  opening.defer(await followGraph(adapter, { begin, change: (diff) => graph.take(diff) }));
  if (settings.observeParameters) await observed(parts.configurations, node, runtimeHost);
  logs.topicChanged(view.topic(ROSOUT));
  pool.start();
  faults?.start();
  bridges?.graphChanged();
  for (const topic of view.topics) bridges?.topicChanged(topic, view.topic(topic));
  graph.run(opening.move());
  membership = graph;
  return graph;
}

class OpenMembership implements GraphMembership {
  readonly providers: RosProviders;
  readonly #options: JoinOptions;
  readonly #parts: GraphParts;
  /** The open parts while it is part of the graph. */
  #opened: AsyncDisposableStack | undefined;
  #graphEvents = 0;
  #lastContribution: RosContribution | undefined;

  constructor(options: JoinOptions, parts: GraphParts) {
    this.#options = options;
    this.#parts = parts;
    const { configurations, data, lifecycle, operations } = parts;
    this.providers = { configurations, data, lifecycle, operations: operations.provider };
  }

  get isRunning(): boolean {
    return this.#opened !== undefined;
  }

  run(opened: AsyncDisposableStack): void {
    this.#opened = opened;
  }

  async leave(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.disposeAsync();
  }

  isLogger(key: string): boolean {
    return this.#parts.view.node(loggerPath(key)) !== undefined;
  }

  /** Passes a change of the graph to every part. */
  take(diff: GraphDiff): void {
    const { newNodes, view, data, sources, logs, configurations, lifecycle, operations, faults, bridges } = this.#parts;
    const { topicsWanted = () => false, runtimeHost } = this.#options;
    this.#graphEvents++;
    newNodes.graphChanged(diff);
    const topics = view.apply(diff);
    bridges?.graphChanged();
    this.#passTopics(topics);
    if (topics.size > 0) {
      data.topicsChanged();
      runtimeHost.dataChanged();
    }
    sources?.topicsChanged(topics);
    if (topics.has(ROSOUT)) logs.topicChanged(view.topic(ROSOUT));
    configurations.graphChanged(diff);
    lifecycle.graphChanged(diff);
    operations.graphChanged(diff);
    faults?.graphChanged();
    const { added, removed } = diff.nodes;
    if (added.length + removed.length > 0 || (topics.size > 0 && topicsWanted())) runtimeHost.changed();
  }

  contribution(): Contribution {
    const { name, host, settings, ids, topicsWanted = () => false } = this.#options;
    const { view, medkitNodes } = this.#parts;
    this.#lastContribution = rosContribution({
      runtime: name,
      priority: settings.priority,
      nodes: view.nodes.values(),
      host,
      settings,
      ids,
      medkitNodes: medkitNodes.all(),
      ...(topicsWanted() && { topicsOf: (fqn) => topicsOf(view, fqn) }),
      ...(this.#lastContribution && { before: this.#lastContribution }),
    });
    return this.#lastContribution;
  }

  async health(): Promise<RuntimeHealth> {
    const { adapter, settings } = this.#options;
    const { operations, watches, pictures, configurations, faults, bridges } = this.#parts;
    const { apps } = this.contribution();
    const quotas = {
      service_calls: operations.figures(),
      watched_topics: watches.figures(),
      pictures: pictures.figures(),
      ...configurations.quotas(),
      ...bridges?.quotas(),
    };
    const facts = await adapter.facts();
    const { warnings, blocks } = runtimeHealth({
      ...this.#parts,
      facts,
      quotas,
      apps,
      settings,
      graphEvents: this.#graphEvents,
    });
    return {
      warnings: [...warnings, ...(faults?.warnings() ?? []), ...(bridges?.warnings() ?? [])],
      blocks: { ...blocks, ...(bridges && { 'x-medkit-fault-bridges': bridges.figures() }) },
    };
  }

  #passTopics(topics: ReadonlySet<string>): void {
    const { view, pool, watches, bridges } = this.#parts;
    for (const topic of topics) {
      const use = view.topic(topic);
      pool.topicChanged(topic, use);
      watches.topicChanged(topic, use);
      bridges?.topicChanged(topic, use);
    }
  }
}

/** Starts reporting parameter changes. A failure does not prevent joining the graph. */
async function observed(
  configurations: RosConfigurations,
  node: LocalNode,
  { configurationChanged, log }: Pick<RuntimeHost, 'configurationChanged' | 'log'>,
): Promise<void> {
  try {
    await configurations.observe(node, configurationChanged);
  } catch (error) {
    log('warn', `Parameter changes by other programs are not observed: ${errorMessage(error)}`);
  }
}
