import { SovdError } from '@medkit/contract';
import { callContext, type DataWatch, type EntityRef, gatewayPrincipal } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { ResourceSampler, SampledListener } from './resource-sampler.ts';
import { type SerializedEvent, serializedError, serializedEvent } from './serialized-event.ts';

/** Timeout of a read of a resource. */
const SAMPLE_TIMEOUT_MS = 5000;
/** Maximum age of a shared read: subscriptions with the same period poll within this time of each other. */
const FRESH_MS = 25;

export interface ObservedSourceOptions {
  readonly clock: Clock;
  readonly entity: EntityRef;
  readonly path: string;
  /** Owner of the first subscription to the resource. */
  readonly owner?: string | undefined;
  readonly sampler: ResourceSampler;
  /** Returns why the resource must not be read now, or `undefined` if it may be. */
  readonly dormancy: () => string | undefined;
}

/** One resource. Concurrent subscriptions share one read. */
export class ObservedSource {
  readonly #options: ObservedSourceOptions;
  readonly #ended = new AbortController();
  #latest: { readonly sinceMs: number; pending: boolean; readonly statement: Promise<SerializedEvent> } | undefined;
  #samples = 0;

  constructor(options: ObservedSourceOptions) {
    this.#options = options;
  }

  /** Number of reads. */
  get samples(): number {
    return this.#samples;
  }

  /** Returns the value of the resource. Never rejects: a failed read is an event with an error. */
  sample(): Promise<SerializedEvent> {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const latest = this.#latest;
    if (latest && (latest.pending || nowMs - latest.sinceMs < FRESH_MS)) return latest.statement;
    const request = { sinceMs: nowMs, pending: true, statement: this.#ask() };
    void request.statement.then(() => {
      request.pending = false;
    });
    this.#latest = request;
    return request.statement;
  }

  /** Watches the resource. Returns `undefined` if it must be polled. */
  async watch(onStatement: (statement: SerializedEvent) => void | Promise<void>): Promise<DataWatch | undefined> {
    const { sampler, entity, path, dormancy } = this.#options;
    // Another entity has the id now; it must not be watched under this id.
    if (dormancy() !== undefined) return undefined;
    const onSampled: SampledListener = (sampled) =>
      dormancy() === undefined ? onStatement(serializedEvent(this.#now(), sampled)) : undefined;
    return sampler.watch?.(entity, path, onSampled, this.#call());
  }

  /** Cancels running calls, because the resource has no subscription left. */
  end(): void {
    this.#ended.abort();
  }

  async #ask(): Promise<SerializedEvent> {
    const { sampler, entity, path } = this.#options;
    const asleep = this.#options.dormancy();
    if (asleep !== undefined) {
      return serializedError(this.#now(), new SovdError({ code: 'entity-not-found', message: asleep }));
    }
    this.#samples++;
    try {
      const sampled = await sampler.sample(entity, path, this.#call());
      return serializedEvent(this.#now(), sampled);
    } catch (error) {
      return serializedError(this.#now(), error);
    }
  }

  #call() {
    const { clock, owner } = this.#options;
    const principal = gatewayPrincipal(owner);
    return callContext({ clock, timeoutMs: SAMPLE_TIMEOUT_MS, signal: this.#ended.signal, principal });
  }

  #now(): string {
    return new Date(this.#options.clock.wallMs()).toISOString();
  }
}
