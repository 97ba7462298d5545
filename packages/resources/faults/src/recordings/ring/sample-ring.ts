import { type KeyedTopic, type TapSample, topicKey } from '../tap/tap-provider.ts';
import { LatchedSamples } from './latched-samples.ts';
import { type RingBounds, weightOf } from './ring-bounds.ts';

/** A sample and its topic. */
export interface RingSample {
  readonly topic: KeyedTopic;
  readonly sample: TapSample;
}

export interface WindowSample extends RingSample {
  /** By the clock of `push`. */
  readonly arrivedMs: number;
}

/** A sample in two linked lists: of all samples, and of its topic. */
interface Link extends WindowSample {
  readonly topic: RingTopic;
  older: Link | undefined;
  newer: Link | undefined;
  newerOfTopic: Link | undefined;
}

export interface RingTopic extends KeyedTopic {
  /** Samples per publisher to retain when they leave the window; 0 for none. */
  latchedDepth: number;
  oldest: Link | undefined;
  newest: Link | undefined;
  weight: number;
}

export interface RingWindow {
  /** From before the window, in no particular order. */
  readonly latched: readonly RingSample[];
  /** In the order of arrival. */
  readonly samples: readonly WindowSample[];
}

export interface RingFacts {
  readonly samples: number;
  /** Memory, bytes. */
  readonly weight: number;
  /** Samples dropped early for lack of room. */
  readonly crowdedOut: number;
  /** Samples larger than the share of their topic. */
  readonly tooLarge: number;
}

/**
 * The samples of the last seconds of all topics. The oldest are removed when they expire, when their topic exceeds its
 * share, or when the ring is full. Adding a sample costs a few assignments, independent of the ring's size, and copies
 * nothing.
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

  /** Creates a topic for pushing samples. */
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

  /** Returns everything in the ring. */
  window(nowMs: number): RingWindow {
    this.#expire(nowMs);
    const samples: WindowSample[] = [];
    for (let link = this.#oldest; link; link = link.newer) samples.push(link);
    return { latched: [...this.#latched], samples };
  }

  /** Returns the samples of one topic in the window, in the order of arrival. */
  of(topic: RingTopic, nowMs: number): readonly TapSample[] {
    this.#expire(nowMs);
    const samples: TapSample[] = [];
    for (let link = topic.oldest; link; link = link.newerOfTopic) samples.push(link.sample);
    return samples;
  }

  /** Ends a topic and removes its latched samples; samples in the window stay. */
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

  /** Removes a sample, which is always the oldest of its topic. */
  #remove(link: Link): void {
    const { topic, sample, older, newer } = link;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
    topic.oldest = link.newerOfTopic;
    if (!topic.oldest) topic.newest = undefined;
    // A dead object in the old generation keeps everything that it references alive until the next full collection.
    link.older = link.newer = link.newerOfTopic = undefined;
    const weight = weightOf(sample);
    topic.weight -= weight;
    this.#weight -= weight;
    this.#samples -= 1;
    if (topic.latchedDepth > 0) this.#latched.keep(topic, sample, topic.latchedDepth);
  }
}
