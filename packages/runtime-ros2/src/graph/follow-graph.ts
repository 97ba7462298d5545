import type { GraphDiff, RosAdapter } from '@medkit/ros2';
import type { GraphView } from './graph-view.ts';

export interface FollowedGraph {
  /** Changes heard so far. */
  readonly changes: number;
  stop(): void;
}

/**
 * Fills `view` with the adapter's graph and keeps it up to date from then on. `onChange` hears of every change, once it is in
 * the view, with the topics it touched.
 */
export async function followGraph(
  adapter: RosAdapter,
  view: GraphView,
  onChange: (diff: GraphDiff, topics: ReadonlySet<string>) => void,
): Promise<FollowedGraph> {
  let changes = 0;
  // What comes between listening and the first graph waits here; the view ignores what that graph has already.
  let early: GraphDiff[] | undefined = [];
  const take = (diff: GraphDiff): void => {
    changes++;
    onChange(diff, view.apply(diff));
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
    get changes() {
      return changes;
    },
    stop,
  };
}
