import type { GraphDiff, RosAdapter } from '@medkit/ros2';
import { GraphView } from './graph-view.ts';

/** The graph as it is now, and a way to stop following it. */
export interface FollowedGraph {
  readonly view: GraphView;
  /** Changes heard so far. */
  readonly changes: number;
  stop(): void;
}

/** Keeps a view of the adapter's graph up to date. `onChange` hears of every change with the topics it touched. */
export async function followGraph(
  adapter: RosAdapter,
  onChange: (view: GraphView, diff: GraphDiff, topics: ReadonlySet<string>) => void,
): Promise<FollowedGraph> {
  const view = new GraphView();
  let changes = 0;
  // What comes between listening and the first graph waits here; the view ignores what that graph has already.
  let early: GraphDiff[] | undefined = [];
  const take = (diff: GraphDiff): void => {
    changes++;
    onChange(view, diff, view.apply(diff));
  };
  const stop = adapter.onGraphChange((diff) => (early ? void early.push(diff) : take(diff)));
  try {
    view.replace(await adapter.graph());
  } catch (error) {
    stop();
    throw error;
  }
  const waiting = early;
  early = undefined;
  for (const diff of waiting) take(diff);
  return {
    view,
    get changes() {
      return changes;
    },
    stop,
  };
}
