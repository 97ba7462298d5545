import type { LogScope } from '@medkit/faults';
import type { GraphView } from '../graph/graph-view.ts';

/** Maximum nodes whose logs are collected in addition to those of the fault's sources. */
const MAX_NEIGHBOURS = 32;
/** Nearly every node uses these topics, so sharing them does not relate two nodes. */
const COMMON_TOPICS = new Set(['/rosout', '/parameter_events', '/tf', '/tf_static', '/clock', '/diagnostics']);

/**
 * Returns the sources of a fault, the publishers of its topics, and the neighbours of each source: publishers of its
 * subscriptions and subscribers of its topics.
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
