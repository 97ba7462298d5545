import { incompatiblePolicies, type RosEndpoint } from '@medkit/ros2';

/** QoS compatibility between the publishers and subscriptions of an edge. */
export interface EdgeQos {
  /** False if no publisher matches any subscription. */
  readonly isCompatible: boolean;
  /** Policies that make a pair incompatible, in DDS order; `type` if the types differ. */
  readonly incompatible: readonly string[];
  /** Whether DDS repairs losses: every pair is reliable on both sides. */
  readonly isReliable: boolean;
}

/**
 * Maximum pairs that are compared. A node rarely has more than two endpoints of a kind on a topic; bounds hostile ones.
 */
const MAX_PAIRS = 256;

export function edgeQos(publishers: readonly RosEndpoint[], subscriptions: readonly RosEndpoint[]): EdgeQos {
  const found = new Set<string>();
  let isCompatible = false;
  let isReliable = true;
  let pairs = 0;
  for (const publisher of publishers) {
    for (const subscription of subscriptions) {
      pairs += 1;
      if (pairs > MAX_PAIRS) return { isCompatible, incompatible: [...found], isReliable };
      const policies =
        publisher.type === subscription.type ? incompatiblePolicies(publisher.qos, subscription.qos) : ['type'];
      for (const policy of policies) found.add(policy);
      if (policies.length === 0) isCompatible = true;
      isReliable &&= publisher.qos.reliability === 'reliable' && subscription.qos.reliability === 'reliable';
    }
  }
  return { isCompatible, incompatible: [...found], isReliable };
}
