import {
  type App,
  appIds,
  type Contribution,
  type HostFacts,
  hostComponent,
  isInternalNode,
  namespaceFunctions,
  type Remembered,
  rememberFrom,
  toEntityId,
} from '@medkit/core';
import type { RosNode } from '@medkit/ros2';

/** Native id of the machine itself, which owns the topics that no node does. No FQN: those begin with a slash. */
export const HOST_NATIVE_ID = 'host';

export interface DiscoverySettings {
  /** `discovery.runtime.create_functions_from_namespaces`. */
  readonly createFunctionsFromNamespaces: boolean;
  /** `discovery.runtime.default_component.enabled`: the machine as a component that all apps are located on. */
  readonly hostComponent: boolean;
  /** `discovery.runtime.filter_internal_nodes`: leave out nodes whose name begins with `_`. */
  readonly filterInternalNodes: boolean;
}

export interface RosContributionOptions {
  readonly runtime: string;
  readonly priority: number;
  readonly nodes: Iterable<RosNode>;
  readonly host: HostFacts;
  readonly settings: DiscoverySettings;
  /** True for a node of the gateway itself. */
  readonly isOwn?: (node: RosNode) => boolean;
  /** Topics of a node, where somebody wants to know them. */
  readonly topicsOf?: (fqn: string) => readonly string[];
  /** The contribution that this one takes the place of. */
  readonly before?: RosContribution;
}

export interface RosContribution extends Contribution {
  /** Its apps by FQN: those of nodes that did not change are the same objects the next time. */
  readonly made: Remembered<App>;
}

/** The graph as entities: an app per node, a function per top namespace, and the machine as their component. */
export function rosContribution(options: RosContributionOptions): RosContribution {
  const { runtime, priority, host, settings, isOwn, topicsOf, before } = options;
  const nodes = [...options.nodes];
  const isFiltered = ({ name }: RosNode) => settings.filterInternalNodes && isInternalNode(name);
  const visible = nodes.filter((node) => !isFiltered(node));
  const ids = appIds(visible);
  const component = settings.hostComponent ? hostComponent(host, { runtime, nativeId: HOST_NATIVE_ID }) : undefined;
  const located = visible.map((node) => ({ node, id: ids.get(node.fqn) ?? node.name }));
  const round = rememberFrom(before?.made);
  const componentId = component?.id;
  return {
    runtime,
    priority,
    nodes: nodes.map((node) => ({
      fqn: node.fqn,
      topics: topicsOf?.(node.fqn) ?? [],
      internal: isFiltered(node) || (isOwn?.(node) ?? false),
    })),
    areas: [],
    components: component ? [component] : [],
    apps: located.map(({ node, id }) =>
      round.valueOf(node.fqn, [node, id, componentId], () => appOf(node, { id, runtime, componentId })),
    ),
    functions: settings.createFunctionsFromNamespaces
      ? namespaceFunctions(located.map(({ node, id }) => ({ id, namespace: node.namespace })))
      : [],
    made: round.now,
  };
}

function appOf(
  { fqn, name }: RosNode,
  { id, runtime, componentId }: { readonly id: string; readonly runtime: string; readonly componentId?: string },
): App {
  // The id that the node would have if its name were not its own: addresses survive another node of that name.
  const prefixed = toEntityId(fqn.slice(1));
  return {
    kind: 'app',
    id,
    name,
    source: 'heuristic',
    aliases: prefixed === id ? [fqn] : [fqn, prefixed],
    address: { runtime, nativeId: fqn },
    fqn,
    online: true,
    ...(componentId !== undefined && { componentId }),
  };
}
