import type { CallContext } from '@medkit/core';
import type { EventLog, EventPage } from './event-log.ts';
import type { ReadTurns } from './read-turns.ts';

export interface SharedReadsOptions<Event extends { readonly id: number }> {
  readonly log: EventLog<Event>;
  /** The context of a call to the log, which begins now. Of no client: others wait for what it gives, too. */
  readonly callFor: () => CallContext;
  /** Where its reads wait for their turn, together with those of other feeds of the same store. */
  readonly turns: ReadTurns;
}

/**
 * Reads a log once for all who ask the same at this moment, when it is their turn: a thousand clients that come back together
 * must not keep the log from anybody.
 */
export class SharedReads<Event extends { readonly id: number }> {
  readonly #options: SharedReadsOptions<Event>;
  /** Reads that wait or are under way, which all share who ask the same. */
  readonly #reads = new Map<string, Promise<unknown>>();
  /** Those that are under way, by what they are asked. */
  readonly #begun = new Set<string>();

  constructor(options: SharedReadsOptions<Event>) {
    this.#options = options;
  }

  /** A page of the log. Where it begins and ends is told before past events are: a client waits for its answer. */
  page(id: number, limit: number): Promise<EventPage<Event>> {
    const { log, callFor } = this.#options;
    return this.#shared(`${id} ${limit}`, () => log.eventsAfter(id, limit, callFor()), { first: limit === 0 });
  }

  /** The number behind which the last events come; `undefined` of a log whose numbers have no gaps. */
  beforeLast(count: number): Promise<number> | undefined {
    const { log, callFor } = this.#options;
    const { beforeLast } = log;
    return beforeLast && this.#shared('last', () => beforeLast.call(log, count, callFor()), { first: true });
  }

  /** To be called with every event: what began before it came may lack it, and is not shared any more. */
  outdate(): void {
    for (const key of this.#begun) this.#reads.delete(key);
    this.#begun.clear();
  }

  #shared<T>(key: string, read: () => Promise<T>, order: { readonly first: boolean }): Promise<T> {
    const known = this.#reads.get(key) as Promise<T> | undefined;
    if (known) return known;
    const begin = (): Promise<T> => {
      this.#begun.add(key);
      return read();
    };
    const asked = this.#options.turns.take(begin, order).finally(() => {
      if (this.#reads.get(key) !== asked) return;
      this.#reads.delete(key);
      this.#begun.delete(key);
    });
    this.#reads.set(key, asked);
    return asked;
  }
}
