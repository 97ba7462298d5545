import type { TriggerEvent } from './trigger.ts';

/** Maximum stored events of one trigger. */
const MAX_EVENTS = 100;
/** Maximum characters of the events of all triggers together: images in JSON are large. */
const MAX_CHARACTERS = 33_554_432;

/** One page of a trigger's event history, as an event stream reads it. */
export interface EventPage {
  readonly events: readonly TriggerEvent[];
  readonly oldestId: number;
  readonly newestId: number;
  /** True if no more events will follow. */
  readonly ended: boolean;
}

interface Listener {
  readonly onEvent: (event: TriggerEvent) => void;
  readonly onEnd: () => void;
}

/**
 * The memory shared by all histories. If it is full, the histories that were written least recently lose events first.
 */
export class HistoryMemory {
  readonly #histories = new Set<EventHistory>();
  #characters = 0;

  /** Records that a history grew or shrank by this many characters. */
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

  remove(history: EventHistory): void {
    this.#histories.delete(history);
  }
}

/** The last events of one trigger, for current listeners and for later readers. */
export class EventHistory {
  readonly #room: HistoryMemory;
  readonly #listeners = new Set<Listener>();
  #events: TriggerEvent[] = [];
  #newestId: number;
  #ended = false;

  /** `newestId` is the id of the last event, also if no event is stored. */
  constructor(room: HistoryMemory, newestId: number, events: readonly TriggerEvent[] = []) {
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

  /** Ends the history: no more events follow. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const { onEnd } of listeners) onEnd();
  }

  /** Ends the history and removes its events. */
  forget(): void {
    this.end();
    while (this.dropOldest());
    this.#room.remove(this);
  }

  /** Returns up to `limit` events with an id above `id`. */
  after(id: number, limit: number): EventPage {
    return {
      events: this.#events.filter((event) => event.id > id).slice(0, limit),
      oldestId: this.#events[0]?.id ?? this.#newestId + 1,
      newestId: this.#newestId,
      ended: this.#ended,
    };
  }

  /** Calls `onEvent` for every new event, and `onEnd` once when the history ends. Returns a function that stops it. */
  listen(onEvent: Listener['onEvent'], onEnd: Listener['onEnd']): () => void {
    const listener = { onEvent, onEnd };
    if (!this.#ended) this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Frees memory by removing the oldest event; returns false if there is none. */
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
