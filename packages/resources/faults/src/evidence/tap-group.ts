import {
  type Tap,
  type TapOptions,
  type TapProvider,
  type TopicDescription,
  type TopicName,
  topicKey,
} from '../recordings/tap/tap-provider.ts';
import type { Runtimes } from '../topic-sampler.ts';
import { namedRuntimes, type RuntimeSources } from './evidence-sources.ts';

/**
 * The taps of all joined runtimes, combined. A topic belongs to its runtime. A tap survives when the runtime leaves,
 * and continues when the runtime has the topic again.
 */
export class TapGroup implements TapProvider {
  readonly #registered: () => readonly RuntimeSources[];
  readonly #listeners = new Set<() => void>();
  readonly #taps = new Set<LastingTap>();
  /** Functions that stop listening to the topics of each runtime. */
  readonly #subscriptions = new Map<RuntimeSources, () => void>();

  /** @param registered returns the currently joined runtimes */
  constructor(registered: () => readonly RuntimeSources[]) {
    this.#registered = registered;
  }

  topics(): readonly TopicName[] {
    return this.#registered().flatMap(({ taps, runtime }) => taps.topics().map((topic) => ({ ...topic, runtime })));
  }

  onTopicsChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    for (const sources of this.#registered()) this.#listen(sources);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      for (const stop of this.#subscriptions.values()) stop();
      this.#subscriptions.clear();
    };
  }

  tap(topic: TopicName, options: TapOptions): Tap {
    const tap = new LastingTap(topic, options, () => this.#taps.delete(tap));
    const owner = this.#ownerOf(topic);
    if (owner) tap.attach(owner);
    this.#taps.add(tap);
    return tap;
  }

  topicsOf(source: string, runtimes?: Runtimes): readonly string[] | undefined {
    const known = namedRuntimes(this.#registered(), runtimes).flatMap(({ taps, runtime }) => {
      const names = taps.topicsOf(source);
      return names ? [names.map((name) => topicKey({ name, runtime }))] : [];
    });
    return known.length > 0 ? known.flat() : undefined;
  }

  /** Call this when a runtime has joined. */
  add(sources: RuntimeSources): void {
    if (this.#listeners.size === 0) return;
    this.#listen(sources);
    this.#changed();
  }

  /** Call this when a runtime has left, while its sources still answer. */
  remove(sources: RuntimeSources): void {
    this.#subscriptions.get(sources)?.();
    this.#subscriptions.delete(sources);
    for (const tap of this.#taps) tap.detach(sources);
    this.#changed();
  }

  #listen(sources: RuntimeSources): void {
    if (!this.#subscriptions.has(sources))
      this.#subscriptions.set(
        sources,
        sources.taps.onTopicsChange(() => this.#changed()),
      );
  }

  #changed(): void {
    for (const tap of this.#taps) {
      const owner = tap.isAttached ? undefined : this.#ownerOf(tap.topic);
      if (owner) tap.attachAgain(owner);
    }
    for (const listener of [...this.#listeners]) listener();
  }

  #ownerOf({ name, type, runtime: of }: TopicName): RuntimeSources | undefined {
    const has = ({ taps, runtime }: RuntimeSources) =>
      (of === undefined || of === runtime) && taps.topics().some((each) => each.name === name && each.type === type);
    return this.#registered().find(has);
  }
}

/** A tap of the runtime that has its topic. Without the topic, it provides the last known description. */
class LastingTap implements Tap {
  readonly topic: TopicName;
  readonly #options: TapOptions;
  readonly #closed: () => void;
  #owner: RuntimeSources | undefined;
  #tap: Tap | undefined;
  #latchedDepth = 0;
  #description: Promise<TopicDescription>;

  constructor(topic: TopicName, options: TapOptions, closed: () => void) {
    this.topic = topic;
    this.#options = options;
    this.#closed = closed;
    this.#description = Promise.resolve({ ...topic, offeredQos: [], definition: undefined, typeHash: '' });
  }

  get isAttached(): boolean {
    return this.#tap !== undefined;
  }

  attach(owner: RuntimeSources): void {
    this.#tap = owner.taps.tap(this.topic, this.#options);
    this.#owner = owner;
  }

  /** If the subscription fails, the tap stays detached and is tried again when topics change. */
  attachAgain(owner: RuntimeSources): void {
    try {
      this.attach(owner);
    } catch {
      this.#tap = undefined;
    }
  }

  detach(owner: RuntimeSources): void {
    if (this.#owner !== owner || !this.#tap) return;
    const known = this.#description;
    this.#latchedDepth = this.#tap.latchedDepth();
    this.#description = this.#tap.describe().catch(() => known);
    this.#tap.close();
    this.#tap = undefined;
    this.#owner = undefined;
  }

  latchedDepth(): number {
    return this.#tap?.latchedDepth() ?? this.#latchedDepth;
  }

  describe(): Promise<TopicDescription> {
    return this.#tap?.describe() ?? this.#description;
  }

  close(): void {
    this.#tap?.close();
    this.#tap = undefined;
    this.#closed();
  }
}
