import { SovdError } from '@medkit/contract';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { incompatiblePolicies, type LocalNode, type Publisher, type QosProfile, type RosEndpoint } from '@medkit/ros2';
import { timeLeftMs } from '../calls/time-left.ts';
import type { TopicUse } from '../graph/topic-use.ts';

/**
 * Maximum publishers that stay open after a write; each is an endpoint that the whole graph sees. The least recently
 * used publisher is closed first.
 */
const MAX_PUBLISHERS = 64;
/** How long a write waits until the subscriptions in the graph match its publisher. */
const MATCH_TIMEOUT_MS = 1000;
/**
 * How long the first write on a topic waits if the graph shows no subscription, which may be incomplete shortly after
 * the start.
 */
const FIRST_MATCH_TIMEOUT_MS = 300;
/** Interval at which matches are polled. */
const MATCH_POLL_MS = 5;
/** How long a write waits for reliable subscriptions to acknowledge it, if the client requests that. */
const ACKNOWLEDGE_TIMEOUT_MS = 1000;

/** The QoS that varies between publishers for writes; all other policies have default values. */
type Offer = Pick<
  QosProfile,
  'reliability' | 'durability' | 'deadlineMs' | 'lifespanMs' | 'liveliness' | 'livelinessLeaseMs'
>;

interface PooledPublisher {
  readonly topic: string;
  readonly offer: Offer;
  readonly publisher: Promise<Publisher>;
  /** Number of writes in progress. */
  users: number;
  /** Subscriptions that did not match in time earlier; later writes do not wait for them. */
  unmatchable: number;
  /** To be closed after the last write. */
  discarded: boolean;
}

/** Result of a publication. */
export interface Published {
  /** Subscriptions that were matched at the time of publication. */
  readonly matched: number;
  /** False if an acknowledgement was requested and a matched reliable subscription has not sent it. */
  readonly acknowledged: boolean;
}

/** Publishers that stay open after a write, so that the next write reaches the same subscriptions immediately. */
export class PublisherPool {
  readonly #node: Pick<LocalNode, 'publisher'>;
  readonly #clock: Clock;
  readonly #log: Log;
  /** In order of last use, least recently used first. */
  readonly #publishers = new Map<string, PooledPublisher>();

