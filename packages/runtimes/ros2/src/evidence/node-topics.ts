import type { RosEndpoint } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';

/**
 * Returns the topics that a node publishes or subscribes to, or only those with the given role; `undefined` if there is
 * no such node.
 */
export function topicsOfNode(view: GraphView, fqn: string, role?: RosEndpoint['role']): readonly string[] | undefined {
  if (!view.nodes.has(fqn)) return undefined;
  const endpoints = [...view.endpointsOf(fqn)].filter((endpoint) => role === undefined || endpoint.role === role);
  return [...new Set(endpoints.map(({ name }) => name))];
}
