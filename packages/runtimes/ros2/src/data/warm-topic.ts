import type { JsonValue } from '@medkit/core';
import type { Subscription, TopicSample } from '@medkit/ros2';

/** A sample as JSON: decoded, or in hex with the reason why. */
export interface DecodedSample {
  readonly value: JsonValue;
  readonly warning?: string;
}

/**
 * A topic that is subscribed to. Only the last sample is kept, as it came; it is decoded when somebody wants to see it, once.
 */
export class WarmTopic {
  readonly topic: string;
  readonly type: string;
  /** When it was last read, monotonic milliseconds; `undefined` where nobody has read it. */
  usedMs: number | undefined;
  /** Octets that came since then. */
  unreadBytes = 0;
  /** Receive every sample, while the topic is watched. */
  readonly watchers = new Set<(sample: TopicSample) => void>();
  /** The wait for a first sample that all its readers share, while there is one. */
  coldWait: Promise<void> | undefined;
  readonly #decode: (sample: TopicSample) => Promise<DecodedSample>;
  readonly #onHeld: (bytes: number) => void;
  #subscription: Promise<Subscription> | undefined;
  #opened: Promise<void> = Promise.resolve();
  #sample: TopicSample | undefined;
  #decoded: { readonly of: TopicSample; readonly as: Promise<DecodedSample> } | undefined;
  #first = Promise.withResolvers<void>();
  #closed = false;

  constructor({
    topic,
    type,
    decode,
    onHeld,
  }: {
    readonly topic: string;
    readonly type: string;
    readonly decode: (sample: TopicSample) => Promise<DecodedSample>;
    /** Hears, with every sample and when one is forgotten, how many octets more, or less, of samples are kept. */
    readonly onHeld: (bytes: number) => void;
  }) {
    this.topic = topic;
    this.type = type;
    this.#decode = decode;
    this.#onHeld = onHeld;
  }

  get sample(): TopicSample | undefined {
    return this.#sample;
  }

  /** Resolves once the topic is subscribed to, rejects if the adapter refuses. */
  opened(): Promise<void> {
    return this.#opened;
  }

  /** Resolves when there is a sample or the topic is closed, rejects where it could not be subscribed to. */
  firstSample(): Promise<void> {
    return this.#opened.then(() => this.#first.promise);
  }

  /**
   * Subscribes, in place of the subscription that there is. Resolves once that is done, rejects where the adapter refuses,
   * which leaves the topic without any.
   */
  open(subscribe: (onSample: (sample: TopicSample) => void) => Promise<Subscription>): Promise<void> {
    this.#subscription = this.#replaced(this.#subscription, subscribe);
    this.#opened = this.#subscription.then(() => undefined);
    return this.#opened;
  }

  /** The last sample decoded; the same promise until another sample comes. Call it only where there is a sample. */
  decoded(): Promise<DecodedSample> {
    if (!this.#sample) throw new Error(`no sample of ${this.topic} to decode`);
    return this.decodedOf(this.#sample);
  }

  /** A sample of this topic decoded, which for the last one is the work of one time. */
  decodedOf(sample: TopicSample): Promise<DecodedSample> {
    if (this.#decoded?.of === sample) return this.#decoded.as;
    const as = this.#decode(sample);
    if (sample !== this.#sample) return as;
    const decoded = { of: sample, as };
    this.#decoded = decoded;
    // The definition that is missing may be added while a latched sample stays the last one.
    const forget = ({ warning }: DecodedSample): void => {
      if (warning !== undefined && this.#decoded === decoded) this.#decoded = undefined;
    };
    as.then(forget, () => undefined);
    return as;
  }

  /** Forgets the last sample: those who published it are gone. */
  forget(): void {
    if (!this.#sample) return;
    this.#onHeld(-this.#sample.cdr.byteLength);
    this.#sample = undefined;
    this.#decoded = undefined;
    this.#first = Promise.withResolvers<void>();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.forget();
    this.#first.resolve();
    await ended(this.#subscription);
  }

  /** The old one goes once the new one hears, so that nothing is missed between the two. */
  async #replaced(
    old: Promise<Subscription> | undefined,
    subscribe: (onSample: (sample: TopicSample) => void) => Promise<Subscription>,
  ): Promise<Subscription> {
    try {
      return await subscribe((sample) => this.#take(sample));
    } finally {
      await ended(old);
    }
  }

  #take(sample: TopicSample): void {
    if (this.#closed) return;
    const old = this.#sample;
    this.#sample = sample;
    if (!old) this.#first.resolve();
    this.unreadBytes += sample.cdr.byteLength;
    this.#onHeld(sample.cdr.byteLength - (old?.cdr.byteLength ?? 0));
    for (const watcher of this.watchers) watcher(sample);
  }
}

async function ended(opening: Promise<Subscription> | undefined): Promise<void> {
  // One that could not be opened has told so to whoever opened it; there is nothing to close.
  const subscription = await opening?.catch(() => undefined);
  await subscription?.close();
}
