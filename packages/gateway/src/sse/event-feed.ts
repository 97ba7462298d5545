import { type CallContext, LOCAL, type Origin } from '@medkit/core';
import { advanced, type Cursor, cursorText } from './cursor.ts';
import { commentFrame, type EventFrame } from './event-frame.ts';
import type { EventLog, EventSource } from './event-log.ts';
import type { EventStream } from './event-stream.ts';
import type { EventStreams } from './event-streams.ts';
import { isHungry, readOn, type Tail, tailOf, takeFirst } from './past-events.ts';
import type { ReadTurns } from './read-turns.ts';
import { SharedReads } from './shared-reads.ts';

/** Past events of each gateway that a client gets that does not say what it has seen. */
const PAST_EVENTS = 100;

/** Where an event stands in the stream of a client. */
export interface EventPlace {
  /** What the client has seen with this event. */
  readonly id: string;
  /** The gateway that tells it. */
  readonly origin: Origin;
}

export interface EventFeedOptions<Event extends { readonly id: number }> {
  readonly source: EventSource<Event>;
  readonly frameOf: (event: Event, place: EventPlace) => EventFrame;
  readonly streams: EventStreams;
  /** The context of a call to the log of a gateway, which begins now. Of no client: others wait for what it gives, too. */
  readonly callFor: (origin: Origin) => CallContext;
  /** Where reads of the log of a gateway wait for their turn, together with those of other feeds of the same store. */
  readonly turnsOf: (origin: Origin) => ReadTurns;
}

interface Reader<Event extends { readonly id: number }> {
  readonly stream: EventStream;
  /** What it was sent: its own while it has tails, then the same object for all who were sent all. */
  seen: Map<Origin, number>;
  /** What it is still to be sent of the past; absent once that is nothing. */
  tails: Tail<Event>[] | undefined;
}

/**
 * Sends the events of one or several gateways to any number of clients: to each what it missed, then what comes, every event
 * once and those of one gateway in order. The logs are read here for all of them, and a frame made once for all who have seen
 * the same. The streams of a log that ends are ended in good order, each once it has all.
 */
export class EventFeed<Event extends { readonly id: number }> {
  readonly #options: EventFeedOptions<Event>;
  readonly #readers = new Set<Reader<Event>>();
  readonly #reads = new Map<Origin, SharedReads<Event>>();
  readonly #frames = new WeakMap<Event, { readonly id: string; readonly frame: EventFrame }>();
  /** The newest event of each log, as far as that is known while somebody reads. */
  #newest = new Map<Origin, number>();
  #opening = 0;
  #stopListening: (() => void) | undefined;
  #ended = false;

  constructor(options: EventFeedOptions<Event>) {
    this.#options = options;
  }

