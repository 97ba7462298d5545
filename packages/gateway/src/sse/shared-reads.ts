import type { CallContext } from '@medkit/core';
import type { EventLog, EventPage } from './event-log.ts';
import type { ReadQueue } from './read-queue.ts';

export interface SharedReadsOptions<Event extends { readonly id: number }> {
  readonly log: EventLog<Event>;
  /** Returns the context of a new call to the log. Not bound to a client: others wait for the result too. */
  readonly callFor: () => CallContext;
  /** Queue for its reads, shared with other feeds of the same store. */
  readonly turns: ReadQueue;
}

/**
 * Shares equal concurrent reads of a log and queues them: a thousand clients that reconnect together must not block the
 * log.
 */
export class SharedReads<Event extends { readonly id: number }> {
  readonly #options: SharedReadsOptions<Event>;
  /** Waiting and running reads, shared by equal requests. */
  readonly #reads = new Map<string, Promise<unknown>>();
  /** Keys of the running reads. */
  readonly #begun = new Set<string>();

  constructor(options: SharedReadsOptions<Event>) {
    this.#options = options;
  }

  /**
   * Reads a page of the log. A read of the bounds alone has priority over past events: a client waits for its reply.
   */
  page(id: number, limit: number): Promise<EventPage<Event>> {
    const { log, callFor } = this.#options;
    return this.#shared(`${id} ${limit}`, () => log.eventsAfter(id, limit, callFor()), { first: limit === 0 });
  }

  /** Returns the number after which the last events follow; `undefined` for a log whose numbers have no gaps. */
  beforeLast(count: number): Promise<number> | undefined {
    const { log, callFor } = this.#options;
    const { beforeLast } = log;
    return beforeLast && this.#shared('last', () => beforeLast.call(log, count, callFor()), { first: true });
  }

  /** Call with every event: a read that began earlier may lack it and is no longer shared. */
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
    const pending = this.#options.turns.take(begin, order).finally(() => {
      if (this.#reads.get(key) !== pending) return;
      this.#reads.delete(key);
      this.#begun.delete(key);
    });
    this.#reads.set(key, pending);
    return pending;
  }
}
