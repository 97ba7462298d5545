import { advanceCursor, type CallContext, type Cursor, cursorText, LOCAL, type Origin } from '@medkit/core';
import { commentFrame, type EventFrame, positionFrame } from './event-frame.ts';
import type { EventLog, EventSource, LogNotice } from './event-log.ts';
import type { EventStream } from './event-stream.ts';
import type { EventStreams, StreamKind } from './event-streams.ts';
import { needsRead, openTail, readNext, type Tail, takeFirst } from './past-events.ts';
import type { ReadQueue } from './read-queue.ts';
import { SharedReads } from './shared-reads.ts';

/** Past events of each gateway for a client without `Last-Event-ID`. */
const PAST_EVENTS = 100;

/** Position of an event in a client's stream. */
export interface EventPosition {
  /** Cursor of a client that has received this event. */
  readonly id: string;
  /** The gateway that reports the event. */
  readonly origin: Origin;
}

export interface EventFeedOptions<Event extends { readonly id: number }> {
  readonly source: EventSource<Event>;
  readonly frameOf: (event: Event, place: EventPosition) => EventFrame;
  readonly streams: EventStreams;
  readonly kind: StreamKind;
  /** Returns the context of a new call to a gateway's log. Not bound to a client: others wait for the result too. */
  readonly callFor: (origin: Origin) => CallContext;
  /** Returns the queue for reads of a gateway's log, shared with other feeds of the same store. */
  readonly turnsOf: (origin: Origin) => ReadQueue;
  /** Whether a reader gets a mark with its cursor once it has all past events; used for readers that are gateways. */
  readonly isMarking?: boolean;
  /** Called when the last reader leaves. */
  readonly onIdle?: () => void;
}

interface Reader<Event extends { readonly id: number }> {
  readonly stream: EventStream;
  /** Cursor that the client sent. */
  readonly began: Cursor | undefined;
  /**
   * Cursor of the events sent: an own object while the reader has tails, then one object shared by all up-to-date
   * readers.
   */
  seen: Map<Origin, number>;
  /** Past events still to send; includes logs that cannot be read now. */
  readonly tails: Tail<Event>[];
  isCatchingUp: boolean;
}

/**
 * Sends the events of one or several gateways to any number of clients: first what each missed, then new ones, every
 * event once and those of one gateway in order. Reads the logs once for all clients, and creates a frame once for all
 * clients with the same cursor. When a log ends, its streams end normally, each after its last event.
 */
export class EventFeed<Event extends { readonly id: number }> {
  readonly #options: EventFeedOptions<Event>;
  readonly #readers = new Set<Reader<Event>>();
  readonly #reads = new Map<Origin, SharedReads<Event>>();
  readonly #frames = new WeakMap<Event, { readonly id: string; readonly frame: EventFrame }>();
  /** The newest known event of each log, while there are readers. */
  #newest = new Map<Origin, number>();
  #opening = 0;
  #stopListening: (() => void) | undefined;
  #ended = false;

  constructor(options: EventFeedOptions<Event>) {
    this.#options = options;
  }

