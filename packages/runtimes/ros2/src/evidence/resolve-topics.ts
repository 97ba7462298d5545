import { nearestName, resolveName } from '@medkit/core';
import type { ResolvedTopics } from '@medkit/faults';
import type { GraphView } from '../graph/graph-view.ts';
import { topicsOfNode } from './node-topics.ts';

/**
 * Resolves a topic name in a fault's evidence settings, by the same rules as names of data. If several topics end with
 * the name, topics of the nodes among `sources` take precedence. Returns `undefined` while the graph has no topics.
 */
export function resolveTopics(view: GraphView, name: string, sources: readonly string[]): ResolvedTopics | undefined {
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
