import { type CyclicSubscription, entityHref, type SubscriptionInterval } from '@medkit/contract';
import type { EntityRef } from '@medkit/core';
import type { Observed, ObservedResource } from '@medkit/entities';

/** The protocol of the gateway's own event streams. */
export const SSE = 'sse';

/** A cyclic subscription of a client. */
export interface Subscription {
  readonly id: string;
  /** The principal that created it; absent for this gateway. */
  readonly owner?: string;
  readonly entity: EntityRef;
  readonly resource: ObservedResource;
  readonly protocol: string;
  readonly interval: SubscriptionInterval;
}

/** Returns what a subscription observes. */
export const observedBy = ({ entity, resource }: Pick<Subscription, 'entity' | 'resource'>): Observed => ({
  by: 'cyclic-subscriptions',
  entity,
  collection: resource.collection,
});

/** Returns the public id: `sub_001`, and after `sub_999` with more digits. */
export function subscriptionId(number: number): string {
  return `sub_${String(number).padStart(3, '0')}`;
}

export function subscriptionView({ id, entity, resource, protocol, interval }: Subscription): CyclicSubscription {
  return {
    id,
    observed_resource: resource.uri,
    event_source: entityHref(entity.kind, entity.id, `cyclic-subscriptions/${id}/events`),
    protocol,
    interval,
  };
}
