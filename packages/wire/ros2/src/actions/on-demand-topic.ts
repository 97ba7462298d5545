import type { Subscription, TopicSample } from '../adapter/adapter.ts';
import { AlreadyClosed, TooManyListeners } from '../errors.ts';

/** Maximum listeners. Each costs work for every sample, and may belong to a remote connection. */
export const MAX_LISTENERS = 256;

/** One call of `listen`, so that a function may be registered twice. */
interface Entry<Value> {
  readonly listener: (value: Value) => void;
}

interface Dependencies<Value> {
  readonly topic: string;
  readonly subscribe: (onSample: (sample: TopicSample) => void) => Promise<Subscription>;
  /** Converts a sample to the value for listeners. Returns `undefined` if listeners need not be notified. */
  readonly read: (sample: TopicSample) => Value | undefined;
  /** Pass the latest value to a new listener. */
  readonly latched: boolean;
  /** A listener threw, or the subscription could not be opened. */
  readonly onFailure: (error: unknown) => void;
}

/** A topic that is subscribed to only while it has listeners. */
export class OnDemandTopic<Value> {
  readonly #deps: Dependencies<Value>;
  readonly #listeners = new Set<Entry<Value>>();
  #subscription: Promise<Subscription> | undefined;
  #last: Value | undefined;
  #closed = false;

  constructor(deps: Dependencies<Value>) {
    this.#deps = deps;
  }

  /** Adds a listener. Returns a function that removes it. Throws `TooManyListeners` and `AlreadyClosed`. */
  listen(listener: (value: Value) => void): () => void {
    const { topic, latched, onFailure } = this.#deps;
    if (this.#closed) throw new AlreadyClosed(`the client that listens to ${topic} is closed`);
    if (this.#listeners.size >= MAX_LISTENERS) {
      throw new TooManyListeners(`${topic} already has ${MAX_LISTENERS} listeners, the maximum`);
    }
    const entry = { listener };
    this.#listeners.add(entry);
    this.subscribed().catch(onFailure);
    // Not within this call: the listener may need the stop function, which it does not have yet.
    if (latched) queueMicrotask(() => this.#catchUp(entry));
    return () => {
      if (this.#listeners.delete(entry) && this.#listeners.size === 0) this.#unsubscribe().catch(onFailure);
    };
  }

  /**
   * Resolves when the topic is subscribed to, immediately if it has no listeners. Rejects if the subscription fails.
   */
  async subscribed(): Promise<void> {
    if (this.#listeners.size === 0) return;
    this.#subscription ??= this.#subscribe();
    await this.#subscription;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    await this.#unsubscribe();
  }

  #subscribe(): Promise<Subscription> {
    const subscription = this.#deps.subscribe((sample) => {
      // A subscription being closed may still deliver samples that its successor delivers too.
      if (this.#subscription === subscription) this.#take(sample);
    });
    subscription.catch(() => {
      // The next caller that needs the subscription tries again.
      if (this.#subscription === subscription) this.#subscription = undefined;
    });
    return subscription;
  }

  async #unsubscribe(): Promise<void> {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    this.#last = undefined;
    // If opening failed, its caller was notified and there is nothing to close.
    const opened = await subscription?.catch(() => undefined);
    await opened?.close();
  }

  #take(sample: TopicSample): void {
    const value = this.#deps.read(sample);
    if (value === undefined) return;
    this.#last = value;
    for (const entry of this.#listeners) this.#notify(entry, value);
  }

  #catchUp(entry: Entry<Value>): void {
    if (this.#last !== undefined && this.#listeners.has(entry)) this.#notify(entry, this.#last);
  }

  #notify({ listener }: Entry<Value>, value: Value): void {
    try {
      listener(value);
    } catch (error) {
      this.#deps.onFailure(error);
    }
  }
}
