import { type KeyedTopic, type TapSample, topicKey } from '../tap/tap-provider.ts';
import { LatchedSamples } from './latched-samples.ts';
import { type RingBounds, weightOf } from './ring-bounds.ts';

/** A sample and the topic that it is of. */
export interface HeldSample {
  readonly topic: KeyedTopic;
  readonly sample: TapSample;
}

export interface WindowSample extends HeldSample {
  /** By the clock of `push`. */
  readonly arrivedMs: number;
}

/** A sample in two chains: of all samples, and of those of its topic. */
interface Link extends WindowSample {
  readonly topic: RingTopic;
  older: Link | undefined;
  newer: Link | undefined;
  newerOfTopic: Link | undefined;
}

export interface RingTopic extends KeyedTopic {
  /** Samples of each publisher that are kept when they leave the window; 0 keeps none. */
  latchedDepth: number;
  oldest: Link | undefined;
  newest: Link | undefined;
  weight: number;
}

export interface RingWindow {
  /** From before the window, in no order of time. */
  readonly latched: readonly HeldSample[];
  /** In the order in which they arrived. */
  readonly samples: readonly WindowSample[];
}

export interface RingFacts {
  readonly samples: number;
  /** Octets of memory. */
  readonly weight: number;
  /** Samples that were dropped before their time, because there was no room for them. */
  readonly crowdedOut: number;
  /** Samples that are larger than all that their topic may have. */
  readonly tooLarge: number;
}

/**
 * The samples of the last seconds, of all topics, the oldest of which go: when their time is over, when their topic has
 * too much, or when all have. To put one in costs a handful of assignments, whatever is in it already; nothing is copied.
 */
export class SampleRing {
  readonly #bounds: RingBounds;
  readonly #latched: LatchedSamples;
  #oldest: Link | undefined;
  #newest: Link | undefined;
  #samples = 0;
  #weight = 0;
  #crowdedOut = 0;
  #tooLarge = 0;

  constructor(bounds: RingBounds) {
    this.#bounds = bounds;
    this.#latched = new LatchedSamples(bounds.maxLatchedWeight);
  }

  /** A topic to push samples of. */
  topic(name: string, runtime?: string): RingTopic {
    const key = topicKey({ name, ...(runtime !== undefined && { runtime }) });
    return {
      key,
      name,
      ...(runtime !== undefined && { runtime }),
      latchedDepth: 0,
      oldest: undefined,
      newest: undefined,
      weight: 0,
    };
  }

  /** @param nowMs monotonic milliseconds */
  push(topic: RingTopic, sample: TapSample, nowMs: number): void {
    const weight = weightOf(sample);
    const { maxTopicWeight, maxWeight, maxSamples } = this.#bounds;
    this.#expire(nowMs);
    if (weight > maxTopicWeight) {
      this.#tooLarge += 1;
      return;
    }
    while (topic.oldest && topic.weight + weight > maxTopicWeight) this.#crowdOut(topic.oldest);
    while (this.#oldest && this.#isFull(weight, maxWeight, maxSamples)) this.#crowdOut(this.#oldest);
    this.#append({
      topic,
      sample,
      arrivedMs: nowMs,
      older: this.#newest,
      newer: undefined,
      newerOfTopic: undefined,
    });
  }

  /** All that is in the ring at this moment. */
  window(nowMs: number): RingWindow {
    this.#expire(nowMs);
    const samples: WindowSample[] = [];
    for (let link = this.#oldest; link; link = link.newer) samples.push(link);
    return { latched: [...this.#latched], samples };
  }

  /** What is in the window of one topic, in the order in which it arrived. */
  of(topic: RingTopic, nowMs: number): readonly TapSample[] {
    this.#expire(nowMs);
    const samples: TapSample[] = [];
    for (let link = topic.oldest; link; link = link.newerOfTopic) samples.push(link.sample);
    return samples;
  }

  /** Nothing more comes of this topic, and what was latched of it is of no use; the window keeps what is in it. */
  forget(topic: RingTopic): void {
    topic.latchedDepth = 0;
    this.#latched.forget(topic.key);
  }

  facts(): RingFacts {
    return {
      samples: this.#samples,
      weight: this.#weight + this.#latched.weight,
      crowdedOut: this.#crowdedOut,
      tooLarge: this.#tooLarge,
    };
  }

  #isFull(weight: number, maxWeight: number, maxSamples: number): boolean {
    return this.#weight + this.#latched.weight + weight > maxWeight || this.#samples >= maxSamples;
  }

  #expire(nowMs: number): void {
    while (this.#oldest && nowMs - this.#oldest.arrivedMs > this.#bounds.windowMs) this.#remove(this.#oldest);
  }

  #crowdOut(link: Link): void {
    this.#crowdedOut += 1;
    this.#remove(link);
  }

  #append(link: Link): void {
    const { topic } = link;
    if (this.#newest) this.#newest.newer = link;
    else this.#oldest = link;
    this.#newest = link;
    if (topic.newest) topic.newest.newerOfTopic = link;
    else topic.oldest = link;
    topic.newest = link;
    const weight = weightOf(link.sample);
    topic.weight += weight;
    this.#weight += weight;
    this.#samples += 1;
  }

  /** Takes out the oldest sample of its topic: none but that ever goes. */
  #remove(link: Link): void {
    const { topic, sample, older, newer } = link;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
    topic.oldest = link.newerOfTopic;
    if (!topic.oldest) topic.newest = undefined;
    // An old object that is dead keeps all that it leads to alive until the next full collection.
    link.older = link.newer = link.newerOfTopic = undefined;
    const weight = weightOf(sample);
    topic.weight -= weight;
    this.#weight -= weight;
    this.#samples -= 1;
    if (topic.latchedDepth > 0) this.#latched.keep(topic, sample, topic.latchedDepth);
  }
}
