import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { EvidenceSources, LogLine } from '@medkit/faults';
import type { LocalNode, RosAdapter } from '@medkit/ros2';
import type { TopicPool } from '../data/topic-pool.ts';
import type { GraphView } from '../graph/graph-view.ts';
import { withNeighbours } from './neighbours.ts';
import { rosSampler } from './ros-sampler.ts';
import { RosTaps } from './ros-taps.ts';
import { WatchedTopics } from './watched-topics.ts';

export interface EvidenceOptions {
  /** The node of medkit that subscribes. */
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly adapter: Pick<RosAdapter, 'decode' | 'describeType'>;
  readonly view: GraphView;
  readonly pool: TopicPool;
  readonly clock: Clock;
  readonly log: Log;
  /** Returns stored log lines of loggers. */
  readonly logged: (loggers: readonly string[], fromNs: bigint, toNs: bigint) => readonly LogLine[];
}

/** The topics of the graph as evidence of faults. Subscribes to nothing until asked to. */
export interface Evidence extends EvidenceSources {
  /** Called when the endpoints of these topics have changed. */
  topicsChanged(topics: ReadonlySet<string>): void;
  /** Ends all subscriptions. */
  close(): Promise<void>;
}

export function openEvidence(options: EvidenceOptions): Evidence {
  const { view, logged } = options;
  const watched = new WatchedTopics(options);
  const taps = new RosTaps(options);
  return {
    sampler: rosSampler({ ...options, watched }),
    taps,
    logs: { between: (scope, fromNs, toNs) => logged(withNeighbours(view, scope), fromNs, toNs) },
    topicsChanged(topics) {
      for (const topic of topics) watched.topicChanged(topic, view.topic(topic));
      taps.topicsChanged(topics);
    },
    async close() {
      taps.close();
      watched.close();
    },
  };
}
