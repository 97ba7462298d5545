import { type Globs, globs } from '@medkit/core/discovery';
import { incompatiblePolicies, type QosProfile, type RosEndpoint } from '@medkit/ros2';
import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import type { TopicEndpoints } from '../graph/topic-table.ts';

/** Maximum findings per topic; further subscriptions have the same cause. */
const MAX_FINDINGS_OF_TOPIC = 32;

export interface QosMismatchOptions {
  readonly grace: number;
  /** Topics on which incompatible QoS is intended. */
  readonly allowlist: readonly string[];
}

/**
 * Detects subscriptions whose QoS is incompatible with publishers of their topic. Topics are checked when they change,
 * not at each tick.
 */
export class QosMismatch implements Detector {
  readonly grace: number;
  readonly #allowed: Globs;
  readonly #byTopic = new Map<string, readonly Finding[]>();

  constructor({ grace, allowlist }: QosMismatchOptions) {
    this.grace = grace;
    this.#allowed = globs(allowlist);
  }

  /** Processes the current state of a topic. */
  update(topic: TopicEndpoints): void {
    const findings = this.#allowed(topic.name) ? [] : mismatches(topic);
    if (findings.length > 0) this.#byTopic.set(topic.name, findings);
    else this.#byTopic.delete(topic.name);
  }

  findings(): readonly Finding[] {
    return [...this.#byTopic.values()].flat();
  }
}

/** Returns one finding per node whose subscription matches no publisher (an error) or not all of them (a warning). */
export function mismatches({ name, publishers, subscriptions }: TopicEndpoints): readonly Finding[] {
  if (publishers.size === 0 || subscriptions.size === 0) return [];
  const offers = distinctProfiles(publishers.values());
  const found = new Map<string, Finding>();
  for (const { profile: requested, type, endpoints } of distinctProfiles(subscriptions.values())) {
    const offered = offers.filter((offer) => offer.type === type);
    const judged = offered.map((offer) => ({ offer, policies: incompatiblePolicies(offer.profile, requested) }));
    const apart = judged.filter(({ policies }) => policies.length > 0);
    if (apart.length === 0) continue;
    const count = (offers: readonly Offer[]) => offers.reduce((sum, offer) => sum + offer.endpoints.length, 0);
    const policies = [...new Set(apart.flatMap((each) => each.policies))].join(', ');
    const matched = count(offered) - count(apart.map(({ offer }) => offer));
    const state = matched === 0 ? 'receives nothing' : `receives ${matched} of ${count(offered)} publishers`;
    const cause = apart[0]?.offer.endpoints[0]?.node;
    const by = cause === undefined ? '' : ` with ${cause}`;
    for (const { node } of endpoints) {
      if (found.size >= MAX_FINDINGS_OF_TOPIC) return [...found.values()];
      const key = `${name} ${node ?? ''}`.trimEnd();
      if (found.get(key)?.severity === SEVERITY.error) continue;
      found.set(key, {
        code: 'GRAPH_QOS_MISMATCH',
        key,
        detail: `${name}: ${node ?? 'a subscription'} ${state} (incompatible${by}: ${policies})`,
        severity: matched === 0 ? SEVERITY.error : SEVERITY.warn,
        ...(node !== undefined && { node }),
      });
    }
  }
  return [...found.values()];
}

interface Offer {
  readonly profile: QosProfile;
  readonly type: string;
  readonly endpoints: RosEndpoint[];
}

/** Groups endpoints by type and QoS: hundreds of endpoints on a topic have few distinct profiles. */
function distinctProfiles(endpoints: Iterable<RosEndpoint>): readonly Offer[] {
  const offers = new Map<string, Offer>();
  for (const endpoint of endpoints) {
    const profile = specified(endpoint.qos);
    const { reliability, durability, liveliness, deadlineMs, livelinessLeaseMs } = profile;
    const key = [endpoint.type, reliability, durability, liveliness, deadlineMs, livelinessLeaseMs].join(' ');
    const offer = offers.get(key);
    if (offer) offer.endpoints.push(endpoint);
    else offers.set(key, { profile, type: endpoint.type, endpoints: [endpoint] });
  }
  return [...offers.values()];
}

/** A duration of 0 means unspecified (rmw: `RMW_DURATION_UNSPECIFIED`), which DDS treats as infinite. */
function specified(qos: QosProfile): QosProfile {
  return { ...qos, deadlineMs: qos.deadlineMs || null, livelinessLeaseMs: qos.livelinessLeaseMs || null };
}
