import type { KeyedTopic, TapSample } from '../tap/tap-provider.ts';
import { weightOf } from './ring-bounds.ts';

/** Maximum samples per publisher, whatever its own history depth is. */
const MAX_DEPTH = 16;
/** Maximum publishers of all topics together. */
const MAX_PUBLISHERS = 4096;

interface Latch {
  readonly topic: KeyedTopic;
  readonly samples: TapSample[];
}

/**
 * The last samples of latched topics from before the window, such as the map: what a subscription that starts with the
 * window would receive first. If they exceed the memory, the heaviest topic loses its least recently active publisher.
 */
export class LatchedSamples {
  readonly #maxWeight: number;
  /** By topic and publisher, the least recently active first. */
  readonly #latches = new Map<string, Latch>();
  /** Weight of each topic, by `topicKey`. */
  readonly #weights = new Map<string, number>();
  #weight = 0;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  get weight(): number {
    return this.#weight;
  }

  /** Stores a sample that leaves the window, and up to `depth` samples of its publisher. */
  keep(topic: KeyedTopic, sample: TapSample, depth: number): void {
    const key = `${topic.key} ${sample.publisher}`;
    const latch = this.#latches.get(key) ?? { topic, samples: [] };
    this.#latches.delete(key);
    this.#latches.set(key, latch);
    latch.samples.push(sample);
    this.#weigh(topic, weightOf(sample));
    while (latch.samples.length > Math.min(depth, MAX_DEPTH)) this.#dropFirst(latch);
    this.#shrink();
  }

  /** Removes all samples of a topic, by its `topicKey`. */
  forget(topic: string): void {
    for (const [key, latch] of this.#latches) if (latch.topic.key === topic) this.#drop(key, latch);
  }

  *[Symbol.iterator](): Iterator<{ readonly topic: KeyedTopic; readonly sample: TapSample }> {
    for (const { topic, samples } of this.#latches.values()) {
      for (const sample of samples) yield { topic, sample };
    }
  }

  #shrink(): void {
    while (this.#weight > this.#maxWeight || this.#latches.size > MAX_PUBLISHERS) {
      if (!this.#dropOldestOf(this.#heaviest())) return;
    }
  }

  /** Removes the least recently active publisher of a topic. Returns whether there was one. */
  #dropOldestOf(topic: string | undefined): boolean {
    for (const [key, latch] of this.#latches) {
      if (latch.topic.key !== topic) continue;
      this.#drop(key, latch);
      return true;
    }
    return false;
  }

  #drop(key: string, latch: Latch): void {
    this.#latches.delete(key);
    while (latch.samples.length > 0) this.#dropFirst(latch);
  }

  #dropFirst({ topic, samples }: Latch): void {
    const first = samples.shift();
    if (first) this.#weigh(topic, -weightOf(first));
  }

  #weigh({ key }: KeyedTopic, more: number): void {
    this.#weight += more;
    const weight = (this.#weights.get(key) ?? 0) + more;
    if (weight === 0) this.#weights.delete(key);
    else this.#weights.set(key, weight);
  }

  #heaviest(): string | undefined {
    let heaviest: string | undefined;
    let max = 0;
    for (const [key, weight] of this.#weights) if (weight > max) [heaviest, max] = [key, weight];
    return heaviest;
  }
}
