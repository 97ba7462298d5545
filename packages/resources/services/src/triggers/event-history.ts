import type { TriggerEvent } from './trigger.ts';

/** Events that are kept of one trigger. */
const MAX_EVENTS = 100;
/** Characters that the events of all triggers may take together: images in JSON are large. */
const MAX_CHARACTERS = 33_554_432;

/** A part of the history of a trigger, as a stream of events reads it. */
export interface EventPage {
  readonly events: readonly TriggerEvent[];
  readonly oldestId: number;
  readonly newestId: number;
  /** There will be no more. */
  readonly ended: boolean;
}

interface Listener {
  readonly onEvent: (event: TriggerEvent) => void;
  readonly onEnd: () => void;
}

/** The memory that histories share: who was written to least lately makes room first. */
export class HistoryRoom {
  readonly #histories = new Set<EventHistory>();
  #characters = 0;

  /** To be told of every event that came to a history or left it. */
  moved(history: EventHistory, characters: number): void {
    this.#characters += characters;
    if (characters <= 0) return;
    this.#histories.delete(history);
    this.#histories.add(history);
    for (const oldest of this.#histories) {
      while (this.#characters > MAX_CHARACTERS && oldest.dropOldest());
      if (this.#characters <= MAX_CHARACTERS) return;
    }
  }

  left(history: EventHistory): void {
    this.#histories.delete(history);
  }
}

/** The last events of one trigger, for those who listen and those who come later. */
export class EventHistory {
  readonly #room: HistoryRoom;
  readonly #listeners = new Set<Listener>();
  #events: TriggerEvent[] = [];
  #newestId: number;
  #ended = false;

  /** `newestId` is the number of the last event that it had, also where none is kept. */
  constructor(room: HistoryRoom, newestId: number, events: readonly TriggerEvent[] = []) {
    this.#room = room;
    this.#newestId = newestId;
    for (const event of events) this.#keep(event);
  }

  get newest(): TriggerEvent | undefined {
    return this.#events.at(-1);
  }

  add(event: TriggerEvent): void {
    this.#keep(event);
    this.#newestId = event.id;
    for (const { onEvent } of [...this.#listeners]) onEvent(event);
  }

  /** Nothing follows any more. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const { onEnd } of listeners) onEnd();
  }

  /** Nothing is kept any more, and nothing follows. */
  forget(): void {
    this.end();
    while (this.dropOldest());
    this.#room.left(this);
  }

  /** Up to `limit` events after the one with number `id`. */
  after(id: number, limit: number): EventPage {
    return {
      events: this.#events.filter((event) => event.id > id).slice(0, limit),
      oldestId: this.#events[0]?.id ?? this.#newestId + 1,
      newestId: this.#newestId,
      ended: this.#ended,
    };
  }

  /** Calls with every event that comes, and once when there will be no more. Gives a way to stop. */
  listen(onEvent: Listener['onEvent'], onEnd: Listener['onEnd']): () => void {
    const listener = { onEvent, onEnd };
    if (!this.#ended) this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Gives room back; false where there is none to give. */
  dropOldest(): boolean {
    const oldest = this.#events.shift();
    if (oldest) this.#room.moved(this, -oldest.data.length);
    return oldest !== undefined;
  }

  #keep(event: TriggerEvent): void {
    this.#events.push(event);
    if (this.#events.length > MAX_EVENTS) this.dropOldest();
    this.#room.moved(this, event.data.length);
  }
}
