import type { TapOptions, TapProvider, TapSample, TopicDescription } from '../recordings/tap/tap-provider.ts';

/** In-memory topics: a test defines the topics and their messages. */
export class MemoryTaps implements TapProvider {
  /** Topics of each source of faults. */
  readonly sources = new Map<string, readonly string[]>();
  /** Topics that cannot be subscribed to, with the reason. */
  readonly failures = new Map<string, string>();
  /** Topics whose description never arrives. */
  readonly undescribed = new Set<string>();
  /** Options of the current taps, by topic. */
  readonly tapped = new Map<string, TapOptions>();
  readonly #present = new Map<string, TopicDescription>();
  readonly #listeners = new Set<() => void>();

  constructor(...topics: readonly TopicDescription[]) {
    for (const topic of topics) this.#present.set(topic.name, topic);
  }

  topics(): readonly TopicDescription[] {
    return [...this.#present.values()];
  }

  onTopicsChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tap({ name }: { readonly name: string }, options: TapOptions) {
    const failure = this.failures.get(name);
    if (failure !== undefined) throw new Error(failure);
    this.tapped.set(name, options);
    const description = this.#present.get(name) as TopicDescription;
    const latched = description.offeredQos.filter(({ durability }) => durability === 'transient_local');
    return {
      latchedDepth: () => Math.max(0, ...latched.map(({ depth }) => depth)),
      describe: () => (this.undescribed.has(name) ? new Promise<never>(() => undefined) : Promise.resolve(description)),
      close: () => void this.tapped.delete(name),
    };
  }

  topicsOf(source: string): readonly string[] | undefined {
    return this.sources.get(source);
  }

  /** Adds a topic. */
  appear(topic: TopicDescription): void {
    this.#present.set(topic.name, topic);
    this.tellChange();
  }

  vanish(name: string): void {
    this.#present.delete(name);
    this.tellChange();
  }

  tellChange(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Delivers a message, if there is a tap. */
  publish(name: string, sample: TapSample): void {
    this.tapped.get(name)?.onSample(sample);
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}
