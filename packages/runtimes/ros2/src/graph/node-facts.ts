import type { GraphView } from './graph-view.ts';

/** Returns the topics that a node publishes or subscribes to, each once. */
export function topicsOf(view: Pick<GraphView, 'endpointsOf'>, fqn: string): readonly string[] {
  return [...new Set([...view.endpointsOf(fqn)].map(({ name }) => name))];
}
