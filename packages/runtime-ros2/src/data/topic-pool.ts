import { type Log, reasonOf } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { LocalNode, TopicSample } from '@medkit/ros2';
import { type TopicUse, typeOf } from '../graph/topic-use.ts';
import { type DecodedSample, WarmTopic } from './warm-topic.ts';

/**
 * Octets of samples that are kept at a time, the large ones of cameras and lidars above all: their number alone bounds no
 * memory. Beyond it the topics not read for longest are let go.
 */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

export interface TopicPoolSettings {
  /** `data_provider.max_pool_size`: topics subscribed to at a time; the one not read for longest makes room. */
  readonly maxPoolSize: number;
  /** `data_provider.idle_safety_net_sec`, in milliseconds: topics not read for so long are let go; 0 keeps them. */
  readonly idleMs: number;
  /** `data_provider.idle_sweep_tick_sec`, in milliseconds: how often that is looked at; 0 never. */
  readonly sweepTickMs: number;
}

export interface TopicPoolOptions {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: TopicPoolSettings;
  readonly decode: (sample: TopicSample) => Promise<DecodedSample>;
}

/** Subscriptions that are kept after a read, so that the next read finds a sample. */
export class TopicPool {
  readonly #options: TopicPoolOptions;
  /** In the order of their last use, the longest unused first. */
  readonly #topics = new Map<string, WarmTopic>();
  #sweep: Timer | undefined;
  #evictions = 0;
  #typeChanges = 0;
  #heldBytes = 0;

  constructor(options: TopicPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#topics.size;
  }

  /** Topics that were let go to make room or because nobody read them. */
  get evictions(): number {
    return this.#evictions;
  }

  get typeChanges(): number {
    return this.#typeChanges;
  }

  start(): void {
    const { clock, settings } = this.#options;
    if (settings.sweepTickMs === 0 || settings.idleMs === 0) return;
    this.#sweep = clock.every(settings.sweepTickMs, () => this.#closeIdle());
  }

  /** The topic where it is subscribed to with this type already; counts as a use. */
  warm(topic: string, type: string): WarmTopic | undefined {
    const found = this.#topics.get(topic);
    if (found?.type !== type) return undefined;
    this.#topics.delete(topic);
    this.#topics.set(topic, found);
    found.usedMs = this.#options.clock.monotonicMs();
    return found;
  }

  /** The topic where it is subscribed to already, as whatever type. Does not count as a use. */
  peek(topic: string): WarmTopic | undefined {
    return this.#topics.get(topic);
  }

  /** Subscribes to a topic, in place of a subscription with another type. Whether that worked its `firstSample` tells. */
  open(topic: string, type: string): WarmTopic {
    const { node, clock, log, settings, decode } = this.#options;
    const old = this.#topics.get(topic);
    if (old) {
      this.#drop(old);
      if (old.type !== type) this.#typeChanges++;
    }
    while (this.#topics.size >= settings.maxPoolSize) this.#evictOne();
    const opened = new WarmTopic({
      topic,
      type,
      nowMs: clock.monotonicMs(),
      decode,
      onHeld: (bytes) => this.#hold(bytes),
    });
    this.#topics.set(topic, opened);
    opened
      .open((onSample) =>
        node.subscribe({ topic, type, raw: true, latestOnly: true, qos: 'match-publishers', onSample }),
      )
      .catch((error: unknown) => {
        log('warn', `Could not subscribe to ${topic}: ${reasonOf(error)}`);
        if (this.#topics.get(topic) === opened) this.#topics.delete(topic);
      });
    return opened;
  }

  /** To be called when other endpoints use a topic: what the pool holds may be of publishers that are gone. */
  topicChanged(topic: string, use: TopicUse | undefined): void {
    const held = this.#topics.get(topic);
    if (!held) return;
    if (!use || use.publishers.length === 0) {
      held.forget();
      return;
    }
    const type = typeOf(use);
    if (type === undefined || type === held.type) return;
    // Nobody read it: it stays as near to being let go as it was.
    this.open(topic, type).usedMs = held.usedMs;
  }

  async close(): Promise<void> {
    this.#sweep?.cancel();
    const held = [...this.#topics.values()];
    this.#topics.clear();
    await Promise.all(held.map((topic) => topic.close()));
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes > 0) while (this.#heldBytes > MAX_HELD_BYTES && this.#topics.size > 1) this.#evictOne();
  }

  #closeIdle(): void {
    const { clock, settings } = this.#options;
    const beforeMs = clock.monotonicMs() - settings.idleMs;
    for (const topic of [...this.#topics.values()]) {
      if (topic.usedMs > beforeMs) continue;
      this.#drop(topic);
      this.#evictions++;
    }
  }

  /** The longest unused goes, those last that somebody waits for. */
  #evictOne(): void {
    const topics = [...this.#topics.values()];
    const victim = topics.find(({ coldWait }) => !coldWait) ?? topics[0];
    if (!victim) return;
    this.#drop(victim);
    this.#evictions++;
  }

  #drop(topic: WarmTopic): void {
    this.#topics.delete(topic.topic);
    topic.close().catch((error: unknown) => {
      this.#options.log('warn', `Could not end the subscription to ${topic.topic}: ${reasonOf(error)}`);
    });
  }
}
