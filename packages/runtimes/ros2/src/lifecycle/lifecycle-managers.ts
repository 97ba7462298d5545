import { lifecycleNames } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';

const MANAGE_NODES = 'nav2_msgs/srv/ManageLifecycleNodes';

/**
 * Returns the nodes that supervise the lifecycle of a node, such as the lifecycle manager of Nav2. They are recognized
 * by their client of its service and by the services they offer.
 */
export function lifecycleManagersOf(view: GraphView, fqn: string): readonly string[] {
  const callers = new Set<string>();
  for (const { node } of view.clientsOf(lifecycleNames(fqn).changeState)) if (node !== undefined) callers.add(node);
  return [...callers].filter((caller) => isManager(view, caller)).sort();
}

function isManager(view: GraphView, fqn: string): boolean {
  return view.servicesOf(fqn).get(`${fqn}/manage_nodes`)?.type === MANAGE_NODES;
}

/** Returns the warning for controlling a node that has a lifecycle manager. */
export function managerWarning(manager: string): string {
  return (
    `${manager} manages this node: it may treat a change made here as a failure and shut down all nodes that it manages. ` +
    `To change the whole stack, use its service ${manager}/manage_nodes.`
  );
}
