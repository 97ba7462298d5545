import type { EntityRef } from '../entity/entity.ts';
import type { CallContext } from '../runtime/call-context.ts';
import type { SubscriptionEvent } from './subscription-event.ts';

/** A cyclic subscription that is delivered by other means than an event stream. */
export interface DeliveredSubscription {
  readonly id: string;
  readonly entity: EntityRef;
  /** As the client wrote it. */
  readonly resource: string;
}

/** Delivers the events of cyclic subscriptions in a way of its own. */
export interface SubscriptionTransport {
  /** What it rejects with refuses the subscription. */
  start(subscription: DeliveredSubscription, call: CallContext): Promise<void>;
  /** The next event comes once this one is delivered or has failed, and is the newest then. */
  deliver(subscriptionId: string, event: SubscriptionEvent, call: CallContext): Promise<void>;
  /** The subscription is over. Called once for every one that was started. */
  stop(subscriptionId: string, call: CallContext): Promise<void>;
}
