import type { Log } from '@medkit/core';
import type { Timer } from '@medkit/edges';
import { ANSWER_TIMEOUT_MS, MAX_NOTIFICATIONS, MAX_VALUES_PER_S, PUBLISH_REQUESTS, SILENCE_MS } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import { type PlcError, PlcRefused } from '../plc-error.ts';
import type { ReceivedValue } from '../services/readings.ts';
import type { ReceivedVariant } from '../values/scalars.ts';
import { NotificationOrder } from './notification-order.ts';
import { RateBound } from './rate-bound.ts';

/** Receives the notifications of a subscription, by the handles of its items. */
export interface SubscriptionListener {
  onValues(items: readonly { readonly clientHandle: number; readonly value: ReceivedValue }[]): void;
  onEvents(
    events: readonly { readonly clientHandle: number; readonly eventFields: readonly ReceivedVariant[] | null }[],
  ): void;
  /** Called when all pending notifications of the server were delivered (OPC 10000-4, 5.14.5). */
  onCaughtUp?(): void;
  /** Called when notifications are lost permanently: their content must be read in another way. */
  onLost(): void;
}

interface Subscription {
  readonly listener: SubscriptionListener;
  readonly order: NotificationOrder<Notification>;
  /** Interval of the server's keep-alive messages, in milliseconds. */
  readonly signOfLifeMs: number;
  lastReceivedMs: number;
  /** Timer of the next read after a loss, and the time of the last one. */
  repair: Timer | undefined;
  repairedMs: number;
}

/** Interval of keep-alive messages from an idle server, in milliseconds; determines how soon a failure is detected. */
const SIGN_OF_LIFE_MS = 5000;
/**
 * Keep-alive intervals after which a server deletes a subscription without publish requests (OPC 10000-4, 5.14.2: at
 * least 3).
 */
const LIFETIME_SIGNS = 12;
/** Timeout of publish requests, in milliseconds: all of them may wait for successive keep-alive messages. */
const PUBLISH_TIMEOUT_MS = PUBLISH_REQUESTS * SIGN_OF_LIFE_MS + 4 * ANSWER_TIMEOUT_MS;
/** Minimum interval of full reads if a server repeatedly loses notifications, in milliseconds. */
const REPAIR_MS = 10_000;
/** Delay after an answer before the next request, in milliseconds: an alarm has been passed on by then. */
const ASK_ON_MS = 10;
/** Cost of each answer, in values, even if it is empty: limits a server that answers continuously. */
const ANSWER_COST = 10;

/**
 * The subscriptions of a session, and its publish requests (OPC 10000-4, 5.14.5). Skipped notifications are requested
 * again (5.14.6); what the server no longer has is read.
 */
export class Publishing {
  readonly #session: SessionChannel;
  readonly #log: Log;
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #values: RateBound;
  readonly #pauses = new Set<Timer>();
  #acknowledgements: Acknowledgement[] = [];
  #waiting = 0;
  /** Cost of the notifications in one answer. */
  #cost = 0;
  #isLossTold = false;

  constructor(session: SessionChannel, log: Log) {
    this.#session = session;
    this.#log = log;
    const burst = 4 * MAX_VALUES_PER_S;
    this.#values = new RateBound({ perSecond: MAX_VALUES_PER_S, burst, nowMs: session.clock.monotonicMs() });
  }

