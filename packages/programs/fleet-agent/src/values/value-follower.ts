import { type Client, samples } from '@medkit/client';
import type { Clock } from '@medkit/edges';
import { unavailableReason } from '../faults/unavailable-reason.ts';
import { LastValues, sourcesOf, type ValueSource } from './last-values.ts';
import type { ValueMap } from './value-map.ts';

export interface ValueFollowerOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly values: ValueMap;
  readonly onChange: () => void;
}

/** Retry interval: a missing data item appears when its node starts. */
const AGAIN_MS = 2000;
const MAX_PAUSE_MS = 2000;

/** Follows the data items of state members, with one subscription each. */
export class ValueFollower {
  readonly held = new LastValues();
  readonly #options: ValueFollowerOptions;
  readonly #stopping = new AbortController();
  #following: Promise<unknown> | undefined;

  constructor(options: ValueFollowerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#following = Promise.all(sourcesOf(this.#options.values).map((source) => this.#follow(source)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }

  async #follow(source: ValueSource): Promise<void> {
    const { client, clock, onChange } = this.#options;
    const { signal } = this.#stopping;
    const interval = source.isUrgent ? 'fast' : 'normal';
    while (!signal.aborted) {
      try {
        const request = { client, ...source.data, interval, signal, maxPauseMs: MAX_PAUSE_MS } as const;
        for await (const { value, error } of samples(request)) {
          if (error === undefined) this.held.take(source, value, clock.monotonicMs());
          else this.held.fail(source, error);
          onChange();
        }
      } catch (error) {
        this.held.fail(source, unavailableReason(error));
        onChange();
      }
      if (!signal.aborted) await client.pause(AGAIN_MS, signal);
    }
  }
}
