import type { RosAdapter } from './adapter.ts';
import type { Graph, GraphDiff } from './graph.ts';

/** Who keeps a picture of the graph. */
export interface GraphFollower {
  /** Takes the graph as it is when following begins. Called once, before any change. */
  begin(graph: Graph): void;
  /** Takes a change that is not in the graph yet; every one of them once, in order. */
  change(diff: GraphDiff): void;
}

/** Shows the follower the graph as it is, and from then on all that changes in it. Gives a way to stop. */
export async function followGraph(
  adapter: Pick<RosAdapter, 'graph' | 'onGraphChange'>,
  follower: GraphFollower,
): Promise<() => void> {
  // What comes between listening and the first graph waits here, for as long as that takes.
  let early: GraphDiff[] | undefined = [];
  const stop = adapter.onGraphChange((diff) => (early ? void early.push(diff) : follower.change(diff)));
  try {
    const graph = await adapter.graph();
    follower.begin(graph);
    const later = early.filter(({ generation }) => generation > graph.generation);
    early = undefined;
    for (const diff of later) follower.change(diff);
    return stop;
  } catch (error) {
    stop();
    throw error;
  }
}
