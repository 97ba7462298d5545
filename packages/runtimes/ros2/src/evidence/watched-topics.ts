import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { BufferedTopic } from '@medkit/faults';
import type { LocalNode } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';
import { type TopicUse, typeOf } from '../graph/topic-use.ts';
import { openRaw, type RawSubscription } from './raw-subscription.ts';
import { SampleHistory } from './sample-history.ts';

/** Maximum watched topics. */
const MAX_TOPICS = 256;
/** Maximum bytes of all samples together. */
const MAX_OCTETS = 64 * 1024 * 1024;

export interface WatchedTopicsOptions {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly view: GraphView;
  readonly clock: Clock;
  readonly log: Log;
}

interface Watched {
  readonly type: string;
  readonly subscription: RawSubscription;
  readonly history: SampleHistory;
}

/**
 * Topics whose last samples are stored. Each is subscribed to as soon as it has a publisher, and stays watched when its
 * publishers leave.
 */
export class WatchedTopics {
  readonly #options: WatchedTopicsOptions;
  #wanted: ReadonlySet<string> = new Set();
  #historyMs = 0;
  readonly #watched = new Map<string, Watched>();
  #octets = 0;

  constructor(options: WatchedTopicsOptions) {
    this.#options = options;
  }

  /** Watches exactly these topics, with their small samples of the last `historyMs`. */
  watch(topics: readonly string[], historyMs: number): void {
    const { view, log } = this.#options;
    this.#historyMs = historyMs;
    this.#wanted = new Set(topics.slice(0, MAX_TOPICS));
    if (topics.length > MAX_TOPICS) {
      log('warn', `Samples are buffered for only the first ${MAX_TOPICS} of ${topics.length} topics`);
    }
    for (const topic of [...this.#watched.keys()]) if (!this.#wanted.has(topic)) this.#close(topic);
    for (const topic of this.#wanted) this.topicChanged(topic, view.topic(topic));
  }

  held(topic: string): BufferedTopic | undefined {
    const watched = this.#watched.get(topic);
    const samples = watched?.history.since(this.#options.clock.monotonicMs() - this.#historyMs) ?? [];
    return watched && samples.length > 0 ? { topic, type: watched.type, samples } : undefined;
  }

  /** Called when the endpoints of a topic have changed. */
  topicChanged(topic: string, use: TopicUse | undefined): void {
    if (!this.#wanted.has(topic) || !use || use.publishers.length === 0) return;
    const type = typeOf(use);
    if (type === undefined || type === this.#watched.get(topic)?.type) return;
    this.#close(topic);
    this.#open(topic, type);
  }

  close(): void {
    this.watch([], 0);
  }

  #open(topic: string, type: string): void {
    const { node, clock, log } = this.#options;
    const history = new SampleHistory();
    const subscription = openRaw({
      node,
      log,
      topic,
      type,
      qos: 'match-publishers',
      onSample: (sample) => {
        const before = history.octets;
        const nowMs = clock.monotonicMs();
        history.push(sample, nowMs, nowMs - this.#historyMs);
        this.#octets += history.octets - before;
        if (this.#octets > MAX_OCTETS) this.#shrink();
      },
    });
    const watched = { type, subscription, history };
    this.#watched.set(topic, watched);
    subscription.opened.catch((error: unknown) => {
      log('warn', `Could not subscribe to ${topic}: ${errorMessage(error)}`);
      // The subscription is retried when the endpoints of the topic change.
      if (this.#watched.get(topic) === watched) this.#watched.delete(topic);
    });
  }

  #close(topic: string): void {
    const watched = this.#watched.get(topic);
    if (!watched) return;
    this.#watched.delete(topic);
    this.#octets -= watched.history.octets;
    watched.subscription.close();
  }

  /** Removes the oldest samples of the topic with the most bytes. */
  #shrink(): void {
    while (this.#octets > MAX_OCTETS) {
      const histories = Array.from(this.#watched.values(), ({ history }) => history);
      const largest = histories.reduce((most, history) => (history.octets > most.octets ? history : most));
      const before = largest.octets;
      largest.dropOldest();
      this.#octets += largest.octets - before;
    }
  }
}
