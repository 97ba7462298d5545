import { SUBSCRIPTION_PERIODS_MS } from '@medkit/contract';
import { assertQuota, type EntityRef, type EntityRenamed } from '@medkit/core';
import { type Clock, OwnedMap, type Quota, type Timer } from '@medkit/edges';
import { renamedUri } from '@medkit/entities';
import { type Subscription, subscriptionId } from './subscription.ts';
import { SubscriptionFeed, type SubscriptionFeedOptions } from './subscription-feed.ts';

/** Maximum duration of a timer, milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const BOUND = {
  what: 'subscriptions',
  remedy: 'delete one, or raise sse.max_subscriptions',
  parameter: 'max_subscriptions',
} as const;

/** An active subscription. */
export class LiveSubscription {
  readonly feed: SubscriptionFeed;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  subscription: Subscription;
  /** Called once when the subscription ends, for any reason. */
  ended: (() => void) | undefined;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(subscription: Subscription, feed: SubscriptionFeed, clock: Clock, onEnd: () => void) {
    this.subscription = subscription;
    this.feed = feed;
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Moves the subscription to the new id of its entity. Its viewers stay connected. */
  rename(change: EntityRenamed): void {
    const { entity, resource } = this.subscription;
    const moved = { ...resource, uri: renamedUri(resource.uri, change) };
    this.subscription = { ...this.subscription, entity: { kind: entity.kind, id: change.to }, resource: moved };
    this.feed.restart();
  }

  /** Sets the subscription to end in this many milliseconds. */
  endIn(durationMs: number): void {
    this.#timer?.cancel();
    const stepMs = Math.min(durationMs, LONGEST_TIMER_MS);
    this.#timer = this.#clock.after(stepMs, () => (durationMs > stepMs ? this.endIn(durationMs - stepMs) : this.end()));
  }

  readonly end = (): void => {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#onEnd();
    this.feed.end();
    this.ended?.();
  };
}

/** The active subscriptions of all entities, by id. */
export class LiveSubscriptions {
  readonly #clock: Clock;
  readonly #live: OwnedMap<string, LiveSubscription>;
  #lastNumber = 0;

  constructor({ clock, maxSubscriptions }: { readonly clock: Clock; readonly maxSubscriptions: number }) {
    this.#clock = clock;
    this.#live = new OwnedMap(maxSubscriptions, ({ subscription }) => subscription.owner);
  }

  /** Quota of subscriptions by owner. */
  get quota(): Quota {
    return this.#live.quota;
  }

  get size(): number {
    return this.#live.size;
  }

  get viewers(): number {
    return this.all().reduce((sum, { feed }) => sum + feed.viewers, 0);
  }

  get(id: string): LiveSubscription | undefined {
    return this.#live.get(id);
  }

  /** Returns all subscriptions, oldest first. */
  all(): readonly LiveSubscription[] {
    return [...this.#live.values()];
  }

  /** Returns the subscriptions of an entity, oldest first. */
  of({ kind, id }: EntityRef): readonly LiveSubscription[] {
    const isOf = ({ subscription: { entity } }: LiveSubscription) => entity.kind === kind && entity.id === id;
    return this.all().filter(isOf);
  }

  /** Starts a subscription. Throws like `assertQuota` if there are too many in total or for the owner. */
  begin(
    wanted: Omit<Subscription, 'id'>,
    {
      use,
      durationMs,
      isSuspended,
    }: {
      readonly durationMs: number;
      /** Returns whether sending is suspended for the subscription in its current state. */
      readonly isSuspended: (subscription: Subscription) => boolean;
      /** Returns the source for the subscription in its current state; see `SubscriptionFeedOptions`. */
      readonly use: (subscription: Subscription) => ReturnType<SubscriptionFeedOptions['use']>;
    },
  ): LiveSubscription {
    assertQuota(this.quota, wanted.owner, BOUND);
    const subscription = { ...wanted, id: subscriptionId(++this.#lastNumber) };
    const periodMs = SUBSCRIPTION_PERIODS_MS[wanted.interval];
    const feed: SubscriptionFeed = new SubscriptionFeed({
      clock: this.#clock,
      periodMs,
      use: () => use(begun.subscription),
      isSuspended: () => isSuspended(begun.subscription),
    });
    const begun: LiveSubscription = new LiveSubscription(
      subscription,
      feed,
      this.#clock,
      () => void this.#live.delete(subscription.id),
    );
    this.#live.set(subscription.id, begun);
    begun.endIn(durationMs);
    return begun;
  }

  endAll(): void {
    for (const subscription of this.all()) subscription.end();
  }
}
