import type { DataSample } from '@medkit/core';
import type { TopicSample } from '@medkit/ros2';
import { firstDeliveries } from './first-delivery.ts';
import { receivedNsOf } from './received-ns.ts';
import type { DecodedSample } from './warm-topic.ts';

/**
 * Maximum samples of a topic that wait to be decoded. Beyond it, the oldest is dropped, because the newest matters
 * most.
 */
const MAX_WAITING = 64;
/** Maximum waiting bytes, mainly for images and point clouds. One sample may always wait. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** Receives the values of a topic. While a returned promise is pending, only the newest value waits. */
export type Watcher = (sample: DataSample) => void | Promise<void>;

export interface TopicWatchOptions {
  /** The last sample of the topic, while its publishers exist. */
  readonly newest: () => TopicSample | undefined;
  readonly decode: (sample: TopicSample) => Promise<DecodedSample>;
  /** Called with errors of a watcher or of decoding. */
  readonly failed: (error: unknown) => void;
}

/** Receives the arrival time of every sample of a topic, in milliseconds since the epoch. */
export type ArrivalListener = (receivedMs: number) => void;

interface Member {
  readonly watcher: Watcher;
  /** Its last call is still pending. */
  busy: boolean;
  /** It is to receive the newest sample. */
  owed: boolean;
}

/** All watchers of a topic. Each sample is decoded once for all of them, and only if a watcher is ready. */
export class TopicWatch {
  readonly #options: TopicWatchOptions;
  readonly #members = new Set<Member>();
  readonly #arrivalListeners = new Set<ArrivalListener>();
  readonly #isFirst = firstDeliveries();
  #waiting: TopicSample[] = [];
  #waitingBytes = 0;
  #isNotifying = false;
  #dropped = 0;

  constructor(options: TopicWatchOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#members.size === 0 && this.#arrivalListeners.size === 0;
  }

  /** Samples that were dropped because they arrived faster than they could be decoded. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Adds a watcher for all later samples; with `owed`, also for the newest one. Returns a function that removes it and
   * returns `true` the first time.
   */
  join(watcher: Watcher, { owed }: { readonly owed: boolean }): () => boolean {
    const member: Member = { watcher, busy: false, owed };
    this.#members.add(member);
    if (owed) this.#notify();
    return () => {
      const left = this.#members.delete(member);
      if (this.#members.size === 0) this.#forget();
      return left;
    };
  }

  /** Adds a listener that needs no decoded samples. Returns a function as `join` does. */
  count(listener: ArrivalListener): () => boolean {
    // A separate function, so that one listener can be added twice and removed once.
    const added: ArrivalListener = (receivedMs) => listener(receivedMs);
    this.#arrivalListeners.add(added);
    return () => this.#arrivalListeners.delete(added);
  }

  /** Returns the last sample of the topic; `undefined` if there is none or its publishers have left. */
  async newest(): Promise<DataSample | undefined> {
    const sample = this.#options.newest();
    return sample && this.#decoded(sample);
  }

  take(sample: TopicSample): void {
    if (this.isIdle || !this.#isFirst(sample)) return;
    for (const listener of this.#arrivalListeners) listener(sample.receivedMs);
    let isWanted = false;
    for (const member of this.#members) {
      if (member.busy) member.owed = true;
      else isWanted = true;
    }
    if (!isWanted) return;
    this.#waiting.push(sample);
    this.#waitingBytes += sample.cdr.byteLength;
    while (this.#isOverfull()) {
      this.#next();
      this.#dropped++;
    }
    this.#notify();
  }

  /** Removes all watchers. */
  close(): void {
    this.#members.clear();
    this.#arrivalListeners.clear();
    this.#forget();
  }

  #isOverfull(): boolean {
    const { length } = this.#waiting;
    return length > MAX_WAITING || (this.#waitingBytes > MAX_WAITING_BYTES && length > 1);
  }

  #next(): TopicSample | undefined {
    const sample = this.#waiting.shift();
    this.#waitingBytes -= sample?.cdr.byteLength ?? 0;
    return sample;
  }

  #forget(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #notify(): void {
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    this.#notifyAll().catch(this.#options.failed);
  }

  /** Decodes samples one at a time, so that all watchers receive them in order. */
  async #notifyAll(): Promise<void> {
    try {
      for (;;) {
        const sample = this.#next();
        if (sample) this.#give(await this.#decoded(sample), [...this.#members]);
        else {
          const waiting = [...this.#members].filter(({ busy, owed }) => owed && !busy);
          const newest = waiting.length > 0 ? this.#options.newest() : undefined;
          if (!newest) return;
          // Marks the sample as delivered: a new subscription may receive it again.
          this.#isFirst(newest);
          this.#give(await this.#decoded(newest), waiting);
        }
      }
    } finally {
      this.#isNotifying = false;
    }
  }

  async #decoded(sample: TopicSample): Promise<DataSample> {
    const { value } = await this.#options.decode(sample);
    return { value, timestampNs: receivedNsOf(sample), type: sample.type };
  }

  #give(sample: DataSample, members: readonly Member[]): void {
    for (const member of members) {
      if (!this.#members.has(member)) continue;
      member.owed = member.busy;
      if (!member.busy) this.#giveTo(member, sample);
    }
  }

  #giveTo(member: Member, sample: DataSample): void {
    const { failed } = this.#options;
    try {
      const settled = member.watcher(sample);
      if (!(settled instanceof Promise)) return;
      member.busy = true;
      void settled.catch(failed).finally(() => {
        member.busy = false;
        if (member.owed) this.#notify();
      });
    } catch (error) {
      failed(error);
    }
  }
}
