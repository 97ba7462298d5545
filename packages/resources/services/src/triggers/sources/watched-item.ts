import { callContext, type DataSample, type DataWatch, gatewayFor } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { LiveTrigger } from '../live-trigger.ts';
import { type Observation, observation } from '../observation.ts';
import type { DataItem } from './data-items.ts';

/** How long a runtime may take to begin a watch, or to give a value. */
const CALL_TIMEOUT_MS = 5000;

export interface WatchedItemOptions {
  readonly item: DataItem;
  /** Owner of the first trigger on it. */
  readonly triggerOwner: string | undefined;
  readonly clock: Clock;
  readonly observe: (trigger: LiveTrigger, observed: Observation) => void;
}

/** A data item that is watched once, however many triggers are on it; where it cannot be watched it is to be read in rounds. */
export class WatchedItem {
  readonly #options: WatchedItemOptions;
  readonly #triggers = new Set<LiveTrigger>();
  /** Those that came after the first value, and have heard none yet. */
  readonly #late = new Set<LiveTrigger>();
  readonly #closing = new AbortController();
  /** Resolves when it is watched; rejects where it cannot be. */
  readonly begun: Promise<DataWatch | undefined>;
  #hasValue = false;

  constructor(options: WatchedItemOptions) {
    this.#options = options;
    this.begun = this.#begin();
    // Whoever wants to know asks; nobody has to.
    this.begun.catch(() => undefined);
  }

  get isIdle(): boolean {
    return this.#triggers.size === 0;
  }

  /** A value has come. */
  get hasValue(): boolean {
    return this.#hasValue;
  }

  /** Nobody tells of its values: they are to be read. */
  get isRead(): boolean {
    return this.#options.item.owner.provider.watch === undefined;
  }

  join(trigger: LiveTrigger): void {
    this.#triggers.add(trigger);
    if (!this.#hasValue) return;
    this.#late.add(trigger);
    void this.#tellKept(trigger);
  }

  leave(trigger: LiveTrigger): void {
    this.#triggers.delete(trigger);
    this.#late.delete(trigger);
  }

  /** Reads its value, where it has one. Rejects where it cannot be read. */
  async read(): Promise<void> {
    const { owner, itemId } = this.#options.item;
    const { value, timestampNs, type } = await owner.provider.read(owner.nativeId, itemId, this.#call());
    if (value !== undefined) this.#take({ value, timestampNs, ...(type !== undefined && { type }) });
  }

  /** Nobody is told anything any more. */
  close(): void {
    this.#triggers.clear();
    this.#late.clear();
    this.#closing.abort();
    this.begun.then(
      (watch) => watch?.close(),
      () => undefined,
    );
  }

  async #begin(): Promise<DataWatch | undefined> {
    const { owner, itemId } = this.#options.item;
    return owner.provider.watch?.(owner.nativeId, itemId, (sample) => this.#take(sample), this.#call());
  }

  /** The sample is one observation for all of them. */
  #take(sample: DataSample): void {
    this.#hasValue = true;
    this.#late.clear();
    const observed = this.#observation(sample);
    for (const trigger of [...this.#triggers]) this.#options.observe(trigger, observed);
  }

  /** A trigger that would have heard of a value with a watch of its own hears of it here as well. Never rejects. */
  async #tellKept(trigger: LiveTrigger): Promise<void> {
    const kept = await this.begun.then((watch) => watch?.kept?.()).catch(() => undefined);
    // What has come meanwhile is newer.
    if (kept && this.#late.delete(trigger)) this.#options.observe(trigger, this.#observation(kept));
  }

  #observation({ value, type }: DataSample): Observation {
    return observation({ source: this.#options.item.source, value, ...(type !== undefined && { type }) });
  }

  #call() {
    const { clock, triggerOwner } = this.#options;
    const principal = gatewayFor(triggerOwner);
    return callContext({ clock, timeoutMs: CALL_TIMEOUT_MS, signal: this.#closing.signal, principal });
  }
}
