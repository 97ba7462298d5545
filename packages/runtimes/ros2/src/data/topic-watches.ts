import {
  abandonedCall,
  type CallContext,
  type DataWatch,
  type Log,
  ownerOf,
  reasonOf,
  refusePlace,
} from '@medkit/core';
import { OwnedMap, type QuotaFigures } from '@medkit/edges';
import type { GraphView } from '../graph/graph-view.ts';
import { type TopicUse, typeOf } from '../graph/topic-use.ts';
import { subscribeFailed } from './subscribe-failed.ts';
import type { TopicPool } from './topic-pool.ts';
import { TopicWatch, type Watcher } from './topic-watch.ts';

/** Topics that are watched at a time, also those that nobody publishes yet. */
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

interface Watched {
  readonly watch: TopicWatch;
  /** Who watched it first. */
  readonly owner: string | undefined;
  /** Rejects where the adapter refused the last subscription. */
  opened: Promise<void>;
}

/** The topics that are watched, from the moment when somebody publishes them. They outlive their publishers. */
export class TopicWatches {
  readonly #options: TopicWatchesOptions;
  readonly #watched = new OwnedMap<string, Watched>(MAX_TOPICS, ({ owner }) => owner);
  #dropped = 0;

  constructor(options: TopicWatchesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** Counts of the topics, by who watched them first. */
  figures(): QuotaFigures {
    return this.#watched.quota.figures();
  }

  /** Samples that nobody was told since more came than could be decoded. */
  get dropped(): number {
    let dropped = this.#dropped;
    for (const { watch } of this.#watched.values()) dropped += watch.dropped;
    return dropped;
  }

  /** Resolves when the topic is subscribed to, or waited for; nothing is watched if the call is abandoned before. */
  async watch(topic: string, watcher: Watcher, call: CallContext): Promise<DataWatch> {
    const { signal } = call;
    if (signal.aborted) throw abandonedCall();
    const watched = this.#watched.get(topic) ?? this.#begin(topic, ownerOf(call));
    const leave = watched.watch.join(watcher, { owed: this.#isLatched(topic) });
    const end = (): void => {
      if (leave() && watched.watch.isIdle) this.#end(topic, watched);
    };
    signal.addEventListener('abort', end, { once: true });
    try {
      await watched.opened;
    } catch (error) {
      end();
      throw subscribeFailed(topic, error);
    } finally {
      signal.removeEventListener('abort', end);
    }
    if (signal.aborted) throw abandonedCall();
    return {
      kept: async () => (this.#isLatched(topic) ? watched.watch.newest() : undefined),
      close: async () => end(),
    };
  }

  /** To be called when others use a topic, once the pool knows of it. */
  topicChanged(topic: string, use: TopicUse | undefined): void {
    const watched = this.#watched.get(topic);
    if (!watched || !use || use.publishers.length === 0) return;
    const type = typeOf(use);
    if (type === undefined || type === this.#options.pool.watchedAs(topic)) return;
    watched.opened = this.#open(topic, type, watched.watch);
  }

  async close(): Promise<void> {
    for (const { watch } of this.#watched.values()) watch.close();
    this.#watched.clear();
  }

  #begin(topic: string, owner: string | undefined): Watched {
    const { pool, view, log } = this.#options;
    refusePlace(this.#watched.quota, owner, BOUND);
    const watch = new TopicWatch({
      newest: () => pool.peek(topic)?.sample,
      decode: (sample) => pool.decodedOf(sample),
      failed: (error) => log('error', `Who watches ${topic} could not be told of it: ${reasonOf(error)}`),
    });
    const watched = { watch, owner, opened: Promise.resolve() };
    this.#watched.set(topic, watched);
    const use = view.topic(topic);
    const type = use && use.publishers.length > 0 ? typeOf(use) : undefined;
    if (type !== undefined) watched.opened = this.#open(topic, type, watch);
    return watched;
  }

  #open(topic: string, type: string, watch: TopicWatch): Promise<void> {
    return this.#options.pool.watch(topic, type, (sample) => watch.take(sample));
  }

  #end(topic: string, watched: Watched): void {
    if (this.#watched.get(topic) !== watched) return;
    this.#watched.delete(topic);
    this.#dropped += watched.watch.dropped;
    this.#options.pool.unwatch(topic);
  }

  /** Who comes late to publishers that keep their last sample is given it, as a subscription of its own would be. */
  #isLatched(topic: string): boolean {
    const { publishers = [] } = this.#options.view.topic(topic) ?? {};
    return publishers.length > 0 && publishers.every(({ qos }) => qos.durability === 'transient_local');
  }
}
