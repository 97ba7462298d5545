import type { RosEndpoint } from '@medkit/ros2';
import { HOST_NATIVE_ID } from '../discovery/ros-contribution.ts';

/** The current publishers and subscriptions of a topic. */
export interface TopicUse {
  readonly topic: string;
  readonly publishers: readonly RosEndpoint[];
  readonly subscriptions: readonly RosEndpoint[];
}

/**
 * Returns the type of a topic: the type of its publishers or, without publishers, of its subscriptions. If they differ,
 * the most frequent type; among equals the first by name, so that the result is stable.
 */
export function typeOf({ publishers, subscriptions }: TopicUse): string | undefined {
  const [first, ...rest] = publishers.length > 0 ? publishers : subscriptions;
  if (!first || rest.every(({ type }) => type === first.type)) return first?.type;
  const users = Map.groupBy([first, ...rest], ({ type }) => type);
  return [...users].sort(([a, of], [b, other]) => other.length - of.length || (a < b ? -1 : 1))[0]?.[0];
}

/**
 * Returns the type that an entity uses for a topic: the type of its endpoints, which may differ from others'. Returns
 * the type of the topic if the entity has no endpoint there.
 */
export function typeFor(use: TopicUse, belongs: (endpoint: RosEndpoint) => boolean): string | undefined {
  const { topic, publishers, subscriptions } = use;
  return (
    typeOf({ topic, publishers: publishers.filter(belongs), subscriptions: subscriptions.filter(belongs) }) ??
    typeOf(use)
  );
}

/** Returns a predicate for endpoints of a node, or for endpoints that belong to no node. */
export function isEndpointOf(nativeId: string): (endpoint: Pick<RosEndpoint, 'node'>) => boolean {
  return ({ node }) => (node ?? HOST_NATIVE_ID) === nativeId;
}