  /**
   * A stream of the events after those that the client has seen, of other gateways from now on where it has seen none of theirs;
   * of the last ones of all where it has seen nothing. An id that was not given yet is taken for the newest. Rejects where the
   * log of this gateway cannot be read or there are too many streams.
   */
  async open(seen: Cursor | undefined): Promise<EventStream> {
    const { streams, source } = this.#options;
    this.#listen();
    this.#opening += 1;
    let reader: Reader<Event>;
    let tails: Tail<Event>[];
    try {
      const begun = await Promise.all(source.logs().map((log) => this.#begin(log, seen)));
      tails = begun.flatMap(({ tail }) => tail ?? []);
      const places = begun.flatMap(({ origin, tail }): [Origin, number][] => {
        const id = tail?.lastId ?? seen?.get(origin);
        return id === undefined ? [] : [[origin, id]];
      });
      reader = { stream: streams.open(), seen: new Map(places), tails };
      for (const { origin, tail } of begun) if (!tail) reader.stream.send(unread(origin));
      this.#join(reader);
    } finally {
      this.#opening -= 1;
      this.#rest();
    }
    this.#catchUp(reader, tails).catch(() => reader.stream.cutOff('past events cannot be read'));
    return reader.stream;
  }

  /** Where a client begins in a log; no tail where another gateway does not tell its past. */
  async #begin(
    log: EventLog<Event>,
    seen: Cursor | undefined,
  ): Promise<{ readonly origin: Origin; readonly tail?: Tail<Event> }> {
    const { origin } = log;
    const reads = this.#readsOf(log);
    try {
      const { oldestId, newestId } = await reads.page(0, 0);
      if (newestId > (this.#newest.get(origin) ?? -1)) this.#newest = advanced(this.#newest, origin, newestId);
      const id =
        seen === undefined
          ? ((await reads.beforeLast(PAST_EVENTS)) ?? Math.max(0, oldestId - 1, newestId - PAST_EVENTS))
          : Math.min(seen.get(origin) ?? newestId, newestId);
      return { origin, tail: tailOf(origin, reads, id) };
    } catch (error) {
      if (origin === LOCAL) throw error;
      return { origin };
    }
  }

  /** Sends past events as fast as the client takes them. What comes meanwhile is read from the logs, too. */
  async #catchUp(reader: Reader<Event>, tails: Tail<Event>[]): Promise<void> {
    const { stream } = reader;
    while (tails.some(isHungry) && !stream.isOver) {
      await Promise.all(tails.filter(isHungry).map((tail) => this.#readOn(tail, stream, tails)));
      for (let isDry = tails.some(isHungry); !isDry; ) {
        const next = takeFirst(tails, this.#options.source.timeOf);
        if (!next) break;
        await stream.drained();
        const { event, tail } = next;
        const { origin } = tail;
        reader.seen.set(origin, event.id);
        stream.send(this.#frameOf(event, { id: cursorText(reader.seen), origin }));
        isDry = isHungry(tail);
      }
    }
    if (this.#ended || tails.some(({ isOver }) => isOver)) stream.end();
    reader.tails = undefined;
    this.#adopt(reader);
  }

  /** Another gateway that cannot be read any more is left out: what it tells from now on comes nevertheless. */
  async #readOn(tail: Tail<Event>, stream: EventStream, tails: Tail<Event>[]): Promise<void> {
    const { origin } = tail;
    try {
      const lost = await readOn(tail);
      const whose = origin === LOCAL ? '' : ` of ${origin}`;
      if (lost > 0) stream.send(commentFrame(`${lost} events${whose} are no longer kept`));
    } catch (error) {
      if (origin === LOCAL) throw error;
      tails.splice(tails.indexOf(tail), 1);
      stream.send(unread(origin));
    }
  }

  #readsOf(log: EventLog<Event>): SharedReads<Event> {
    const { origin } = log;
    const known = this.#reads.get(origin);
    if (known) return known;
    const { callFor, turnsOf } = this.#options;
    const reads = new SharedReads({ log, callFor: () => callFor(origin), turns: turnsOf(origin) });
    this.#reads.set(origin, reads);
    return reads;
  }

  /** The frame of a past event, made once for all who read it together. */
  #frameOf(event: Event, place: EventPlace): EventFrame {
    const known = this.#frames.get(event);
    if (known?.id === place.id) return known.frame;
    const frame = this.#options.frameOf(event, place);
    this.#frames.set(event, { id: place.id, frame });
    return frame;
  }

  #deliver(event: Event, origin: Origin): void {
    this.#reads.get(origin)?.outdate();
    const before = this.#newest;
    if (event.id > (before.get(origin) ?? 0)) this.#newest = advanced(before, origin, event.id);
    const after = this.#newest;
    const frames = new Map<string, EventFrame>();
    const frameAt = (seen: Cursor): EventFrame => {
      const id = cursorText(seen);
      const frame = frames.get(id) ?? this.#options.frameOf(event, { id, origin });
      frames.set(id, frame);
      return frame;
    };
    let frame: EventFrame | undefined;
    for (const reader of this.#readers) {
      const tail = reader.tails?.find((past) => past.origin === origin);
      if (tail) {
        tail.isBehind = true;
      } else if (reader.seen === before && before !== after) {
        frame ??= frameAt(after);
        reader.seen = after;
        reader.stream.send(frame);
      } else if (event.id > (reader.seen.get(origin) ?? 0)) {
        reader.seen = advanced(reader.seen, origin, event.id);
        reader.stream.send(frameAt(reader.seen));
        this.#adopt(reader);
      }
    }
  }

  /** Makes a reader one of those who have seen the newest, if it has. */
  #adopt(reader: Reader<Event>): void {
    if (!reader.tails && cursorText(reader.seen) === cursorText(this.#newest)) reader.seen = this.#newest;
  }

  /** Readers that are still reading the log find its end there. */
  #end(): void {
    this.#ended = true;
    for (const { tails, stream } of this.#readers) if (!tails) stream.end();
  }

  #join(reader: Reader<Event>): void {
    this.#readers.add(reader);
    reader.stream.signal.addEventListener('abort', () => this.#part(reader), { once: true });
  }

  #part(reader: Reader<Event>): void {
    this.#readers.delete(reader);
    this.#rest();
  }

  #listen(): void {
    this.#stopListening ??= this.#options.source.onEvent(
      (event, origin) => this.#deliver(event, origin),
      () => this.#end(),
    );
  }

  /** Stops listening where nobody reads, nor is about to. */
  #rest(): void {
    if (this.#readers.size > 0 || this.#opening > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#newest = new Map();
    this.#reads.clear();
  }
}

function unread(origin: Origin): EventFrame {
  return commentFrame(`past events of ${origin} cannot be read now`);
}