  /**
   * Opens a stream of the events after the client's cursor. Of a peer that is not in the cursor, it sends new events
   * only. Without a cursor, it sends the last events of all. An id beyond the newest counts as the newest; for a peer,
   * it means that its log has restarted. Rejects if this gateway's log cannot be read or there are too many streams.
   */
  async open(seen: Cursor | undefined): Promise<EventStream> {
    const { streams, kind, source } = this.#options;
    this.#listen();
    this.#opening += 1;
    let reader: Reader<Event>;
    try {
      const tails: Tail<Event>[] = [];
      // Asking the peers may reveal further logs.
      for (let logs = source.logs(); logs.length > 0; logs = source.logs().filter(isOutside(tails))) {
        tails.push(...(await Promise.all(logs.map((log) => this.#begin(log, seen)))));
      }
      const places = tails.flatMap(({ origin, lastId }): [Origin, number][] =>
        lastId === undefined ? [] : [[origin, lastId]],
      );
      // Keeps the position of a gateway that is unknown now but may appear later.
      const retained = [...(seen ?? [])].filter(([origin, id]) => origin !== LOCAL && Number.isSafeInteger(id));
      const all = new Map([...retained, ...places]);
      reader = { stream: streams.open(kind), began: seen, seen: all, tails, isCatchingUp: false };
      for (const tail of tails) if (tail.isWaiting) reportUnread(reader.stream, tail);
      for (const { origin, lastId = 0 } of tails)
        if (lastId < (seen?.get(origin) ?? 0) && origin !== LOCAL) reader.stream.send(restarted(origin));
      this.#join(reader);
    } finally {
      this.#opening -= 1;
      this.#rest();
    }
    this.#catchUp(reader);
    return reader.stream;
  }

  /** Returns the position of a client in a log. The log of a peer that cannot be read waits. */
  async #begin(log: EventLog<Event>, seen: Cursor | undefined): Promise<Tail<Event>> {
    const { origin } = log;
    const reads = this.#readsOf(log);
    try {
      const { oldestId, newestId } = await reads.page(0, 0);
      if (newestId > (this.#newest.get(origin) ?? -1)) this.#newest = advanceCursor(this.#newest, origin, newestId);
      const last = async (): Promise<number> =>
        (await reads.beforeLast(PAST_EVENTS)) ?? Math.max(0, oldestId - 1, newestId - PAST_EVENTS);
      const id = seen === undefined ? await last() : beginAfter(origin, seen.get(origin) ?? newestId, newestId);
      return openTail(origin, reads, id);
    } catch (error) {
      if (origin === LOCAL) throw error;
      return { ...openTail(origin, reads, seen?.get(origin)), isWaiting: true };
    }
  }

  #catchUp(reader: Reader<Event>): void {
    if (reader.isCatchingUp) return;
    reader.isCatchingUp = true;
    this.#sendPast(reader).catch(() => reader.stream.cutOff('past events cannot be read'));
  }

  /** Sends past events as fast as the client takes them. New events in the meantime are read from the logs too. */
  async #sendPast(reader: Reader<Event>): Promise<void> {
    const { stream, tails } = reader;
    while (tails.some(needsRead) && !stream.isOver) {
      await Promise.all(tails.filter(needsRead).map((tail) => this.#readNext(tail, reader)));
      for (let isDry = tails.some(needsRead); !isDry; ) {
        const next = takeFirst(tails, this.#options.source.timeOf);
        if (!next) break;
        await stream.drained();
        const { event, tail } = next;
        const { origin } = tail;
        reader.seen = advanceCursor(reader.seen, origin, event.id);
        stream.send(this.#frameOf(event, { id: cursorText(reader.seen), origin }));
        isDry = needsRead(tail);
      }
    }
    if (this.#ended || tails.some(({ isOver }) => isOver)) stream.end();
    tails.splice(0, tails.length, ...tails.filter(({ isWaiting }) => isWaiting));
    reader.isCatchingUp = false;
    this.#adopt(reader);
    this.#mark(reader);
  }

  /** Reads more of a tail. A peer's log that cannot be read now waits; nothing of it is sent before. */
  async #readNext(tail: Tail<Event>, reader: Reader<Event>): Promise<void> {
    const { origin } = tail;
    const { stream } = reader;
    try {
      if (tail.lastId === undefined) {
        const log = this.#options.source.logs().find((each) => each.origin === origin);
        const begun = log && (await this.#begin(log, reader.began));
        if (begun?.lastId === undefined) throw new Error(`no log of ${origin}`);
        tail.lastId = begun.lastId;
        reader.seen = advanceCursor(reader.seen, origin, begun.lastId);
      }
      const lost = await readNext(tail, tail.lastId);
      if (lost > 0) stream.send(lostFrame(origin, lost));
    } catch (error) {
      if (origin === LOCAL) throw error;
      tail.isWaiting = true;
      reportUnread(stream, tail);
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

  /** Returns the frame of a past event, created once for all readers that read it together. */
  #frameOf(event: Event, place: EventPosition): EventFrame {
    const known = this.#frames.get(event);
    if (known?.id === place.id) return known.frame;
    const frame = this.#options.frameOf(event, place);
    this.#frames.set(event, { id: place.id, frame });
    return frame;
  }

  #deliver(event: Event, origin: Origin): void {
    this.#reads.get(origin)?.outdate();
    const before = this.#newest;
    if (event.id > (before.get(origin) ?? 0)) this.#newest = advanceCursor(before, origin, event.id);
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
      const tail = reader.tails.find((past) => past.origin === origin);
      if (tail) {
        this.#wake(reader, tail);
      } else if (reader.seen === before && before !== after) {
        frame ??= frameAt(after);
        reader.seen = after;
        reader.stream.send(frame);
      } else if (event.id > (reader.seen.get(origin) ?? 0)) {
        reader.seen = advanceCursor(reader.seen, origin, event.id);
        reader.stream.send(frameAt(reader.seen));
        this.#adopt(reader);
      }
    }
  }

  #wake(reader: Reader<Event>, tail: Tail<Event>): void {
    tail.isBehind = true;
    tail.isWaiting = false;
    this.#catchUp(reader);
  }

  #notice(notice: LogNotice): void {
    if (notice.is === 'there') this.#found(notice.origin, notice.newestId, notice.isFound);
    else if (notice.is === 'restarted') this.#restart(notice.origin);
    else this.#lose(notice.origin, notice.count);
  }

  #lose(origin: Origin, count: number): void {
    for (const { tails, stream } of this.#readers) {
      // Readers of past events detect lost ones themselves.
      if (tails.every((tail) => tail.origin !== origin)) stream.send(lostFrame(origin, count));
    }
  }

  #restart(origin: Origin): void {
    this.#reads.get(origin)?.outdate();
    this.#newest = advanceCursor(this.#newest, origin, 0);
    for (const reader of this.#readers) {
      reader.stream.send(restarted(origin));
      reader.seen = advanceCursor(reader.seen, origin, 0);
      const tail = reader.tails.find((past) => past.origin === origin);
      if (tail) Object.assign(tail, { ...openTail(origin, tail.reads, 0), isWaiting: tail.isWaiting });
      this.#adopt(reader);
    }
  }

  /**
   * Handles a log that has become readable: wakes the readers that wait for it. If the log is new, gives every reader a
   * position in it.
   */
  #found(origin: Origin, newestId: number, isFound: boolean): void {
    if (newestId > (this.#newest.get(origin) ?? -1)) this.#newest = advanceCursor(this.#newest, origin, newestId);
    const log = isFound ? this.#options.source.logs().find((each) => each.origin === origin) : undefined;
    for (const reader of this.#readers) {
      const tail = reader.tails.find((past) => past.origin === origin);
      // A reader that sent no cursor gets the last events of every log.
      const first = isFound && reader.began === undefined ? Math.max(0, newestId - PAST_EVENTS) : undefined;
      const at = reader.seen.get(origin) ?? first;
      if (tail) this.#wake(reader, tail);
      else if (at === undefined) reader.seen = advanceCursor(reader.seen, origin, newestId);
      else if (log && at !== newestId) {
        if (at > newestId) reader.stream.send(restarted(origin));
        const begin = beginAfter(origin, at, newestId);
        reader.seen = advanceCursor(reader.seen, origin, begin);
        reader.tails.push(openTail(origin, this.#readsOf(log), begin));
        this.#catchUp(reader);
      }
      this.#adopt(reader);
      if (isFound) this.#mark(reader);
    }
  }

  /** Sends its cursor to a reader that is a gateway, unless past events are still to be sent. */
  #mark(reader: Reader<Event>): void {
    if (this.#options.isMarking && !reader.isCatchingUp) reader.stream.send(positionFrame(cursorText(reader.seen)));
  }

  /** Moves an up-to-date reader to the shared cursor. */
  #adopt(reader: Reader<Event>): void {
    if (!reader.isCatchingUp && cursorText(reader.seen) === cursorText(this.#newest)) reader.seen = this.#newest;
  }

  /** Readers that still read the log find its end there. */
  #end(): void {
    this.#ended = true;
    for (const { isCatchingUp, stream } of this.#readers) if (!isCatchingUp) stream.end();
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
      (notice) => this.#notice(notice),
    );
  }

  /** Stops listening if there are no readers and none is being opened. */
  #rest(): void {
    if (this.#readers.size > 0 || this.#opening > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#newest = new Map();
    this.#reads.clear();
    this.#options.onIdle?.();
  }
}

function isOutside(tails: readonly { readonly origin: Origin }[]) {
  return ({ origin }: { readonly origin: Origin }): boolean => tails.every((tail) => tail.origin !== origin);
}

/** Returns the number after which a client with this cursor begins in a log. */
function beginAfter(origin: Origin, seenId: number, newestId: number): number {
  if (seenId <= newestId) return seenId;
  return origin === LOCAL ? newestId : 0;
}

/** Sends once that a log cannot be read. */
function reportUnread(stream: EventStream, tail: Pick<Tail<never>, 'origin' | 'isReported'>): void {
  if (!tail.isReported) stream.send(commentFrame(`past events of ${tail.origin} cannot be read now`));
  tail.isReported = true;
}

function restarted(origin: Origin): EventFrame {
  return commentFrame(`events of ${origin} have a new numbering`);
}

function lostFrame(origin: Origin, count: number): EventFrame {
  const whose = origin === LOCAL ? '' : ` of ${origin}`;
  return commentFrame(`${count} events${whose} are no longer stored`);
}
