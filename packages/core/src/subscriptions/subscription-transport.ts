import type { EntityRef } from '../entity/entity.ts';
import type { CallContext } from '../providers/call-context.ts';
import type { SubscriptionEvent } from './subscription-event.ts';

/** A cyclic subscription that a transport delivers instead of an event stream. */
export interface DeliveredSubscription {
  readonly id: string;
  readonly entity: EntityRef;
  /** The resource as the client wrote it. */
  readonly resource: string;
}

/** Delivers the events of cyclic subscriptions over a custom transport. */
export interface SubscriptionTransport {
  /** Starts a delivery. A rejection refuses the subscription, and the client receives the error. */
  start(subscription: DeliveredSubscription, call: CallContext): Promise<void>;
  /** Delivers one event. The next call waits until this one has settled, and then gets the newest event. */
  deliver(subscriptionId: string, event: SubscriptionEvent, call: CallContext): Promise<void>;
  /** Ends a delivery. Called once for every subscription that was started. */
  stop(subscriptionId: string, call: CallContext): Promise<void>;
}
