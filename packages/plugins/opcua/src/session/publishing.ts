import type { Timer } from '@medkit/edges';
import { ANSWER_TIMEOUT_MS, MAX_NOTIFICATIONS, MAX_VALUES_PER_S, PUBLISH_REQUESTS, SILENCE_MS } from './bounds.ts';
import { type PlcError, PlcRefused } from './plc-error.ts';
import { RateBound } from './rate-bound.ts';
import type { ReceivedValue } from './readings.ts';
import type { ReceivedVariant } from './scalars.ts';
import type { SessionChannel } from './session-channel.ts';

/** What a subscription is told of, by the handles that its items were given. */
export interface SubscriptionListener {
  onValues(items: readonly { readonly clientHandle: number; readonly value: ReceivedValue }[]): void;
  onEvents(
    events: readonly { readonly clientHandle: number; readonly eventFields: readonly ReceivedVariant[] | null }[],
  ): void;
  /** All that the server had to tell by now was told (OPC 10000-4, 5.14.5). */
  onCaughtUp?(): void;
}

interface Subscription {
  readonly listener: SubscriptionListener;
  /** The server says at least that nothing happened so often, milliseconds. */
  readonly signOfLifeMs: number;
  lastHeardMs: number;
}

/** A server with nothing to tell says so this often, milliseconds: so soon it is noticed that it tells nothing any more. */
const SIGN_OF_LIFE_MS = 5000;
/** Signs of life after which a server drops a subscription that nobody takes anything of (OPC 10000-4, 5.14.2: 3 at least). */
const LIFETIME_SIGNS = 12;
/** All publish requests may wait for signs of life one after the other, milliseconds. */
const PUBLISH_TIMEOUT_MS = PUBLISH_REQUESTS * SIGN_OF_LIFE_MS + 4 * ANSWER_TIMEOUT_MS;
/** Each answer costs as much as so many values, also one with none: a server cannot answer without a pause. */
const ANSWER_COST = 10;

/** The subscriptions of a session, and the requests that the server tells of their changes with (OPC 10000-4, 5.14.5). */
export class Publishing {
  readonly #session: SessionChannel;
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #values: RateBound;
  readonly #pauses = new Set<Timer>();
  #acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = [];
  #waiting = 0;

  constructor(session: SessionChannel) {
    this.#session = session;
    const burst = 4 * MAX_VALUES_PER_S;
    this.#values = new RateBound({ perSecond: MAX_VALUES_PER_S, burst, nowMs: session.clock.monotonicMs() });
  }

  /** Begins a subscription. Gives its number. Rejects with `PlcError`. */
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
    const signOfLifeMs = answer.revisedPublishingInterval * answer.revisedMaxKeepAliveCount;
    this.#subscriptions.set(answer.subscriptionId, { listener, signOfLifeMs, lastHeardMs: clock.monotonicMs() });
    while (this.#waiting < PUBLISH_REQUESTS) this.#publish();
    return answer.subscriptionId;
  }

  /** What is wrong where the server gave no sign of life of a subscription for too long. */
  silenceAt(nowMs: number): string | undefined {
    for (const { signOfLifeMs, lastHeardMs } of this.#subscriptions.values()) {
      const silentMs = nowMs - lastHeardMs;
      if (silentMs > 2 * signOfLifeMs + SILENCE_MS) {
        return `the server has not told of changes for ${Math.round(silentMs / 1000)} s, and said that it does every ${signOfLifeMs / 1000} s`;
      }
    }
    return undefined;
  }

  /** Time stood still for this process: nobody was silent. */
  forgive(nowMs: number): void {
    for (const subscription of this.#subscriptions.values()) subscription.lastHeardMs = nowMs;
  }

  stop(): void {
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
      (error: PlcError) => this.#refused(error),
    );
  }

  #take(answer: PublishAnswer): void {
    this.#waiting--;
    const { clock, channel } = this.#session;
    const nowMs = clock.monotonicMs();
    const subscription = this.#subscriptions.get(answer.subscriptionId);
    const { sequenceNumber, notificationData } = answer.notificationMessage;
    let count = ANSWER_COST;
    if (subscription) {
      subscription.lastHeardMs = nowMs;
      try {
        for (const data of notificationData ?? []) count += this.#tell(subscription.listener, data);
        if (!answer.moreNotifications) subscription.listener.onCaughtUp?.();
      } catch (error) {
        channel.fail(new Error(`a notification cannot be understood: ${(error as Error).message}`));
      }
    }
    if ((notificationData?.length ?? 0) > 0 && this.#acknowledgements.length < MAX_NOTIFICATIONS) {
      this.#acknowledgements.push({ subscriptionId: answer.subscriptionId, sequenceNumber });
    }
    this.#askOn(this.#values.spend(count, nowMs));
  }

  /** A server that has too much to tell waits: what it cannot tell meanwhile is in its queues, of which it drops the oldest. */
  #askOn(pauseMs: number): void {
    if (this.#subscriptions.size === 0) return;
    if (pauseMs === 0) {
      this.#publish();
      return;
    }
    const pause = this.#session.clock.after(pauseMs, () => {
      this.#pauses.delete(pause);
      if (this.#subscriptions.size > 0) this.#publish();
    });
    this.#pauses.add(pause);
  }

  #refused(error: PlcError): void {
    this.#waiting--;
    // It takes fewer of them at a time: those that wait are enough, as long as there are some.
    if (error instanceof PlcRefused && error.status === 'BadTooManyPublishRequests' && this.#waiting > 0) return;
    if (this.#subscriptions.size > 0) this.#session.channel.fail(error);
  }

  #tell(listener: SubscriptionListener, data: NotificationData | null): number {
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
interface PublishAnswer {
  readonly subscriptionId: number;
  readonly moreNotifications: boolean;
  readonly notificationMessage: {
    readonly sequenceNumber: number;
    readonly notificationData: readonly (NotificationData | null)[] | null;
  };
}
