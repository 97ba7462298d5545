import { type App, type Contribution, type NodeIds, type RunningNode, toEntityId } from '@medkit/core';
import { type HostFacts, hostComponent } from '@medkit/core/discovery';
import { equalData, isSameList, type MappedRows, mapRows } from '@medkit/core/merge';
import { isInternalNode, type RosNode } from '@medkit/ros2';
import { appIds } from './app-ids.ts';
import { type NamespaceFunctions, namespaceFunctions } from './namespace-functions.ts';

/** Native id of the machine, which owns the topics that belong to no node. Not an FQN: those begin with a slash. */
export const HOST_NATIVE_ID = 'host';

export interface DiscoverySettings {
  /** `discovery.runtime.create_functions_from_namespaces`. */
  readonly createFunctionsFromNamespaces: boolean;
  /** `discovery.runtime.default_component.enabled`: the machine as a component that contains all apps. */
  readonly hostComponent: boolean;
  /** `discovery.runtime.show_own_nodes`: nodes of medkit are apps as well. */
  readonly showMedkitNodes: boolean;
  /** `discovery.runtime.filter_internal_nodes`: hides nodes whose name begins with `_`. */
  readonly filterInternalNodes: boolean;
}

export interface RosContributionOptions {
  readonly runtime: string;
  readonly priority: number;
  readonly nodes: Iterable<RosNode>;
  readonly host: HostFacts;
  readonly settings: DiscoverySettings;
  /** The ids assigned to nodes of this graph; new nodes are added. */
  readonly ids: NodeIds;
  /** Nodes of medkit: an app of a manifest may refer to one of them. */
  readonly medkitNodes?: readonly RosNode[];
  /** Returns the topics of a node, if they are needed. */
  readonly topicsOf?: (fqn: string) => readonly string[];
  /** The previous contribution. */
  readonly before?: RosContribution;
}

export interface RosContribution extends Contribution {
  /** The objects created per node; an unchanged node gets the same object next time. */
  readonly made: {
    readonly nodes: MappedRows<RosNode, RunningNode>;
    readonly apps: MappedRows<RosNode, App>;
    readonly functions: NamespaceFunctions;
  };
}

const NO_TOPICS: readonly string[] = [];
const NO_FUNCTIONS: NamespaceFunctions = { functions: [], hosting: new Map() };

/** Returns the graph as entities: an app per node, a function per top-level namespace, and the machine as component. */
export function rosContribution(options: RosContributionOptions): RosContribution {
  const { runtime, priority, host, settings, topicsOf, before } = options;
  const graph = [...options.nodes];
  const medkitNodes = new Map((options.medkitNodes ?? []).map((node) => [node.fqn, node]));
  if (medkitNodes.size > 0) for (let at = 0; at < graph.length; at++) medkitNodes.delete(graph[at].fqn);
  const all = [...graph, ...medkitNodes.values()];
  const isFiltered = ({ name }: RosNode) => settings.filterInternalNodes && isInternalNode(name);
  const visible = (settings.showMedkitNodes ? all : graph).filter((node) => !isFiltered(node));
  const ids = appIds(visible, options.ids);
  const machine = settings.hostComponent ? [hostComponent(host, { runtime, nativeId: HOST_NATIVE_ID })] : [];
  const components = before && equalData(before.components, machine) ? before.components : machine;
  const componentId = components[0]?.id;
  const nodes = mapRows(
    all,
    (node, _at, old): RunningNode => {
      const topics = topicsOf?.(node.fqn) ?? NO_TOPICS;
      const internal = isFiltered(node) || (!settings.showMedkitNodes && medkitNodes.has(node.fqn));
      const isSame = old && old.internal === internal && isSameList(old.channels, topics);
      return isSame ? old : { name: node.fqn, channels: topics, internal };
    },
    before?.made.nodes,
  );
  const apps = mapRows(
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

/**
 * Returns other names of a node: its full name, the id with its namespace, and earlier ids. Names of other nodes are
 * excluded.
 */
function aliasesOf(fqn: string, id: string, assigned: NodeIds): readonly string[] {
  const long = toEntityId(fqn.slice(1));
  const earlier = assigned.idsOf(fqn).filter((other) => other !== id && other !== long);
  return long === id || !assigned.isFree(long, fqn) ? [fqn, ...earlier] : [fqn, long, ...earlier];
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
