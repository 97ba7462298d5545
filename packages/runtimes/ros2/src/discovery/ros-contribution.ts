import { type App, type Contribution, type NodeIds, type RunningNode, toEntityId } from '@medkit/core';
import { type HostFacts, hostComponent } from '@medkit/core/discovery';
import { equalData, isSameList, type MadeRows, makeRows } from '@medkit/core/merge';
import { isInternalNode, type RosNode } from '@medkit/ros2';
import { appIds } from './app-ids.ts';
import { type NamespaceFunctions, namespaceFunctions } from './namespace-functions.ts';

/** Native id of the machine itself, which owns the topics that no node does. No FQN: those begin with a slash. */
export const HOST_NATIVE_ID = 'host';

export interface DiscoverySettings {
  /** `discovery.runtime.create_functions_from_namespaces`. */
  readonly createFunctionsFromNamespaces: boolean;
  /** `discovery.runtime.default_component.enabled`: the machine as a component that all apps are located on. */
  readonly hostComponent: boolean;
  /** `discovery.runtime.show_own_nodes`: nodes of medkit itself are apps as well. */
  readonly showOwnNodes: boolean;
  /** `discovery.runtime.filter_internal_nodes`: leave out nodes whose name begins with `_`. */
  readonly filterInternalNodes: boolean;
}

export interface RosContributionOptions {
  readonly runtime: string;
  readonly priority: number;
  readonly nodes: Iterable<RosNode>;
  readonly host: HostFacts;
  readonly settings: DiscoverySettings;
  /** The ids that nodes of this graph were given; new nodes are added. */
  readonly ids: NodeIds;
  /** Nodes of medkit itself: an app of a manifest may be one of them. */
  readonly ownNodes?: readonly RosNode[];
  /** Topics of a node, where somebody wants to know them. */
  readonly topicsOf?: (fqn: string) => readonly string[];
  /** The contribution that this one takes the place of. */
  readonly before?: RosContribution;
}

export interface RosContribution extends Contribution {
  /** What is told of each node: of one that did not change by the same object the next time. */
  readonly made: {
    readonly nodes: MadeRows<RosNode, RunningNode>;
    readonly apps: MadeRows<RosNode, App>;
    readonly functions: NamespaceFunctions;
  };
}

const NO_TOPICS: readonly string[] = [];
const NO_FUNCTIONS: NamespaceFunctions = { functions: [], hosting: new Map() };

/** The graph as entities: an app per node, a function per top namespace, and the machine as their component. */
export function rosContribution(options: RosContributionOptions): RosContribution {
  const { runtime, priority, host, settings, topicsOf, before } = options;
  const graph = [...options.nodes];
  const own = new Map((options.ownNodes ?? []).map((node) => [node.fqn, node]));
  if (own.size > 0) for (let at = 0; at < graph.length; at++) own.delete(graph[at].fqn);
  const all = [...graph, ...own.values()];
  const isFiltered = ({ name }: RosNode) => settings.filterInternalNodes && isInternalNode(name);
  const visible = (settings.showOwnNodes ? all : graph).filter((node) => !isFiltered(node));
  const ids = appIds(visible, options.ids);
  const machine = settings.hostComponent ? [hostComponent(host, { runtime, nativeId: HOST_NATIVE_ID })] : [];
  const components = before && equalData(before.components, machine) ? before.components : machine;
  const componentId = components[0]?.id;
  const nodes = makeRows(
    all,
    (node, _at, old): RunningNode => {
      const topics = topicsOf?.(node.fqn) ?? NO_TOPICS;
      const internal = isFiltered(node) || (!settings.showOwnNodes && own.has(node.fqn));
      const isSame = old && old.internal === internal && isSameList(old.channels, topics);
      return isSame ? old : { name: node.fqn, channels: topics, internal };
    },
    before?.made.nodes,
  );
  const apps = makeRows(
    visible,
    (node, at, old): App => {
      const aliases = aliasesOf(node.fqn, ids[at], options.ids);
      const isSame = old && old.id === ids[at] && old.componentId === componentId;
      if (isSame && isSameList(old.aliases ?? [], aliases)) return old;
      return appOf(node, { id: ids[at], aliases, runtime, componentId });
    },
    before?.made.apps,
  );
  const functions = settings.createFunctionsFromNamespaces
    ? namespaceFunctions(visible, ids, before?.made.functions)
    : NO_FUNCTIONS;
  return {
    runtime,
    priority,
    nodes: nodes.made,
    areas: before?.areas ?? [],
    components,
    apps: apps.made,
    functions: functions.functions,
    made: { nodes, apps, functions },
  };
}

/** The other names of a node: its full name, the id with its namespace, and ids that it had earlier. None is another node's. */
function aliasesOf(fqn: string, id: string, given: NodeIds): readonly string[] {
  const long = toEntityId(fqn.slice(1));
  const earlier = given.idsOf(fqn).filter((other) => other !== id && other !== long);
  return long === id || !given.isFree(long, fqn) ? [fqn, ...earlier] : [fqn, long, ...earlier];
}

interface AppFacts {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly runtime: string;
  readonly componentId: string | undefined;
}

function appOf({ fqn, name }: RosNode, { id, aliases, runtime, componentId }: AppFacts): App {
  return {
    kind: 'app',
    id,
    name,
    source: 'heuristic',
    aliases,
    address: { runtime, nativeId: fqn },
    node: fqn,
    online: true,
    ...(componentId !== undefined && { componentId }),
  };
}
