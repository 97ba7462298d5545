import type { Graph, GraphDiff } from '@medkit/ros2';

/** A graph as the change by which it comes to be. */
export function wholeGraph({ generation, nodes, endpoints, participants }: Graph): GraphDiff {
  return {
    generation,
    nodes: { added: nodes, removed: [] },
    endpoints: { added: endpoints, removed: [] },
    participants: { added: participants, removed: [] },
  };
}
