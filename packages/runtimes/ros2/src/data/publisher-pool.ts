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

interface KeptPublisher {
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
  readonly #kept = new Map<string, KeptPublisher>();

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
    const [kept, isNew] = this.#take(use.topic, type, subscriptions);
    // Close the publisher: a subscription with a deadline would miss the next sample of an open publisher that sends
    // nothing more.
    const isTimed = kept.offer.deadlineMs !== null || kept.offer.livelinessLeaseMs !== null;
    kept.users++;
    try {
      const publisher = await kept.publisher;
      const expected = Math.max(0, subscriptions.length - kept.unmatchable);
      const timeoutMs = expected > 0 ? MATCH_TIMEOUT_MS : FIRST_MATCH_TIMEOUT_MS;
      const wanted = expected === 0 && isNew ? 1 : expected;
      const matched = await this.#untilMatched(publisher, wanted, timeLeftMs(this.#clock, deadlineMs, timeoutMs));
      if (matched < expected) kept.unmatchable += expected - matched;
      await publisher.publish(cdr);
      const acknowledged =
        !(acknowledge || isTimed) ||
        matched === 0 ||
        (await publisher.acknowledged(timeLeftMs(this.#clock, deadlineMs, ACKNOWLEDGE_TIMEOUT_MS)));
      return { matched, acknowledged: acknowledged || !acknowledge };
    } finally {
      kept.users--;
      if (isTimed && kept.users === 0 && this.#kept.get(keyOf(use.topic, type)) === kept) {
        this.#kept.delete(keyOf(use.topic, type));
        kept.discarded = true;
      }
      if (kept.discarded) this.#discard(kept);
    }
  }

  async close(): Promise<void> {
    const kept = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(kept.map((entry) => this.#end(entry)));
  }

  #take(topic: string, type: string, subscriptions: readonly RosEndpoint[]): [KeptPublisher, isNew: boolean] {
    const key = keyOf(topic, type);
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    if (found && subscriptions.every(({ qos }) => isOffered(found.offer, qos))) {
      this.#kept.set(key, found);
      return [found, false];
    }
    if (found) this.#discard(found);
    if (this.#kept.size >= MAX_PUBLISHERS) this.#evictOne();
    const offer = offerTo(subscriptions.map(({ qos }) => qos));
    const publisher = this.#node.publisher(topic, type, offer);
    const kept = { topic, offer, publisher, users: 0, unmatchable: 0, discarded: false };
    this.#kept.set(key, kept);
    publisher.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    });
    return [kept, true];
  }

  #evictOne(): void {
    for (const [key, kept] of this.#kept) {
      if (kept.users > 0) continue;
      this.#kept.delete(key);
      this.#discard(kept);
      return;
    }
    const message = `The gateway already publishes to ${MAX_PUBLISHERS} topics, the maximum; try again`;
    throw new SovdError({ code: 'service-unavailable', message });
  }

  #discard(kept: KeptPublisher): void {
    kept.discarded = true;
    if (kept.users === 0) void this.#end(kept);
  }

  async #end({ topic, publisher }: KeptPublisher): Promise<void> {
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
