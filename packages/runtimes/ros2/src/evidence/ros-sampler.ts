import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { BufferedTopic, TopicSampler } from '@medkit/faults';
import type { LocalNode, RosAdapter } from '@medkit/ros2';
import type { TopicPool } from '../data/topic-pool.ts';
import type { GraphView } from '../graph/graph-view.ts';
import { topicsOfNode } from './node-topics.ts';
import { receivedSample } from './received-sample.ts';
import { resolveTopics } from './resolve-topics.ts';
import { sampleOnce } from './sample-once.ts';
import type { WatchedTopics } from './watched-topics.ts';

export interface RosSamplerOptions {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly adapter: Pick<RosAdapter, 'decode'>;
  readonly view: GraphView;
  readonly clock: Clock;
  readonly log: Log;
  readonly watched: WatchedTopics;
  /** Samples that are available for reads of data. */
  readonly pool: TopicPool;
}

/** Returns the sampler that reads topic values for snapshots. */
export function rosSampler({ node, adapter, view, clock, log, watched, pool }: RosSamplerOptions): TopicSampler {
  return {
    watch: (topics, historyMs) => watched.watch(topics, historyMs),
    held: (topic) => watched.held(topic) ?? warmTopic(pool, topic),
    sample: async (topic, options) => {
      const use = view.topic(topic);
      return use && sampleOnce(use, { ...options, node, clock, log });
    },
    resolveTopics: (name, sources) => resolveTopics(view, name, sources),
    publishedBy: (source) => topicsOfNode(view, source, 'publisher'),
    decode: (type, octets) => adapter.decode(type, octets),
  };
}

function warmTopic(pool: TopicPool, topic: string): BufferedTopic | undefined {
  const warm = pool.peek(topic);
  return warm?.sample && { topic, type: warm.type, samples: [receivedSample(warm.sample)], isForReaders: true };
}
