import { callContext, type DataSample, type DataWatch, gatewayPrincipal } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { LiveTrigger } from '../live-trigger.ts';
import { type Observation, observation } from '../observation.ts';
import type { DataItem } from './data-items.ts';

/** Timeout of a runtime for starting a watch, and for a read. */
const CALL_TIMEOUT_MS = 5000;

export interface WatchedItemOptions {
  readonly item: DataItem;
  /** Owner of the first trigger on the item. */
  readonly triggerOwner: string | undefined;
  readonly clock: Clock;
  readonly observe: (trigger: LiveTrigger, observed: Observation) => void;
}

/** A data item that is watched once for all of its triggers; if it cannot be watched, it is polled. */
export class WatchedItem {
  readonly #options: WatchedItemOptions;
  readonly #triggers = new Set<LiveTrigger>();
  /** Triggers that joined after the first value and have received none yet. */
  readonly #late = new Set<LiveTrigger>();
  readonly #closing = new AbortController();
  /** Resolves when the item is watched; rejects if it cannot be. */
  readonly begun: Promise<DataWatch | undefined>;
  #hasValue = false;

  constructor(options: WatchedItemOptions) {
    this.#options = options;
    this.begun = this.#begin();
    // Prevents an unhandled rejection; callers may await `begun`.
    this.begun.catch(() => undefined);
  }

  get isIdle(): boolean {
    return this.#triggers.size === 0;
  }

  /** True once a value was received. */
  get hasValue(): boolean {
    return this.#hasValue;
  }

  /** True if the owner cannot push values, so that they must be polled. */
  get isRead(): boolean {
    return this.#options.item.owner.provider.watch === undefined;
  }

  join(trigger: LiveTrigger): void {
    this.#triggers.add(trigger);
    if (!this.#hasValue) return;
    this.#late.add(trigger);
    void this.#sendLastValue(trigger);
  }

  leave(trigger: LiveTrigger): void {
    this.#triggers.delete(trigger);
    this.#late.delete(trigger);
  }

  /** Reads the value, if there is one. Rejects if the read fails. */
  async read(): Promise<void> {
    const { owner, itemId } = this.#options.item;
    const { value, timestampNs, type } = await owner.provider.read(owner.nativeId, itemId, this.#call());
    if (value !== undefined) this.#take({ value, timestampNs, ...(type !== undefined && { type }) });
  }

  /** Stops the watch and sends nothing more. */
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

  /** Passes one shared observation to all triggers. */
  #take(sample: DataSample): void {
    this.#hasValue = true;
    this.#late.clear();
    const observed = this.#observation(sample);
    for (const trigger of [...this.#triggers]) this.#options.observe(trigger, observed);
  }

  /** Sends a late trigger the stored value that a separate watch would have sent it. Never rejects. */
  async #sendLastValue(trigger: LiveTrigger): Promise<void> {
    const stored = await this.begun.then((watch) => watch?.kept?.()).catch(() => undefined);
    // A value received since is newer.
    if (stored && this.#late.delete(trigger)) this.#options.observe(trigger, this.#observation(stored));
  }

  #observation({ value, type }: DataSample): Observation {
    return observation({ source: this.#options.item.source, value, ...(type !== undefined && { type }) });
  }

  #call() {
    const { clock, triggerOwner } = this.#options;
    const principal = gatewayPrincipal(triggerOwner);
    return callContext({ clock, timeoutMs: CALL_TIMEOUT_MS, signal: this.#closing.signal, principal });
  }
}
