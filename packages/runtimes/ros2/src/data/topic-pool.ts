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
  /** `data_provider.idle_max_bytes`: topics of which so many octets came that nobody read are let go; 0 keeps them. */
  readonly idleMaxBytes: number;
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

/** Subscriptions that are kept after a read, so that the next read finds a sample, and those of topics that are watched. */
export class TopicPool {
  readonly #options: TopicPoolOptions;
  /** In the order of their last use, the longest unused first. */
  readonly #topics = new Map<string, WarmTopic>();
  /** They stay, however long nobody reads them and however many others are read. */
  readonly #watched = new Map<string, WarmTopic>();
  #sweep: Timer | undefined;
  #evictions = 0;
  #typeChanges = 0;
  #heldBytes = 0;

  constructor(options: TopicPoolOptions) {
    this.#options = options;
  }

  /** Topics that are kept for reads alone. */
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
    const found = this.peek(topic);
    if (found?.type !== type) return undefined;
    if (this.#topics.delete(topic)) this.#topics.set(topic, found);
    found.usedMs = this.#options.clock.monotonicMs();
    found.unreadBytes = 0;
    return found;
  }

  /** The topic where it is subscribed to already, as whatever type. Does not count as a use. */
  peek(topic: string): WarmTopic | undefined {
    return this.#watched.get(topic) ?? this.#topics.get(topic);
  }

  /** The type with which every sample of a topic is heard; `undefined` where they are not. */
  watchedAs(topic: string): string | undefined {
    return this.#watched.get(topic)?.type;
  }

  /** A sample decoded; no more work where it is the last one of its topic and was decoded for somebody else. */
  decodedOf(sample: TopicSample): Promise<DecodedSample> {
    return this.peek(sample.topic)?.decodedOf(sample) ?? this.#options.decode(sample);
  }

  /** Subscribes to a topic, in place of a subscription with another type. Whether that worked its `firstSample` tells. */
  open(topic: string, type: string): WarmTopic {
    const old = this.#topics.get(topic);
    if (old) this.#replace(old, type);
    const opened = this.#topic(topic, type);
    opened.usedMs = this.#options.clock.monotonicMs();
    this.#keep(opened);
    this.#subscribe(opened, { latestOnly: true });
    return opened;
  }

  /**
   * Subscribes to a topic for every sample, until `unwatch`; in place of a subscription with another type, and with the
   * last sample of one that is there already. Rejects where the adapter refuses, with no subscription left.
   */
  watch(topic: string, type: string, onSample: (sample: TopicSample) => void): Promise<void> {
    const held = this.peek(topic);
    if (held && held.type !== type) this.#replace(held, type);
    const watched = held?.type === type ? held : this.#topic(topic, type);
    watched.onSample = onSample;
    this.#topics.delete(topic);
    this.#watched.set(topic, watched);
    return this.#subscribe(watched, { latestOnly: false });
  }

  /** Nobody watches a topic any more. One that was read, too, stays as it would have without. */
  unwatch(topic: string): void {
    const watched = this.#watched.get(topic);
    if (!watched) return;
    watched.onSample = undefined;
    watched.unreadBytes = 0;
    this.#watched.delete(topic);
    if (watched.usedMs === undefined) {
      this.#drop(watched);
      return;
    }
    this.#keep(watched);
    this.#subscribe(watched, { latestOnly: true });
  }

  /** To be called when other endpoints use a topic: what the pool holds may be of publishers that are gone. */
  topicChanged(topic: string, use: TopicUse | undefined): void {
    const held = this.peek(topic);
    if (!held) return;
    if (!use || use.publishers.length === 0) {
      held.forget();
      return;
    }
    const type = typeOf(use);
    // Who watches it asks for its new type.
    if (type === undefined || type === held.type || this.#watched.has(topic)) return;
    // Nobody read it: it stays as near to being let go as it was.
    this.open(topic, type).usedMs = held.usedMs;
  }

  async close(): Promise<void> {
    this.#sweep?.cancel();
    const held = [...this.#topics.values(), ...this.#watched.values()];
    this.#topics.clear();
    this.#watched.clear();
    await Promise.all(held.map((topic) => topic.close()));
  }

  #topic(topic: string, type: string): WarmTopic {
    const { decode } = this.#options;
    const onHeld = (bytes: number): void => {
      this.#hold(bytes);
      this.#closeHeavy(warm);
    };
    const warm: WarmTopic = new WarmTopic({ topic, type, decode, onHeld });
    return warm;
  }

  /** A camera is not heard at full rate for as long as a thermometer is, only since somebody looked once. */
  #closeHeavy(topic: WarmTopic): void {
    const { idleMaxBytes } = this.#options.settings;
    if (idleMaxBytes === 0 || topic.unreadBytes <= idleMaxBytes || topic.coldWait) return;
    if (this.#topics.get(topic.topic) !== topic) return;
    this.#drop(topic);
    this.#evictions++;
  }

  /** Makes room for a topic among those that are read. */
  #keep(topic: WarmTopic): void {
    while (this.#topics.size >= this.#options.settings.maxPoolSize) this.#evictOne();
    this.#topics.set(topic.topic, topic);
  }

  #subscribe(warm: WarmTopic, { latestOnly }: { readonly latestOnly: boolean }): Promise<void> {
    const { node, log } = this.#options;
    const { topic, type } = warm;
    const opened = warm.open((onSample) =>
      node.subscribe({ topic, type, raw: true, latestOnly, qos: 'match-publishers', onSample }),
    );
    opened.catch((error: unknown) => {
      log('warn', `Could not subscribe to ${topic}: ${reasonOf(error)}`);
      this.#drop(warm);
    });
    return opened;
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes <= 0 || this.#heldBytes <= MAX_HELD_BYTES) return;
    while (this.#heldBytes > MAX_HELD_BYTES && this.#topics.size > 1) this.#evictOne();
    // Who watches a topic has been told its samples; only a read misses them.
    if (this.#heldBytes > MAX_HELD_BYTES) for (const watched of this.#watched.values()) watched.forget();
  }

  #closeIdle(): void {
    const { clock, settings } = this.#options;
    const beforeMs = clock.monotonicMs() - settings.idleMs;
    for (const topic of [...this.#topics.values()]) {
      if ((topic.usedMs ?? beforeMs) > beforeMs) continue;
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

  /** Lets a topic go that is to be subscribed to as `type`. */
  #replace(old: WarmTopic, type: string): void {
    this.#drop(old);
    if (old.type !== type) this.#typeChanges++;
  }

  #drop(topic: WarmTopic): void {
    for (const topics of [this.#topics, this.#watched]) {
      if (topics.get(topic.topic) === topic) topics.delete(topic.topic);
    }
    topic.close().catch((error: unknown) => {
      this.#options.log('warn', `Could not end the subscription to ${topic.topic}: ${reasonOf(error)}`);
    });
  }
}
