import type { IncompatibleTopic, RosEndpoint } from '../graph.ts';
import { incompatiblePolicies } from '../qos/policies.ts';

/** Maximum reported topics: more than a person reads, and the rest has the same causes. */
const MAX_REPORTED = 100;

/** Maximum pairs checked per topic. Hundreds of endpoints on each side would make a hundred thousand pairs. */
const MAX_PAIRS_OF_TOPIC = 10_000;

/**
 * Returns the topics on which the QoS of a publisher and a subscription is incompatible. `local` are medkit's endpoints.
 * In a pair with one of them, the other node is named. In a pair of two remote endpoints, the subscription's node is
 * named, because it receives nothing.
 */
export function incompatibleTopics(
  remote: readonly RosEndpoint[],
  local: readonly RosEndpoint[],
): readonly IncompatibleTopic[] {
  const localGids = new Set(local.map(({ gid }) => gid));
  const found = new Map<string, IncompatibleTopic>();
  for (const { publishers, subscriptions } of byTopic([...remote, ...local]).values()) {
    let pairs = 0;
    for (const publisher of publishers) {
      for (const subscription of subscriptions) {
        pairs += 1;
        if (pairs > MAX_PAIRS_OF_TOPIC || found.size >= MAX_REPORTED) break;
        const policies = incompatiblePolicies(publisher.qos, subscription.qos);
        if (policies.length === 0 || publisher.type !== subscription.type) continue;
        const remoteNode = localGids.has(subscription.gid) ? publisher.node : subscription.node;
        const entry = { topic: publisher.name, policies, remoteNode };
        found.set(JSON.stringify(entry), entry);
      }
    }
  }
  return [...found.values()];
}

interface TopicEndpoints {
  readonly publishers: RosEndpoint[];
  readonly subscriptions: RosEndpoint[];
}

function byTopic(endpoints: readonly RosEndpoint[]): ReadonlyMap<string, TopicEndpoints> {
  const topics = new Map<string, TopicEndpoints>();
  for (const endpoint of endpoints) {
    if (endpoint.role !== 'publisher' && endpoint.role !== 'subscription') continue;
    const ends = topics.get(endpoint.name) ?? { publishers: [], subscriptions: [] };
    topics.set(endpoint.name, ends);
    (endpoint.role === 'publisher' ? ends.publishers : ends.subscriptions).push(endpoint);
  }
  return topics;
}
