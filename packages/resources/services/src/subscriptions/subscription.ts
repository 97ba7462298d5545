import { type CyclicSubscription, entityHref, type SubscriptionInterval } from '@medkit/contract';
import type { EntityRef } from '@medkit/core';
import type { ObservedResource } from '../observed/observed-resource.ts';

/** The protocol of the gateway's own event streams. */
export const SSE = 'sse';

/** What a client asked to be told again and again. */
export interface Subscription {
  readonly id: string;
  /** The principal that made it; absent for this gateway. */
  readonly owner?: string;
  readonly entity: EntityRef;
  readonly resource: ObservedResource;
  readonly protocol: string;
  readonly interval: SubscriptionInterval;
}

/** As clients know it: `sub_001`, and after `sub_999` with more digits. */
export function subscriptionId(number: number): string {
  return `sub_${String(number).padStart(3, '0')}`;
}

export function shownSubscription({ id, entity, resource, protocol, interval }: Subscription): CyclicSubscription {
  return {
    id,
    observed_resource: resource.uri,
    event_source: entityHref(entity.kind, entity.id, `cyclic-subscriptions/${id}/events`),
    protocol,
    interval,
  };
}
