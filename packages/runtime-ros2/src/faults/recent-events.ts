import type { FaultEvent, FaultEventPage } from '@medkit/core';

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

  /** Up to `limit` events after the one with number `id`. */
  after(id: number, limit: number): FaultEventPage {
    const oldestId = this.#events[0]?.id ?? 0;
    const skip = Math.max(0, id - oldestId + 1);
    return { events: this.#events.slice(skip, skip + limit), oldestId, newestId: this.#newestId };
  }
}
