import type { Clock } from '@medkit/edges';
import type { RosAccess } from '@medkit/plugin';
import type { GraphDiff } from '@medkit/ros2';
import { PipelineTopology } from './pipeline-topology.ts';

export interface FollowedTopology {
  readonly topology: PipelineTopology;
  stop(): void;
}

/** The topology of the graph as it is now, kept up to date until it is stopped. */
export async function followTopology(
  ros: Pick<RosAccess, 'graph' | 'onGraphChange'>,
  clock: Clock,
): Promise<FollowedTopology> {
  const topology = new PipelineTopology();
  // What comes between listening and the first graph waits here; the topology ignores what that graph has already.
  let early: GraphDiff[] | undefined = [];
  const take = (diff: GraphDiff): void => topology.apply(diff, clock.monotonicMs());
  const stop = ros.onGraphChange((diff) => (early ? void early.push(diff) : take(diff)));
  try {
    topology.replace(await ros.graph());
  } catch (error) {
    stop();
    throw error;
  }
  const waiting = early;
  early = undefined;
  for (const diff of waiting) take(diff);
  return { topology, stop };
}
