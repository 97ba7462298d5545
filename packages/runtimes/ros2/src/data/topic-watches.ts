import {
  abandonedCallError,
  assertQuota,
  type CallContext,
  type DataWatch,
  errorMessage,
  type Log,
  ownerOf,
} from '@medkit/core';
import { OwnedMap, type QuotaFigures } from '@medkit/edges';
import type { TopicSample } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';
import { isEndpointOf, type TopicUse, typeFor } from '../graph/topic-use.ts';
import { subscribeFailed } from './subscribe-failed.ts';
import type { TopicPool } from './topic-pool.ts';
import { type ArrivalListener, TopicWatch, type Watcher } from './topic-watch.ts';

/** Maximum watched topics, including topics without a publisher. */
const MAX_TOPICS = 1024;
const BOUND = {
  what: 'watched topics',
  remedy: 'delete triggers or subscriptions that are not needed',
  parameter: 'max_topics',
} as const;

export interface TopicWatchesOptions {
  readonly pool: TopicPool;
  readonly view: GraphView;
  readonly log: Log;
}

/** A watched topic. The requested entity determines its type. */
interface WatchedTopic {
  readonly topic: string;
  readonly nativeId: string;
}

interface Watched extends WatchedTopic {
  readonly watch: TopicWatch;
  readonly onSample: (sample: TopicSample) => void;
  /** Client that watched it first. */
  readonly owner: string | undefined;
  /** The subscribed type; `undefined` while no node publishes the topic. */
  type: string | undefined;
  /** Rejects if the adapter refused the last subscription. */
  opened: Promise<void>;
}

const keyOf = ({ topic, nativeId }: WatchedTopic): string => `${topic} ${nativeId}`;

/**
 * The watched topics. Each is subscribed to as soon as a node publishes it, and stays watched when its publishers
 * leave.
 */
export class TopicWatches {
  readonly #options: TopicWatchesOptions;
  readonly #watched = new OwnedMap<string, Watched>(MAX_TOPICS, ({ owner }) => owner);
  /** The watched topics by topic name. */
  readonly #byTopic = new Map<string, Set<Watched>>();
  #dropped = 0;

  constructor(options: TopicWatchesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** Counts of the topics, by the client that watched them first. */
  figures(): QuotaFigures {
    return this.#watched.quota.figures();
  }

  /** Samples that were dropped because they arrived faster than they could be decoded. */
  get dropped(): number {
    let dropped = this.#dropped;
    for (const { watch } of this.#watched.values()) dropped += watch.dropped;
    return dropped;
  }

  /**
   * Resolves when the topic is subscribed to, or has no publisher yet. Watches nothing if the call is aborted earlier.
   */
  watch(wanted: WatchedTopic, watcher: Watcher, call: CallContext): Promise<DataWatch> {
    return this.#join(wanted, call, (watched) => watched.watch.join(watcher, { owed: this.#isLatched(watched) }));
  }

  /** Like `watch`, for a listener that only counts samples. */
  arrivals(wanted: WatchedTopic, listener: ArrivalListener, call: CallContext): Promise<DataWatch> {
    return this.#join(wanted, call, ({ watch }) => watch.count(listener));
  }

  async #join(wanted: WatchedTopic, call: CallContext, add: (watched: Watched) => () => boolean): Promise<DataWatch> {
    const { signal } = call;
    if (signal.aborted) throw abandonedCallError();
    const watched = this.#watched.get(keyOf(wanted)) ?? this.#begin(wanted, ownerOf(call));
    const leave = add(watched);
    const end = (): void => {
      if (leave() && watched.watch.isIdle) this.#end(watched);
    };
    signal.addEventListener('abort', end, { once: true });
    try {
      await watched.opened;
    } catch (error) {
      end();
      throw subscribeFailed(wanted.topic, error);
    } finally {
      signal.removeEventListener('abort', end);
    }
    if (signal.aborted) throw abandonedCallError();
    return {
      kept: async () => (this.#isLatched(watched) ? watched.watch.newest() : undefined),
      close: async () => end(),
    };
  }

  /** Called when the endpoints of a topic have changed, after the pool was updated. */
  topicChanged(topic: string, use: TopicUse | undefined): void {
    if (!use || use.publishers.length === 0) return;
    for (const watched of this.#byTopic.get(topic) ?? []) this.#follow(watched, use);
  }

  async close(): Promise<void> {
    for (const { watch } of this.#watched.values()) watch.close();
    this.#watched.clear();
    this.#byTopic.clear();
  }

  #begin({ topic, nativeId }: WatchedTopic, owner: string | undefined): Watched {
    const { pool, view, log } = this.#options;
    assertQuota(this.#watched.quota, owner, BOUND);
    const watch = new TopicWatch({
      newest: () => pool.peek(topic, watched.type)?.sample,
      decode: (sample) => pool.decodedOf(sample),
      failed: (error) => log('error', `A watcher of ${topic} failed to process a sample: ${errorMessage(error)}`),
    });
    const onSample = (sample: TopicSample): void => watch.take(sample);
    const opened = Promise.resolve();
    const watched: Watched = { topic, nativeId, watch, onSample, owner, type: undefined, opened };
    this.#watched.set(keyOf(watched), watched);
    const ofTopic = this.#byTopic.get(topic) ?? new Set();
    this.#byTopic.set(topic, ofTopic.add(watched));
    const use = view.topic(topic);
    if (use && use.publishers.length > 0) this.#follow(watched, use);
    return watched;
  }

  /** Subscribes with the type that the requested entity uses for the topic now. */
  #follow(watched: Watched, use: TopicUse): void {
    const { pool } = this.#options;
    const { topic, nativeId, onSample, type: from } = watched;
    const to = typeFor(use, isEndpointOf(nativeId));
    if (to === undefined) return;
    if (from === undefined || from === to) {
      if (!pool.isWatched(topic, to, onSample)) watched.opened = pool.watch(topic, to, onSample);
    } else watched.opened = pool.watchAs(topic, { from, to }, onSample);
    watched.type = to;
  }

  #end(watched: Watched): void {
    const { topic, type, watch, onSample } = watched;
    if (this.#watched.get(keyOf(watched)) !== watched) return;
    this.#watched.delete(keyOf(watched));
    const ofTopic = this.#byTopic.get(topic);
    ofTopic?.delete(watched);
    if (ofTopic?.size === 0) this.#byTopic.delete(topic);
    this.#dropped += watch.dropped;
    if (type !== undefined) this.#options.pool.unwatch(topic, type, onSample);
  }

  /** If the publishers store their last sample, a late client receives it, as with a separate subscription. */
  #isLatched({ topic, type }: Watched): boolean {
    const publishers = (this.#options.view.topic(topic)?.publishers ?? []).filter((each) => each.type === type);
    return publishers.length > 0 && publishers.every(({ qos }) => qos.durability === 'transient_local');
  }
}
