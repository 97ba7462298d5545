import { type FaultEvent, type FaultEventPage, type FaultEventQuery, newsOf } from '@medkit/core';

/** The last events of a fault manager that keeps no log of them, numbered as they came. */
export class RecentEvents {
  readonly #events: FaultEvent[] = [];
  readonly #limit: number;
  #newestId = 0;

  /** @param limit events that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Events that came in all. */
  get count(): number {
    return this.#newestId;
  }

  /** Gives the event with its number. */
  add(event: Omit<FaultEvent, 'id'>): FaultEvent {
    const numbered = { ...event, id: ++this.#newestId };
    this.#events.push(numbered);
    if (this.#events.length > this.#limit) this.#events.shift();
    return numbered;
  }

  /** Those that are told as one of these types. */
  of({ types, limit, after }: FaultEventQuery): FaultEventPage {
    const wanted = this.#events.filter((event) => newsOf(event).some((type) => types.includes(type)));
    const events = after === undefined ? wanted.slice(-limit) : wanted.filter(({ id }) => id > after).slice(0, limit);
    return { events, oldestId: this.#events[0]?.id ?? 0, newestId: this.#newestId };
  }

  /** Up to `limit` events after the one with number `id`. */
  after(id: number, limit: number): FaultEventPage {
    const oldestId = this.#events[0]?.id ?? 0;
    const skip = Math.max(0, id - oldestId + 1);
    return { events: this.#events.slice(skip, skip + limit), oldestId, newestId: this.#newestId };
  }
}
