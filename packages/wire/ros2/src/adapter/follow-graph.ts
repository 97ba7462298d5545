import type { Graph, GraphDiff } from '../graph.ts';
import type { RosAdapter } from './adapter.ts';

/** Maintains a view of the graph. */
export interface GraphFollower {
  /** Receives the graph when following begins. Called once, before any change. */
  begin(graph: Graph): void;
  /** Receives each change that is not in the graph yet, once and in order. */
  change(diff: GraphDiff): void;
}

/** Passes the current graph to the follower, then all changes. Returns a function that stops it. */
export async function followGraph(
  adapter: Pick<RosAdapter, 'graph' | 'onGraphChange'>,
  follower: GraphFollower,
): Promise<() => void> {
  // Changes before the first graph are queued.
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
