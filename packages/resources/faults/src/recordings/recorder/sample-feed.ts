import type { Bag } from '../files/bag.ts';
import { type LoggedSample, packBlock } from '../files/sample-block.ts';
import { weightOf } from '../ring/ring-bounds.ts';
import type { RingSample } from '../ring/sample-ring.ts';
import type { KeyedTopic, TopicDescription } from '../tap/tap-provider.ts';

/**
 * Bytes passed to the writer in one block, unless a single sample is larger; copying takes some tenths of a
 * millisecond.
 */
const BLOCK_OCTETS = 1024 * 1024;

export interface FeedBounds {
  /** Maximum bytes waiting for the writer, in memory. */
  readonly maxWaiting: number;
  /** Maximum bytes of all samples. */
  readonly maxTotal: number;
}

interface Batch {
  readonly samples: LoggedSample[];
  weight: number;
}

/**
 * The queue of samples for a recording: filled as they arrive, and emptied in blocks as fast as the writer allows. If
 * the writer is too slow or the recording too large, samples are dropped and counted.
 */
export class SampleFeed {
  readonly #bounds: FeedBounds;
  readonly #describe: (topic: KeyedTopic) => Promise<TopicDescription>;
  /** Index of each topic in the recording, by `topicKey`. */
  readonly #places = new Map<string, number>();
  /** Topic names used in the recording. */
  readonly #names = new Set<string>();
  /** Descriptions of topics that the writer does not know yet. */
  #newTopics: Promise<TopicDescription>[] = [];
  readonly #batches: Batch[] = [];
  #waiting = 0;
  #total = 0;
  #leftOut = 0;
  #sealed = false;
  #wake: (() => void) | undefined;

  constructor(bounds: FeedBounds, describe: (topic: KeyedTopic) => Promise<TopicDescription>) {
    this.#bounds = bounds;
    this.#describe = describe;
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  put({ topic, sample }: RingSample, loggedNs: bigint): void {
    const weight = weightOf(sample);
    if (this.#waiting + weight > this.#bounds.maxWaiting || this.#total + weight > this.#bounds.maxTotal) {
      this.#leftOut += 1;
      return;
    }
    this.#waiting += weight;
    this.#total += weight;
    let batch = this.#batches.at(-1);
    if (!batch || batch.weight >= BLOCK_OCTETS) {
      batch = { samples: [], weight: 0 };
      this.#batches.push(batch);
    }
    batch.samples.push({ topic: this.#placeOf(topic), sample, loggedNs });
    batch.weight += weight;
    this.#wake?.();
  }

  /** Marks the end of the samples. */
  seal(): void {
    this.#sealed = true;
    this.#wake?.();
  }

  /** Passes all samples to the writer. Resolves when the feed is sealed and empty, rejects if the writer fails. */
  async drainInto(bag: Bag): Promise<void> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch) {
        const newTopics = await Promise.all(this.#newTopics.splice(0));
        await bag.write(packBlock(newTopics, batch.samples));
        this.#waiting -= batch.weight;
      } else if (this.#sealed) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #placeOf(topic: KeyedTopic): number {
    const known = this.#places.get(topic.key);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(topic.key, place);
    const name = this.#nameFor(topic);
    // Requested immediately, since the topic may be forgotten by the time it is written.
    const described = this.#describe(topic);
    this.#newTopics.push(name === topic.name ? described : described.then((description) => ({ ...description, name })));
    return place;
  }

  /**
   * Players identify topics by name only, so a topic with the same name in another runtime is recorded as
   * `/<runtime>/scan`.
   */
  #nameFor({ name, runtime }: KeyedTopic): string {
    let free = name;
    while (this.#names.has(free)) free = `/${runtime?.replaceAll(/\W/g, '_')}${free}`;
    this.#names.add(free);
    return free;
  }
}