  constructor(options: { readonly node: Pick<LocalNode, 'publisher'>; readonly clock: Clock; readonly log: Log }) {
    this.#node = options.node;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /**
   * Publishes once, after the subscriptions in `use` have matched. With `acknowledge`, waits until they have received
   * the message or the time is over. Acknowledgements may take ten milliseconds; the middleware repeats lost messages
   * itself.
   */
  async publish(
    use: TopicUse,
    type: string,
    cdr: Uint8Array,
    { deadlineMs, acknowledge }: { readonly deadlineMs: number; readonly acknowledge: boolean },
  ): Promise<Published> {
    const subscriptions = use.subscriptions.filter((subscription) => subscription.type === type);
    const [pooled, isNew] = this.#take(use.topic, type, subscriptions);
    // Close the publisher: a subscription with a deadline would miss the next sample of an open publisher that sends
    // nothing more.
    const isTimed = pooled.offer.deadlineMs !== null || pooled.offer.livelinessLeaseMs !== null;
    pooled.users++;
    try {
      const publisher = await pooled.publisher;
      const expected = Math.max(0, subscriptions.length - pooled.unmatchable);
      const timeoutMs = expected > 0 ? MATCH_TIMEOUT_MS : FIRST_MATCH_TIMEOUT_MS;
      const wanted = expected === 0 && isNew ? 1 : expected;
      const matched = await this.#untilMatched(publisher, wanted, timeLeftMs(this.#clock, deadlineMs, timeoutMs));
      if (matched < expected) pooled.unmatchable += expected - matched;
      await publisher.publish(cdr);
      const acknowledged =
        !(acknowledge || isTimed) ||
        matched === 0 ||
        (await publisher.acknowledged(timeLeftMs(this.#clock, deadlineMs, ACKNOWLEDGE_TIMEOUT_MS)));
      return { matched, acknowledged: acknowledged || !acknowledge };
    } finally {
      pooled.users--;
      if (isTimed && pooled.users === 0 && this.#publishers.get(keyOf(use.topic, type)) === pooled) {
        this.#publishers.delete(keyOf(use.topic, type));
        pooled.discarded = true;
      }
      if (pooled.discarded) this.#discard(pooled);
    }
  }

  async close(): Promise<void> {
    const pooled = [...this.#publishers.values()];
    this.#publishers.clear();
    await Promise.all(pooled.map((entry) => this.#end(entry)));
  }

  #take(topic: string, type: string, subscriptions: readonly RosEndpoint[]): [PooledPublisher, isNew: boolean] {
    const key = keyOf(topic, type);
    const found = this.#publishers.get(key);
    this.#publishers.delete(key);
    if (found && subscriptions.every(({ qos }) => isOffered(found.offer, qos))) {
      this.#publishers.set(key, found);
      return [found, false];
    }
    if (found) this.#discard(found);
    if (this.#publishers.size >= MAX_PUBLISHERS) this.#evictOne();
    const offer = offerTo(subscriptions.map(({ qos }) => qos));
    const publisher = this.#node.publisher(topic, type, offer);
    const pooled = { topic, offer, publisher, users: 0, unmatchable: 0, discarded: false };
    this.#publishers.set(key, pooled);
    publisher.catch(() => {
      if (this.#publishers.get(key) === pooled) this.#publishers.delete(key);
    });
    return [pooled, true];
  }

  #evictOne(): void {
    for (const [key, pooled] of this.#publishers) {
      if (pooled.users > 0) continue;
      this.#publishers.delete(key);
      this.#discard(pooled);
      return;
    }
    const message = `The gateway already publishes to ${MAX_PUBLISHERS} topics, the maximum; try again`;
    throw new SovdError({ code: 'service-unavailable', message });
  }

  #discard(pooled: PooledPublisher): void {
    pooled.discarded = true;
    if (pooled.users === 0) void this.#end(pooled);
  }

  async #end({ topic, publisher }: PooledPublisher): Promise<void> {
    try {
      await (await publisher).close();
    } catch (error) {
      this.#log('warn', `Cannot close the publisher of ${topic}: ${errorMessage(error)}`);
    }
  }

  async #untilMatched(publisher: Publisher, wanted: number, timeoutMs: number): Promise<number> {
    const untilMs = this.#clock.monotonicMs() + timeoutMs;
    for (;;) {
      const matched = await publisher.matched();
      if (matched >= wanted || this.#clock.monotonicMs() >= untilMs) return matched;
      await this.#pause(MATCH_POLL_MS);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(ms, resolve));
  }
}

function keyOf(topic: string, type: string): string {
  return `${topic} ${type}`;
}

/** Returns the weakest offer that all of these subscriptions accept. */
function offerTo(requested: readonly QosProfile[]): Offer {
  return {
    reliability: 'reliable',
    durability: requested.some(({ durability }) => durability === 'transient_local') ? 'transient_local' : 'volatile',
    deadlineMs: shortest(requested.map(({ deadlineMs }) => deadlineMs)),
    lifespanMs: null,
    liveliness: requested.some(({ liveliness }) => liveliness === 'manual_by_topic') ? 'manual_by_topic' : 'automatic',
    livelinessLeaseMs: shortest(requested.map(({ livelinessLeaseMs }) => livelinessLeaseMs)),
  };
}

/** Returns the shortest duration; `null` is infinite. */
function shortest(durations: readonly (number | null)[]): number | null {
  return durations.reduce((least, each) => (least === null || (each !== null && each < least) ? each : least), null);
}

function isOffered(offer: Offer, requested: QosProfile): boolean {
  return incompatiblePolicies({ ...requested, ...offer }, requested).length === 0;
}
