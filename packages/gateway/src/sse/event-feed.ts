import type { CallContext } from '@medkit/core';
import { commentFrame, type EventFrame } from './event-frame.ts';
import type { EventStream } from './event-stream.ts';
import type { EventStreams } from './event-streams.ts';
import type { ReadTurns } from './read-turns.ts';

/** Past events that a client gets that does not say what it has seen. */
const PAST_EVENTS = 100;
/** Past events that are read at a time. */
const PAGE = 100;

/** Some events of a log, and where it begins and ends. */
export interface EventPage<Event> {
  readonly events: readonly Event[];
  readonly oldestId: number;
  readonly newestId: number;
  /** True where no event comes after the newest, ever. */
  readonly ended?: boolean;
}

/** Events with ids that grow, which are kept for a while. */
export interface EventLog<Event extends { readonly id: number }> {
  /** Up to `limit` events after the one with number `id`. */
  eventsAfter(id: number, limit: number, call: CallContext): Promise<EventPage<Event>>;
  /**
   * Calls `listener` with every event, in the order of their ids, once it is kept, and `onEnd` once none comes any more,
   * which not every log comes to. Gives a way to stop.
   */
  onEvent(listener: (event: Event) => void, onEnd: () => void): () => void;
  /** The number behind which the last `count` events come, of a log whose numbers have gaps. */
  beforeLast?(count: number, call: CallContext): Promise<number>;
}

export interface EventFeedOptions<Event extends { readonly id: number }> {
  readonly log: EventLog<Event>;
  readonly frameOf: (event: Event) => EventFrame;
  readonly streams: EventStreams;
  /** The context of a call to the log, which begins now. Of no client: others wait for what it gives, too. */
  readonly callFor: () => CallContext;
  /** Where its reads wait for their turn, together with those of other feeds of the same store. */
  readonly turns: ReadTurns;
}

interface Reader {
  readonly stream: EventStream;
  /** The last event that it was sent. */
  lastId: number;
  /** It has read the log to its end and is sent events as they come. */
  live: boolean;
  /** An event came while it was reading. */
  behind: boolean;
}

/**
 * Sends a log of events to any number of clients: to each what it missed, then what comes, every event once and in order. The
 * streams of a log that ends are ended in good order, each once it has all.
 */
export class EventFeed<Event extends { readonly id: number }> {
  readonly #options: EventFeedOptions<Event>;
  readonly #readers = new Set<Reader>();
  /** Reads that wait or are under way, which all share who ask the same. */
  readonly #reads = new Map<string, Promise<unknown>>();
  /** Those that are under way, by what they are asked. */
  readonly #begun = new Set<string>();
  readonly #frames = new WeakMap<Event, EventFrame>();
  #opening = 0;
  #stopListening: (() => void) | undefined;
  #ended = false;

  constructor(options: EventFeedOptions<Event>) {
    this.#options = options;
  }

  /**
   * A stream of the events after `lastId`, or of the last ones where the client has seen none; an id that was not given yet
   * is taken for the newest. Rejects where the log cannot be read or there are too many streams.
   */
  async open(lastId: number | undefined): Promise<EventStream> {
    const { streams } = this.#options;
    this.#listen();
    this.#opening += 1;
    let stream: EventStream;
    let reader: Reader;
    try {
      const { oldestId, newestId } = await this.#read(0, 0);
      const start =
        lastId === undefined
          ? ((await this.#beforeLast()) ?? Math.max(0, oldestId - 1, newestId - PAST_EVENTS))
          : Math.min(lastId, newestId);
      stream = streams.open();
      reader = { stream, lastId: start, live: false, behind: false };
      this.#join(reader);
    } finally {
      this.#opening -= 1;
      this.#rest();
    }
    this.#catchUp(reader).catch(() => stream.cutOff('past events cannot be read'));
    return stream;
  }

  /** Sends past events as fast as the client takes them. What comes meanwhile is read from the log, too. */
  async #catchUp(reader: Reader): Promise<void> {
    const { stream } = reader;
    let page: EventPage<Event>;
    do {
      reader.behind = false;
      page = await this.#read(reader.lastId, PAGE);
      const lost = reader.lastId > 0 ? page.oldestId - 1 - reader.lastId : 0;
      if (lost > 0) stream.send(commentFrame(`${lost} events are no longer kept`));
      for (const event of page.events) {
        await stream.drained();
        stream.send(this.#frameOf(event));
        reader.lastId = event.id;
      }
    } while ((page.events.length > 0 || reader.behind) && !stream.isOver);
    if (this.#ended || page.ended) stream.end();
    reader.live = true;
  }

  /** A page of the log. Where it begins and ends is told before past events are: a client waits for its answer. */
  #read(id: number, limit: number): Promise<EventPage<Event>> {
    const { log, callFor } = this.#options;
    return this.#shared(`${id} ${limit}`, () => log.eventsAfter(id, limit, callFor()), { first: limit === 0 });
  }

  #beforeLast(): Promise<number> | undefined {
    const { log, callFor } = this.#options;
    const { beforeLast } = log;
    return beforeLast && this.#shared('last', () => beforeLast.call(log, PAST_EVENTS, callFor()), { first: true });
  }

  /**
   * Reads the log once for all who ask the same at this moment, when it is their turn: a thousand clients that come back
   * together must not keep the log from anybody. What began before an event came may lack it, and is not shared any more.
   */
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

  /** The frame of an event, made once for all who read it together. */
  #frameOf(event: Event): EventFrame {
    const known = this.#frames.get(event);
    if (known) return known;
    const frame = this.#options.frameOf(event);
    this.#frames.set(event, frame);
    return frame;
  }

  #deliver(event: Event): void {
    for (const key of this.#begun) this.#reads.delete(key);
    this.#begun.clear();
    let frame: EventFrame | undefined;
    for (const reader of this.#readers) {
      if (!reader.live) {
        reader.behind = true;
      } else if (event.id > reader.lastId) {
        frame ??= this.#options.frameOf(event);
        reader.lastId = event.id;
        reader.stream.send(frame);
      }
    }
  }

  /** Readers that are still reading the log find its end there. */
  #end(): void {
    this.#ended = true;
    for (const { live, stream } of this.#readers) if (live) stream.end();
  }

  #join(reader: Reader): void {
    this.#readers.add(reader);
    reader.stream.signal.addEventListener('abort', () => this.#part(reader), { once: true });
  }

  #part(reader: Reader): void {
    this.#readers.delete(reader);
    this.#rest();
  }

  #listen(): void {
    this.#stopListening ??= this.#options.log.onEvent(
      (event) => this.#deliver(event),
      () => this.#end(),
    );
  }

  /** Stops listening where nobody reads, nor is about to. */
  #rest(): void {
    if (this.#readers.size > 0 || this.#opening > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }
}
