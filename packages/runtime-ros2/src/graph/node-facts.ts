import type { RosNode } from '@medkit/ros2';
import type { GraphView } from './graph-view.ts';

/** Tells the nodes of the gateway from others: they share the participant of its node `fqn`. */
export function ownNodes(view: Pick<GraphView, 'nodes'>, fqn: string): (node: RosNode) => boolean {
  const own = new Set(view.nodes.get(fqn)?.participants);
  return ({ participants }) => participants.length > 0 && participants.every((participant) => own.has(participant));
}

/** The topics that a node publishes or subscribes to, each once. */
export function topicsOf(view: Pick<GraphView, 'endpointsOf'>, fqn: string): readonly string[] {
  return [...new Set([...view.endpointsOf(fqn)].map(({ name }) => name))];
}
