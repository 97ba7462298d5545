import { SovdError } from '@medkit/contract';
import { callContext, type DataWatch, type EntityRef, gatewayFor } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { ResourceSampler, SampledListener } from './resource-sampler.ts';
import { errorStatement, type Statement, statementOf } from './statement.ts';

/** How long a resource may take to say what it holds. */
const SAMPLE_TIMEOUT_MS = 5000;
/** What is not older counts for all who ask: subscriptions with one beat ask within this time of each other. */
const FRESH_MS = 25;

export interface ObservedSourceOptions {
  readonly clock: Clock;
  readonly entity: EntityRef;
  readonly path: string;
  /** Owner of the first subscription to it. */
  readonly owner?: string | undefined;
  readonly sampler: ResourceSampler;
  /** Why it is not to be asked at the moment; `undefined` where it is. */
  readonly dormancy: () => string | undefined;
}

/** One resource, asked once for all who want to know at one moment. */
export class ObservedSource {
  readonly #options: ObservedSourceOptions;
  readonly #ended = new AbortController();
  #latest: { readonly sinceMs: number; pending: boolean; readonly statement: Promise<Statement> } | undefined;
  #samples = 0;

  constructor(options: ObservedSourceOptions) {
    this.#options = options;
  }

  /** How often it was asked. */
  get samples(): number {
    return this.#samples;
  }

  /** What it holds. Never rejects: why that is not known is an event, too. */
  sample(): Promise<Statement> {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const latest = this.#latest;
    if (latest && (latest.pending || nowMs - latest.sinceMs < FRESH_MS)) return latest.statement;
    const asked = { sinceMs: nowMs, pending: true, statement: this.#ask() };
    void asked.statement.then(() => {
      asked.pending = false;
    });
    this.#latest = asked;
    return asked.statement;
  }

  /** Tells by itself from now on; `undefined` where it has to be asked. */
  async watch(onStatement: (statement: Statement) => void | Promise<void>): Promise<DataWatch | undefined> {
    const { sampler, entity, path, dormancy } = this.#options;
    // What has the id now is another: it is not to be followed when this one is back.
    if (dormancy() !== undefined) return undefined;
    const onSampled: SampledListener = (sampled) =>
      dormancy() === undefined ? onStatement(statementOf(this.#now(), sampled)) : undefined;
    return sampler.watch?.(entity, path, onSampled, this.#call());
  }

  /** Nobody wants to know any more: calls under way are given up. */
  end(): void {
    this.#ended.abort();
  }

  async #ask(): Promise<Statement> {
    const { sampler, entity, path } = this.#options;
    const asleep = this.#options.dormancy();
    if (asleep !== undefined) {
      return errorStatement(this.#now(), new SovdError({ code: 'entity-not-found', message: asleep }));
    }
    this.#samples++;
    try {
      const sampled = await sampler.sample(entity, path, this.#call());
      return statementOf(this.#now(), sampled);
    } catch (error) {
      return errorStatement(this.#now(), error);
    }
  }

  #call() {
    const { clock, owner } = this.#options;
    const principal = gatewayFor(owner);
    return callContext({ clock, timeoutMs: SAMPLE_TIMEOUT_MS, signal: this.#ended.signal, principal });
  }

  #now(): string {
    return new Date(this.#options.clock.wallMs()).toISOString();
  }
}
