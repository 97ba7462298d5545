import { lifecycleNames } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';

const MANAGE_NODES = 'nav2_msgs/srv/ManageLifecycleNodes';

/** Nodes that supervise the lifecycle of this one, as the lifecycle manager of Nav2 does: they call it, and say what they are. */
export function lifecycleManagersOf(view: GraphView, fqn: string): readonly string[] {
  const callers = new Set<string>();
  for (const { node } of view.clientsOf(lifecycleNames(fqn).changeState)) if (node !== undefined) callers.add(node);
  return [...callers].filter((caller) => isManager(view, caller)).sort();
}

function isManager(view: GraphView, fqn: string): boolean {
  return view.servicesOf(fqn).get(`${fqn}/manage_nodes`)?.type === MANAGE_NODES;
}

/** What a person should know before a node is controlled beside its manager. */
export function managerWarning(manager: string): string {
  return (
    `${manager} manages this node: it may take a change made here for a failure and shut down all that it manages. ` +
    `Use its service ${manager}/manage_nodes where the whole stack is meant.`
  );
}
