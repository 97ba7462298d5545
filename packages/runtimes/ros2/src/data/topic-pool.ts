import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { LocalNode, TopicSample } from '@medkit/ros2';
import { type TopicUse, typeOf } from '../graph/topic-use.ts';
import { type DecodedSample, WarmTopic } from './warm-topic.ts';

/**
 * Maximum bytes of stored samples, mainly from cameras and lidars; a maximum number of samples would not bound the
 * memory. Beyond it, the least recently read topics are closed.
 */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

export interface TopicPoolSettings {
  /** `data_provider.max_pool_size`: maximum subscribed topics; the least recently read topic is closed first. */
  readonly maxPoolSize: number;
  /** `data_provider.idle_safety_net_sec` in milliseconds: topics not read for this time are closed; 0 disables it. */
  readonly idleMs: number;
  /**
   * `data_provider.idle_max_bytes`: topics that received this many bytes since the last read are closed; 0 disables it.
   */
  readonly idleMaxBytes: number;
  /** `data_provider.idle_sweep_tick_sec` in milliseconds: interval of these checks; 0 disables them. */
  readonly sweepTickMs: number;
}

export interface TopicPoolOptions {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: TopicPoolSettings;
  readonly decode: (sample: TopicSample) => Promise<DecodedSample>;
}

/**
 * Subscriptions that stay open after a read, so that the next read finds a sample, and subscriptions of watched topics.
 */
export class TopicPool {
  readonly #options: TopicPoolOptions;
  /** By topic and type, in order of last use, least recently used first. */
  readonly #topics = new Map<string, WarmTopic>();
  /** By topic and type. They stay open regardless of reads and of the pool size. */
  readonly #watched = new Map<string, WarmTopic>();
  #sweep: Timer | undefined;
  #evictions = 0;
  #typeChanges = 0;
  #heldBytes = 0;

  constructor(options: TopicPoolOptions) {
    this.#options = options;
  }

  /** Number of topics that are open only for reads. */
  get size(): number {
    return this.#topics.size;
  }

  /** Topics that were closed to make room or because no client read them. */
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

  /** Returns the topic if it is subscribed to with this type; counts as a use. */
  warm(topic: string, type: string): WarmTopic | undefined {
    const found = this.#held(topic, type);
    if (!found) return undefined;
    if (this.#topics.delete(keyOf(found))) this.#topics.set(keyOf(found), found);
    found.usedMs = this.#options.clock.monotonicMs();
    found.unreadBytes = 0;
    return found;
  }

  /**
   * Returns the topic if it is subscribed to with this type, or with any type if none is given. Does not count as a
   * use.
   */
  peek(topic: string, type?: string): WarmTopic | undefined {
    if (type !== undefined) return this.#held(topic, type);
    const found = this.#all().filter((held) => held.topic === topic);
    return found.find(({ sample }) => sample !== undefined) ?? found[0];
  }

  /** Decodes a sample; returns the existing result if it is the last sample of its topic and was decoded before. */
  decodedOf(sample: TopicSample): Promise<DecodedSample> {
    return this.#held(sample.topic, sample.type)?.decodedOf(sample) ?? this.#options.decode(sample);
  }

  /** Subscribes to a topic. Its `firstSample` reports whether that succeeded. */
  open(topic: string, type: string): WarmTopic {
    const opened = this.#topic(topic, type);
    const old = this.#topics.get(keyOf(opened));
    if (old) this.#drop(old);
    opened.usedMs = this.#options.clock.monotonicMs();
    this.#keep(opened);
    this.#subscribe(opened, { latestOnly: true });
    return opened;
  }

  /**
   * Subscribes to every sample of a topic with this type, until `unwatch`. Delivers the last sample of an existing
   * subscription. Rejects if the adapter refuses; no subscription remains then.
   */
  watch(topic: string, type: string, onSample: (sample: TopicSample) => void): Promise<void> {
    const watched = this.#held(topic, type) ?? this.#topic(topic, type);
    const isFirst = watched.watchers.size === 0;
    watched.watchers.add(onSample);
    this.#topics.delete(keyOf(watched));
    this.#watched.set(keyOf(watched), watched);
    return isFirst ? this.#subscribe(watched, { latestOnly: false }) : watched.opened();
  }

  /** Returns whether a watch is active; it ends if the adapter refuses the subscription. */
  isWatched(topic: string, type: string, onSample: (sample: TopicSample) => void): boolean {
    return this.#watched.get(keyOf({ topic, type }))?.watchers.has(onSample) ?? false;
  }

  /** Moves a watch to the current type of the topic. */
  watchAs(
    topic: string,
    types: { readonly from: string; readonly to: string },
    onSample: (sample: TopicSample) => void,
  ) {
    this.unwatch(topic, types.from, onSample);
    this.#typeChanges++;
    return this.watch(topic, types.to, onSample);
  }

  /** Ends a watch. The subscription ends with the last watch, unless the topic was also read. */
  unwatch(topic: string, type: string, onSample: (sample: TopicSample) => void): void {
    const watched = this.#watched.get(keyOf({ topic, type }));
    if (!watched?.watchers.delete(onSample) || watched.watchers.size > 0) return;
    watched.unreadBytes = 0;
    this.#watched.delete(keyOf(watched));
    if (watched.usedMs === undefined) {
      this.#drop(watched);
      return;
    }
    this.#keep(watched);
    this.#subscribe(watched, { latestOnly: true });
  }

  /** Called when the endpoints of a topic have changed: stored samples may come from publishers that left. */
  topicChanged(topic: string, use: TopicUse | undefined): void {
    for (const held of this.#all()) {
      if (held.topic !== topic) continue;
      if (!use || use.publishers.length === 0) held.forget();
      else if (!use.publishers.some(({ type }) => type === held.type)) this.#followType(held, typeOf(use));
    }
  }

  /** Handles a topic whose type no publisher uses any more. Watchers request the new type themselves. */
  #followType(held: WarmTopic, type: string | undefined): void {
    if (held.watchers.size > 0 || type === undefined) return;
    this.#drop(held);
    this.#typeChanges++;
    if (this.#held(held.topic, type)) return;
    // No client read it, so its idle time continues.
    this.open(held.topic, type).usedMs = held.usedMs;
  }

  #held(topic: string, type: string): WarmTopic | undefined {
    const key = keyOf({ topic, type });
    return this.#watched.get(key) ?? this.#topics.get(key);
  }