  /** Creates a subscription and returns its id. Rejects with `PlcError`. */
  async subscribe(intervalMs: number, listener: SubscriptionListener): Promise<number> {
    const { library, clock } = this.#session;
    const keepAliveCount = Math.max(1, Math.ceil(SIGN_OF_LIFE_MS / intervalMs));
    const request = new library.CreateSubscriptionRequest({
      requestedPublishingInterval: intervalMs,
      requestedMaxKeepAliveCount: keepAliveCount,
      requestedLifetimeCount: LIFETIME_SIGNS * keepAliveCount,
      maxNotificationsPerPublish: MAX_NOTIFICATIONS,
      publishingEnabled: true,
      priority: 0,
    });
    const answer = await this.#session.ask(request, library.CreateSubscriptionResponse);
    const { subscriptionId, revisedPublishingInterval, revisedMaxKeepAliveCount } = answer;
    const subscription: Subscription = {
      listener,
      order: new NotificationOrder({
        deliver: (notification) => this.#deliverAll(subscription, notification),
        askAgain: (sequenceNumber) => this.#republish({ subscriptionId, sequenceNumber }),
        onLost: (count) => this.#lose(subscription, count),
      }),
      signOfLifeMs: revisedPublishingInterval * revisedMaxKeepAliveCount,
      lastReceivedMs: clock.monotonicMs(),
      repair: undefined,
      repairedMs: Number.NEGATIVE_INFINITY,
    };
    this.#subscriptions.set(subscriptionId, subscription);
    while (this.#waiting < PUBLISH_REQUESTS) this.#publish();
    return subscriptionId;
  }

  /** Returns the problem if the server has sent no keep-alive message of a subscription for too long. */
  silenceAt(nowMs: number): string | undefined {
    for (const { signOfLifeMs, lastReceivedMs } of this.#subscriptions.values()) {
      const silentMs = nowMs - lastReceivedMs;
      if (silentMs > 2 * signOfLifeMs + SILENCE_MS) {
        return `the server has sent no notification for ${Math.round(silentMs / 1000)} s, although it must send one every ${signOfLifeMs / 1000} s`;
      }
    }
    return undefined;
  }

  /** Called after this process was suspended: the silence does not count. */
  forgive(nowMs: number): void {
    for (const subscription of this.#subscriptions.values()) subscription.lastReceivedMs = nowMs;
  }

  stop(): void {
    for (const { repair } of this.#subscriptions.values()) repair?.cancel();
    this.#subscriptions.clear();
    for (const pause of this.#pauses) pause.cancel();
    this.#pauses.clear();
  }

  #publish(): void {
    const { library } = this.#session;
    const subscriptionAcknowledgements = this.#acknowledgements.splice(0);
    const request = new library.PublishRequest({ subscriptionAcknowledgements });
    this.#waiting++;
    this.#session.ask(request, library.PublishResponse, PUBLISH_TIMEOUT_MS).then(
      (answer) => this.#take(answer as never),
      (error: PlcError) => this.#refused(error, subscriptionAcknowledgements),
    );
  }

  #take({ subscriptionId, moreNotifications, notificationMessage }: PublishAnswer): void {
    this.#waiting--;
    const subscription = this.#subscriptions.get(subscriptionId);
    const nowMs = this.#session.clock.monotonicMs();
    this.#cost += ANSWER_COST;
    if (subscription === undefined) {
      this.#askOn(this.#spend());
      return;
    }
    subscription.lastReceivedMs = nowMs;
    const { sequenceNumber, notificationData } = notificationMessage;
    const isSignOfLife = (notificationData?.length ?? 0) === 0;
    if (!isSignOfLife) this.#acknowledge({ subscriptionId, sequenceNumber });
    const came = { sequenceNumber, isSignOfLife, notificationData, isLast: !moreNotifications };
    const delivery = subscription.order.take(came);
    // The next request waits until the notifications were delivered, so that no more data arrives than requested.
    if (delivery === undefined) this.#askOn(this.#spend());
    else
      delivery.then(
        () => this.#askOn(this.#spend()),
        (error: Error) => void this.#session.channel.fail(error),
      );
  }

  /**
   * Requests a skipped notification; the server stores those that were not acknowledged. Resolves with `undefined` if
   * it does not have it.
   */
  async #republish({ subscriptionId, sequenceNumber }: Acknowledgement): Promise<Notification | undefined> {
    const { library } = this.#session;
    const request = new library.RepublishRequest({ subscriptionId, retransmitSequenceNumber: sequenceNumber });
    this.#cost += ANSWER_COST;
    try {
      const { notificationMessage } = await this.#session.ask(request, library.RepublishResponse);
      if (notificationMessage.sequenceNumber !== sequenceNumber) return undefined;
      this.#acknowledge({ subscriptionId, sequenceNumber });
      const { notificationData } = notificationMessage;
      return { sequenceNumber, isSignOfLife: false, notificationData, isLast: false };
    } catch (error) {
      if (error instanceof PlcRefused) return undefined;
      throw error;
    }
  }

