import type { HealthDds } from '@medkit/contract';
import type { GraphView } from '../graph/graph-view.ts';

/** Part of the names of the topics and services of an action (design of actions in ROS 2). */
const ACTION_PART = '/_action/';
const GOAL_SERVICE = '/_action/send_goal';

/** Returns the size of the graph, without the nodes of medkit. An action is not counted as its topics and services. */
export function graphSize(view: Pick<GraphView, 'nodes' | 'services' | 'topics'>): NonNullable<HealthDds['graph']> {
  let [topics, services, actions] = [0, 0, 0];
  for (const name of view.topics) if (!name.includes(ACTION_PART)) topics += 1;
  for (const name of view.services) {
    if (name.endsWith(GOAL_SERVICE)) actions += 1;
    else if (!name.includes(ACTION_PART)) services += 1;
  }
  return { nodes: view.nodes.size, topics, services, actions };
}
