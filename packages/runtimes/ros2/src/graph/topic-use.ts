import type { RosEndpoint } from '@medkit/ros2';
import { HOST_NATIVE_ID } from '../discovery/ros-contribution.ts';

/** Who publishes and who subscribes to one topic now. */
export interface TopicUse {
  readonly topic: string;
  readonly publishers: readonly RosEndpoint[];
  readonly subscriptions: readonly RosEndpoint[];
}

/**
 * The type to take a topic for. Its publishers decide, its subscriptions where there are none; where they disagree the
 * type that most have, the first by name among equals, so that the choice does not waver.
 */
export function typeOf({ publishers, subscriptions }: TopicUse): string | undefined {
  const [first, ...rest] = publishers.length > 0 ? publishers : subscriptions;
  if (!first || rest.every(({ type }) => type === first.type)) return first?.type;
  const users = Map.groupBy([first, ...rest], ({ type }) => type);
  return [...users].sort(([a, of], [b, other]) => other.length - of.length || (a < b ? -1 : 1))[0]?.[0];
}

/**
 * The type by which an entity uses a topic: that of its own endpoints, which may differ from what others have. Returns the type
 * of the topic if the entity has no endpoint there.
 */
export function typeFor(use: TopicUse, isOwn: (endpoint: RosEndpoint) => boolean): string | undefined {
  const { topic, publishers, subscriptions } = use;
  return (
    typeOf({ topic, publishers: publishers.filter(isOwn), subscriptions: subscriptions.filter(isOwn) }) ?? typeOf(use)
  );
}

/** Returns a test for endpoints of a node, or for those that no node claims. */
export function isEndpointOf(nativeId: string): (endpoint: Pick<RosEndpoint, 'node'>) => boolean {
  return ({ node }) => (node ?? HOST_NATIVE_ID) === nativeId;
}
