import type { RosEndpoint } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';

/** Topics that a node publishes or subscribes to, or with a role those that it has this role in; `undefined` for no node. */
export function topicsOfNode(view: GraphView, fqn: string, role?: RosEndpoint['role']): readonly string[] | undefined {
  if (!view.nodes.has(fqn)) return undefined;
  const endpoints = [...view.endpointsOf(fqn)].filter((endpoint) => role === undefined || endpoint.role === role);
  return [...new Set(endpoints.map(({ name }) => name))];
}
