import { type FaultEvent, type FaultEventPage, type FaultEventQuery, streamEventTypes } from '@medkit/core';

/** Stores the last events of a fault manager that has no event log, and numbers them in order of arrival. */
export class RecentEvents {
  readonly #events: FaultEvent[] = [];
  readonly #limit: number;
  #newestId = 0;

  /** @param limit maximum stored events */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Number of events received so far. */
  get count(): number {
    return this.#newestId;
  }

  /** Returns the event with its number. */
  add(event: Omit<FaultEvent, 'id'>): FaultEvent {
    const numbered = { ...event, id: ++this.#newestId };
    this.#events.push(numbered);
    if (this.#events.length > this.#limit) this.#events.shift();
    return numbered;
  }

  /** Returns the events that clients see as one of these types. */
  of({ types, limit, after }: FaultEventQuery): FaultEventPage {
    const wanted = this.#events.filter((event) => streamEventTypes(event).some((type) => types.includes(type)));
    const events = after === undefined ? wanted.slice(-limit) : wanted.filter(({ id }) => id > after).slice(0, limit);
    return { events, oldestId: this.#events[0]?.id ?? 0, newestId: this.#newestId };
  }

  /** Returns up to `limit` events after number `id`. */
  after(id: number, limit: number): FaultEventPage {
    const oldestId = this.#events[0]?.id ?? 0;
    const skip = Math.max(0, id - oldestId + 1);
    return { events: this.#events.slice(skip, skip + limit), oldestId, newestId: this.#newestId };
  }
}
