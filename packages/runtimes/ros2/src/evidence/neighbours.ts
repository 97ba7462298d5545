import type { LogScope } from '@medkit/faults';
import type { GraphView } from '../graph/graph-view.ts';

/** Nodes whose words are of interest beside those of the sources of a fault. */
const MAX_NEIGHBOURS = 32;
/** Nearly every node has these: to share them makes nobody a neighbour. */
const COMMON_TOPICS = new Set(['/rosout', '/parameter_events', '/tf', '/tf_static', '/clock', '/diagnostics']);

/**
 * Sources of a fault, the nodes that publish the topics in question, and those that publish what one of the sources subscribes
 * to or subscribe to what it publishes.
 */
export function withNeighbours(
  view: GraphView,
  { sources, topics }: Pick<LogScope, 'sources' | 'topics'>,
): readonly string[] {
  const found = new Set<string>();
  const add = (topic: string, end: 'publishers' | 'subscriptions'): void => {
    if (COMMON_TOPICS.has(topic)) return;
    for (const { node } of view.topic(topic)?.[end] ?? []) {
      if (node !== undefined && !sources.includes(node)) found.add(node);
    }
  };
  for (const topic of topics) add(topic, 'publishers');
  for (const source of sources) {
    for (const { name, role } of view.endpointsOf(source)) {
      add(name, role === 'publisher' ? 'subscriptions' : 'publishers');
    }
  }
  return [...sources, ...[...found].slice(0, MAX_NEIGHBOURS)];
}
