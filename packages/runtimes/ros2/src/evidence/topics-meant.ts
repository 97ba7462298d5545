import { meantThings, nearestName } from '@medkit/core';
import type { TopicsMeant } from '@medkit/faults';
import type { GraphView } from '../graph/graph-view.ts';
import { topicsOfNode } from './node-topics.ts';

/**
 * The topics of the graph that a name means to the nodes among `sources`, as names of data mean them everywhere. Of several
 * that end with it those of the sources count. `undefined` while the graph has no topic at all.
 */
export function topicsMeant(view: GraphView, name: string, sources: readonly string[]): TopicsMeant | undefined {
  const all = [...view.topics];
  if (all.length === 0) return undefined;
  const own = sources.flatMap((node) => (topicsOfNode(view, node) ?? []).map((topic) => ({ name: topic, node })));
  const named = [...own, ...all.map((topic) => ({ name: topic, node: undefined }))];
  const { things, isEnding } = meantThings(named, name, (topic) => topic);
  const ofSources = isEnding ? things.filter(({ node }) => node !== undefined) : [];
  const topics = [...new Set((ofSources.length > 0 ? ofSources : things).map((topic) => topic.name))].sort();
  const nearest = topics.length === 0 ? nearestName(name, all) : undefined;
  return { topics, ...(nearest !== undefined && { nearest }) };
}