  #all(): readonly WarmTopic[] {
    return [...this.#watched.values(), ...this.#topics.values()];
  }

  async close(): Promise<void> {
    this.#sweep?.cancel();
    const held = this.#all();
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

  /** A single read must not keep a camera subscribed at full rate for as long as a thermometer. */
  #closeHeavy(topic: WarmTopic): void {
    const { idleMaxBytes } = this.#options.settings;
    if (idleMaxBytes === 0 || topic.unreadBytes <= idleMaxBytes || topic.coldWait) return;
    if (this.#topics.get(keyOf(topic)) !== topic) return;
    this.#drop(topic);
    this.#evictions++;
  }

  /** Adds a topic to those open for reads, closing others if necessary. */
  #keep(topic: WarmTopic): void {
    while (this.#topics.size >= this.#options.settings.maxPoolSize) this.#evictOne();
    this.#topics.set(keyOf(topic), topic);
  }

  #subscribe(warm: WarmTopic, { latestOnly }: { readonly latestOnly: boolean }): Promise<void> {
    const { node, log } = this.#options;
    const { topic, type } = warm;
    const opened = warm.open((onSample) =>
      node.subscribe({ topic, type, raw: true, latestOnly, qos: 'match-publishers', onSample }),
    );
    opened.catch((error: unknown) => {
      log('warn', `Cannot subscribe to ${topic}: ${errorMessage(error)}`);
      this.#drop(warm);
    });
    return opened;
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes <= 0 || this.#heldBytes <= MAX_HELD_BYTES) return;
    while (this.#heldBytes > MAX_HELD_BYTES && this.#topics.size > 1) this.#evictOne();
    // Watchers have already received these samples; only reads miss them.
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

  /** Closes the least recently used topic; topics with a waiting read are closed last. */
  #evictOne(): void {
    const topics = [...this.#topics.values()];
    const victim = topics.find(({ coldWait }) => !coldWait) ?? topics[0];
    if (!victim) return;
    this.#drop(victim);
    this.#evictions++;
  }

  #drop(topic: WarmTopic): void {
    for (const topics of [this.#topics, this.#watched]) {
      if (topics.get(keyOf(topic)) === topic) topics.delete(keyOf(topic));
    }
    topic.close().catch((error: unknown) => {
      this.#options.log('warn', `Cannot end the subscription to ${topic.topic}: ${errorMessage(error)}`);
    });
  }
}

/** Publishers of a topic may use different types; each type needs a separate subscription. */
function keyOf({ topic, type }: Pick<WarmTopic, 'topic' | 'type'>): string {
  return `${topic} ${type}`;
}
