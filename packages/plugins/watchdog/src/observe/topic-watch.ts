import { errorMessage, type Log, oncePerKey } from '@medkit/core';
import { globs } from '@medkit/core/discovery';
import type { Clock } from '@medkit/edges';
import { type LocalNode, type Subscription, sourceMsOf, type TopicSample } from '@medkit/ros2';
import { TopicFlow } from '../detectors/topic-flow.ts';
import type { TopicEndpoints } from '../graph/topic-table.ts';
import { VANISHED_AFTER_MS } from '../vanished-process.ts';
import { closeInBackground } from './close-in-background.ts';

export interface TopicWatchOptions {
  readonly node: LocalNode;
  readonly clock: Clock;
  readonly log: Log;
  /** Topics that are watched as soon as they have a publisher. */
  readonly topics: ReadonlySet<string>;
  /** Topics that are watched while they have a publisher: globs. */
  readonly learn: readonly string[];
  /** Maximum subscriptions. */
  readonly limit: number;
}

interface Watched {
  readonly flow: TopicFlow;
  publisher: string | undefined;
  /** Since when the topic has no publisher, in monotonic milliseconds. */
  abandonedMs: number | undefined;
  readonly subscription: Promise<Subscription | undefined>;
}

/** A bounded set of raw subscriptions that count messages without decoding them. */
export class TopicWatch {
  readonly #options: TopicWatchOptions;
  readonly #learns: (topic: string) => boolean;
  readonly #watched = new Map<string, Watched>();
  readonly #isNewFailure = oncePerKey();
  #failed = new Set<string>();
  #full = false;

  constructor(options: TopicWatchOptions) {
    this.#options = options;
    this.#learns = globs(options.learn);
  }

  /** State of each topic. */
  get topics(): ReadonlyMap<string, Pick<Watched, 'flow' | 'publisher'>> {
    return this.#watched;
  }

  /** Processes the current state of a topic. */
  update({ name, publishers }: TopicEndpoints): void {
    const [publisher] = publishers.values();
    const watched = this.#watched.get(name);
    if (watched) {
      watched.publisher = publisher?.node ?? watched.publisher;
      watched.abandonedMs = publisher ? undefined : (watched.abandonedMs ?? this.#options.clock.monotonicMs());
    } else if (publisher && (this.#options.topics.has(name) || this.#learns(name))) this.#open(name, publisher.node);
  }

  /** Called when the publishers of a topic have left permanently: closes the topic unless it is always watched. */
  publishersLeft(topic: string): boolean {
    const watched = this.#watched.get(topic);
    if (!watched || this.#options.topics.has(topic)) return false;
    this.#watched.delete(topic);
    closeInBackground(topic, watched.subscription, this.#options.log);
    return true;
  }

  /** Topics that could not be subscribed to since the last call; the caller passes them again. */
  takeFailed(): Iterable<string> {
    const failed = this.#failed;
    this.#failed = new Set();
    return failed;
  }

  /** Returns the topics that are closed because their publishers fell silent and did not return. */
  tick(): readonly string[] {
    const nowMs = this.#options.clock.monotonicMs();
    const lost: string[] = [];
    for (const [topic, { flow, abandonedMs }] of this.#watched) {
      flow.mark(nowMs);
      const isLost = abandonedMs !== undefined && nowMs - abandonedMs > VANISHED_AFTER_MS;
      if (isLost && this.publishersLeft(topic)) lost.push(topic);
    }
    return lost;
  }

  async stop(): Promise<void> {
    const watched = [...this.#watched.values()];
    this.#watched.clear();
    await Promise.all(watched.map(async ({ subscription }) => (await subscription)?.close()));
  }

  #open(topic: string, publisher: string | undefined): void {
    const { node, log, limit } = this.#options;
    if (this.#watched.size >= limit) {
      if (!this.#full)
        log('warn', `${topic} and further topics are not watched: the limit of ${limit} topics is reached`);
      this.#full = true;
      return;
    }
    const flow = new TopicFlow();
    const onSample = (sample: TopicSample): void => {
      const publishedMs = sourceMsOf(sample);
      flow.arrived(publishedMs === undefined ? undefined : sample.receivedMs - publishedMs);
    };
    const subscription = node.subscribe({ topic, raw: true, onSample }).catch((error: unknown) => {
      const failure = `${topic} cannot be watched: ${errorMessage(error)}`;
      if (this.#isNewFailure(failure)) log('warn', failure);
      if (this.#watched.get(topic)?.subscription === subscription && this.#watched.delete(topic)) {
        this.#failed.add(topic);
      }
      return undefined;
    });
    this.#watched.set(topic, { flow, publisher, abandonedMs: undefined, subscription });
  }
}
