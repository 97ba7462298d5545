import { type Log, nearestName, resolveName } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { BufferedTopic, ResolvedTopics, TopicSampler } from '@medkit/faults';
import type { LocalNode, RosAdapter } from '@medkit/ros2';
import type { TopicPool } from '../data/topic-pool.ts';
import type { GraphView } from '../graph/graph-view.ts';
import { topicsOfNode } from './node-topics.ts';
import { receivedSample } from './received-sample.ts';
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

/**
 * Resolves a topic name in a fault's evidence settings, by the same rules as names of data. If several topics end with
 * the name, topics of the nodes among `sources` take precedence. Returns `undefined` while the graph has no topics.
 */
function resolveTopics(view: GraphView, name: string, sources: readonly string[]): ResolvedTopics | undefined {
  const all = [...view.topics];
  if (all.length === 0) return undefined;
  const sourceTopics = sources.flatMap((node) =>
    (topicsOfNode(view, node) ?? []).map((topic) => ({ name: topic, node })),
  );
  const named = [...sourceTopics, ...all.map((topic) => ({ name: topic, node: undefined }))];
  const { things, isEnding } = resolveName(named, name, (topic) => topic);
  const ofSources = isEnding ? things.filter(({ node }) => node !== undefined) : [];
  const topics = [...new Set((ofSources.length > 0 ? ofSources : things).map((topic) => topic.name))].sort();
  const nearest = topics.length === 0 ? nearestName(name, all) : undefined;
  return { topics, ...(nearest !== undefined && { nearest }) };
}
