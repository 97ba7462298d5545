import { goalServiceOf } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';

/** Actions whose servers are remembered. */
const MAX_ACTIONS = 256;

/**
 * Returns a function that gives the full names of the nodes that offer an action, or offered it last. The loss of a
 * goal is reported for its server, which is no longer in the graph then.
 */
export function actionServers(view: Pick<GraphView, 'serversOf'>): (action: string) => readonly string[] {
  /** In order of last use. */
  const remembered = new Map<string, readonly string[]>();
  return (action) => {
    const present = new Set<string>();
    for (const { node } of view.serversOf(goalServiceOf(action))) if (node !== undefined) present.add(node);
    const nodes = present.size > 0 ? [...present] : (remembered.get(action) ?? []);
    remembered.delete(action);
    remembered.set(action, nodes);
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_ACTIONS && oldest !== undefined) remembered.delete(oldest);
    return nodes;
  };
}