  /** Reports the current state instead of the lost notifications: immediately, or some time after the last read. */
  #lose(subscription: Subscription, count: number): void {
    const { clock, endpointUrl } = this.#session;
    if (!this.#isLossTold) {
      this.#isLossTold = true;
      this.#log(
        'warn',
        `${endpointUrl}: ${count} notifications were lost, and the server cannot send them again: all values are read again, and conditions refreshed, now and at every further loss`,
      );
    }
    const repair = () => {
      subscription.repair = undefined;
      subscription.repairedMs = clock.monotonicMs();
      subscription.listener.onLost();
    };
    const waitMs = subscription.repairedMs + REPAIR_MS - clock.monotonicMs();
    if (waitMs <= 0) repair();
    else subscription.repair ??= clock.after(waitMs, repair);
  }

  #acknowledge(acknowledgement: Acknowledgement): void {
    if (this.#acknowledgements.length < MAX_NOTIFICATIONS) this.#acknowledgements.push(acknowledgement);
  }

  #spend(): number {
    const cost = this.#cost;
    this.#cost = 0;
    return this.#values.spend(cost, this.#session.clock.monotonicMs());
  }

  /**
   * Delivers notifications before requesting more; the other requests wait at the server. A server with too much data
   * waits longer: its queues then drop the oldest values.
   */
  #askOn(pauseMs: number): void {
    if (this.#subscriptions.size === 0) return;
    const pause = this.#session.clock.after(Math.max(pauseMs, ASK_ON_MS), () => {
      this.#pauses.delete(pause);
      if (this.#subscriptions.size > 0) this.#publish();
    });
    this.#pauses.add(pause);
  }

  #refused(error: PlcError, acknowledgements: readonly Acknowledgement[]): void {
    this.#waiting--;
    // The server accepts fewer requests at a time: the waiting ones suffice, if there are any.
    if (error instanceof PlcRefused && error.status === 'BadTooManyPublishRequests' && this.#waiting > 0) {
      for (const acknowledgement of acknowledgements) this.#acknowledge(acknowledgement);
      return;
    }
    if (this.#subscriptions.size > 0) this.#session.channel.fail(error);
  }

  #deliverAll({ listener }: Subscription, { notificationData, isLast }: Notification): void {
    if (this.#subscriptions.size === 0) return;
    try {
      for (const data of notificationData ?? []) this.#cost += this.#deliverData(listener, data);
      if (isLast) listener.onCaughtUp?.();
    } catch (error) {
      this.#session.channel.fail(new Error(`a notification cannot be decoded: ${(error as Error).message}`));
    }
  }

  #deliverData(listener: SubscriptionListener, data: NotificationData | null): number {
    const { library } = this.#session;
    if (data instanceof library.DataChangeNotification) {
      const items = data.monitoredItems ?? [];
      listener.onValues(items as never);
      return items.length;
    }
    if (data instanceof library.EventNotificationList) {
      const events = data.events ?? [];
      listener.onEvents(events as never);
      return events.length;
    }
    if (data instanceof library.StatusChangeNotification) {
      this.#session.channel.fail(new Error(`the server ended a subscription: ${data.status.name}`));
    }
    return 0;
  }
}

type NotificationData = object;
type NotificationParts = readonly (NotificationData | null)[] | null;
/** Identifies a notification by its number. */
interface Acknowledgement {
  readonly subscriptionId: number;
  readonly sequenceNumber: number;
}
interface Notification {
  readonly sequenceNumber: number;
  readonly isSignOfLife: boolean;
  readonly notificationData: NotificationParts;
  /** The server has no further notifications now. */
  readonly isLast: boolean;
}
interface PublishAnswer {
  readonly subscriptionId: number;
  readonly moreNotifications: boolean;
  readonly notificationMessage: { readonly sequenceNumber: number; readonly notificationData: NotificationParts };
}
