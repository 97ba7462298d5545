import { goalServiceOf } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';

/** Actions whose servers are remembered. */
const MAX_ACTIONS = 256;

/**
 * The nodes that offer an action, or did so last: goals are lost together with their server, and that is told of it. Gives
 * full names.
 */
export function actionServers(view: Pick<GraphView, 'serversOf'>): (action: string) => readonly string[] {
  /** In the order of their last use. */
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
