import type { JsonValue } from '@medkit/core';
import type { Subscription, TopicSample } from '@medkit/ros2';

/** A sample as JSON: decoded, or in hex with the reason. */
export interface DecodedSample {
  readonly value: JsonValue;
  readonly warning?: string;
}

/** A subscribed topic. Stores only the last sample, in serialized form, and decodes it once when a client reads it. */
export class WarmTopic {
  readonly topic: string;
  readonly type: string;
  /** Time of the last read, in monotonic milliseconds; `undefined` if it was never read. */
  usedMs: number | undefined;
  /** Bytes received since then. */
  unreadBytes = 0;
  /** Called with every sample while the topic is watched. */
  readonly watchers = new Set<(sample: TopicSample) => void>();
  /** The wait for a first sample, shared by all readers, while one is in progress. */
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
    /** Called with the change of stored bytes, for every sample and when a sample is discarded. */
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

  /** Resolves when the topic is subscribed to; rejects if the adapter refuses. */
  opened(): Promise<void> {
    return this.#opened;
  }

  /** Resolves when there is a sample or the topic is closed; rejects if it could not be subscribed to. */
  firstSample(): Promise<void> {
    return this.#opened.then(() => this.#first.promise);
  }

  /**
   * Subscribes, replacing an existing subscription. Resolves when done. Rejects if the adapter refuses; the topic then
   * has no subscription.
   */
  open(subscribe: (onSample: (sample: TopicSample) => void) => Promise<Subscription>): Promise<void> {
    this.#subscription = this.#replaced(this.#subscription, subscribe);
    this.#opened = this.#subscription.then(() => undefined);
    return this.#opened;
  }

  /** Returns the decoded last sample; the same promise until the next sample. Call only if there is a sample. */
  decoded(): Promise<DecodedSample> {
    if (!this.#sample) throw new Error(`${this.topic} has no sample to decode`);
    return this.decodedOf(this.#sample);
  }

  /** Decodes a sample of this topic; the last sample is decoded only once. */
  decodedOf(sample: TopicSample): Promise<DecodedSample> {
    if (this.#decoded?.of === sample) return this.#decoded.as;
    const as = this.#decode(sample);
    if (sample !== this.#sample) return as;
    const decoded = { of: sample, as };
    this.#decoded = decoded;
    // Do not cache failures: the missing definition may be added while a latched sample remains the last one.
    const forget = ({ warning }: DecodedSample): void => {
      if (warning !== undefined && this.#decoded === decoded) this.#decoded = undefined;
    };
    as.then(forget, () => undefined);
    return as;
  }

  /** Discards the last sample because its publishers have left. */
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

  /** Closes the old subscription after the new one is open, so that no sample is missed. */
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
  // A subscription that failed to open has been reported to the caller of `open`; there is nothing to close.
  const subscription = await opening?.catch(() => undefined);
  await subscription?.close();
}
