import type { KeyedTopic, TapSample } from '../tap/tap-provider.ts';
import { weightOf } from './ring-bounds.ts';

/** Samples kept of one publisher, however many it keeps itself. */
const MAX_DEPTH = 16;
/** Publishers of all topics together that samples are kept of. */
const MAX_PUBLISHERS = 4096;

interface Latch {
  readonly topic: KeyedTopic;
  readonly samples: TapSample[];
}

/**
 * The last samples of latched topics from before the window: what a subscription that begins with the window would be
 * given at once, such as the map. Where they weigh too much, the publisher that was silent for longest is forgotten.
 */
export class LatchedSamples {
  readonly #maxWeight: number;
  /** By topic and publisher, the one that was silent for longest first. */
  readonly #latches = new Map<string, Latch>();
  #weight = 0;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  get weight(): number {
    return this.#weight;
  }

  /** Keeps a sample that leaves the window, and the ones before it up to `depth`. */
  keep(topic: KeyedTopic, sample: TapSample, depth: number): void {
    const key = `${topic.key} ${sample.publisher}`;
    const latch = this.#latches.get(key) ?? { topic, samples: [] };
    this.#latches.delete(key);
    this.#latches.set(key, latch);
    latch.samples.push(sample);
    this.#weight += weightOf(sample);
    while (latch.samples.length > Math.min(depth, MAX_DEPTH)) this.#dropFirst(latch);
    this.#shrink();
  }

  /** Forgets all of a topic, by its `topicKey`. */
  forget(topic: string): void {
    for (const [key, latch] of this.#latches) if (latch.topic.key === topic) this.#drop(key, latch);
  }

  *[Symbol.iterator](): Iterator<{ readonly topic: KeyedTopic; readonly sample: TapSample }> {
    for (const { topic, samples } of this.#latches.values()) {
      for (const sample of samples) yield { topic, sample };
    }
  }

  #shrink(): void {
    for (const [key, latch] of this.#latches) {
      if (this.#weight <= this.#maxWeight && this.#latches.size <= MAX_PUBLISHERS) break;
      this.#drop(key, latch);
    }
  }

  #drop(key: string, latch: Latch): void {
    this.#latches.delete(key);
    while (latch.samples.length > 0) this.#dropFirst(latch);
  }

  #dropFirst({ samples }: Latch): void {
    const first = samples.shift();
    if (first) this.#weight -= weightOf(first);
  }
}
