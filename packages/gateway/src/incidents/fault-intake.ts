import { callContext, errorMessage, LOCAL, type Log, type Model, type Origin } from '@medkit/core';
import { type Clock, retryDelayMs, type Timer } from '@medkit/edges';
import { LIST } from '@medkit/entities';
import { faultLogs } from '@medkit/faults';
import { endOf, type IncidentBook, type Occurrence } from '@medkit/incidents';
import type { SourcedFaultEvent } from '../fault-stream/fault-source.ts';
import type { ObservedLogs } from '../fault-stream/observed-logs.ts';
import { type RouteReader, unlessRefused } from '../route-reader.ts';
import type { EventLog, LogNotice } from '../sse/event-log.ts';
import type { FaultReader } from './fault-reader.ts';

/** Events that make incidents; updates of faults arrive with these. */
const TYPES = ['fault_confirmed', 'fault_healed', 'fault_cleared'] as const;
/** Events of a log per read. */
const PAGE = 500;
/**
 * Events within this time are processed together: fault listeners are notified first, and a flood costs less per event.
 */
const TOGETHER_MS = 10;
const RETRY = { firstMs: 1000, maxMs: 60_000 };
/**
 * Delay after an event until the lists are read, which contain the causes of faults. It is short enough that no
 * receiver is notified of two incidents that are one.
 */
const LOOK_MS = 50;
/**
 * Reading lists takes at most one part in this many of the time. The pause has a maximum, so that lists of slow
 * gateways are read as well.
 */
const LEISURE = 10;
const MAX_LEISURE_MS = 2000;
/**
 * A fault without an event is taken from the list this long after it began: its fault manager may have no event log.
 */
const MIN_AGE_MS = 5000;
/** Faults that ended longer ago than this are not read from lists. */
const LISTED_MS = 900_000;

export interface FaultIntakeOptions {
  readonly model: Model;
  readonly observed: ObservedLogs;
  readonly reader: FaultReader;
  readonly book: IncidentBook;
  readonly routes: Pick<RouteReader, 'read'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called for each new occurrence. */
  readonly onNew: (occurrence: Occurrence) => void;
}

/**
 * Adds faults of this gateway and its peers to the book: first the missed events of each log, after the stored cursor,
 * then new ones. Returns a function that stops.
 */
export function startFaultIntake(options: FaultIntakeOptions): () => void {
  const intake = new FaultIntake(options);
  intake.begin();
  return () => intake.close();
}

class FaultIntake {
  readonly #options: FaultIntakeOptions;
  readonly #local: LocalLogs;
  /** Logs that were read up to their end: their next event is the next id. */
  readonly #present = new Set<Origin>();
  readonly #reading = new Set<Origin>();
  readonly #timers = new Set<Timer>();
  #stops: readonly (() => void)[] = [];
  #received: { readonly event: SourcedFaultEvent; readonly origin: Origin }[] = [];
  /** The next read of the lists, and the duration of the last one. */
  #nextLook: Timer | undefined;
  #lookedMs = 0;
  /** Consecutive failures to read the log of this gateway, and whether a retry is planned. */
  #failures = 0;
  #willRetry = false;
  #isClosed = false;

  constructor(options: FaultIntakeOptions) {
    this.#options = options;
    this.#local = faultLogs(options.model, TYPES);
  }

  begin(): void {
    const { model, observed } = this.#options;
    this.#stops = [
      this.#local.onEvent((event, origin) => this.#receive(event, origin)),
      observed.listen(
        (event) => {
          if (event.news.some((news) => (TYPES as readonly string[]).includes(news)))
            this.#receive(event, event.origin);
        },
        (notice) => this.#follow(notice),
      ),
      // A fault manager may start later.
      model.onChange(() => {
        if (!this.#present.has(LOCAL)) this.#catchUpAll(LOCAL);
      }),
    ];
    this.#catchUpAll();
  }

  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    for (const timer of this.#timers) timer.cancel();
  }

  #follow({ origin, is }: LogNotice): void {
    this.#takeIn();
    if (is !== 'there') this.#present.delete(origin);
    if (is === 'restarted') this.#options.book.tell([], { origin, id: 0 });
    // A peer without an event log is read by lists.
    if (is === 'there') this.#lookSoon();
    this.#catchUpAll(origin);
  }

  #receive(event: SourcedFaultEvent, origin: Origin): void {
    if (this.#received.push({ event, origin }) === 1) this.#later(TOGETHER_MS, () => this.#takeIn());
  }

  #takeIn(): void {
    const { book, reader } = this.#options;
    const events = Map.groupBy(this.#received, ({ origin }) => origin);
    this.#received = [];
    for (const [origin, ofOrigin] of events) {
      const before = book.cursors.get(origin) ?? 0;
      const isPresent = this.#present.has(origin);
      let id = before;
      for (const { event } of ofOrigin) if (isPresent || event.id === id + 1) id = Math.max(id, event.id);
      this.#record(
        ofOrigin.flatMap(({ event }) => reader.ofEvent(event, origin) ?? []),
        id > before ? { origin, id } : undefined,
      );
    }
  }

  #record(occurrences: readonly Occurrence[], read?: { readonly origin: Origin; readonly id: number }): void {
    const { book } = this.#options;
    const fresh = occurrences.filter((each) => !book.known(each));
    book.tell(occurrences, read);
    this.#announceNew(fresh);
    if (occurrences.length > 0) this.#lookSoon();
  }

  /** The book drops faults of a gateway that has too many. */
  #announceNew(fresh: readonly Occurrence[]): void {
    const { book, onNew } = this.#options;
    for (const each of fresh) if (book.known(each)) onNew(each);
  }

  #catchUpAll(only?: Origin): void {
    for (const log of logsNow(this.#local, this.#options.observed)) {
      if (only === undefined || log.origin === only) void this.#catchUp(log);
    }
  }

  /** Reads a log from its cursor to its end. */
  async #catchUp(log: EventLog<SourcedFaultEvent>): Promise<void> {
    const { origin } = log;
    if (this.#reading.has(origin) || this.#isClosed) return;
    this.#reading.add(origin);
    try {
      await this.#readToEnd(log);
      this.#present.add(origin);
      this.#failures = 0;
    } catch {
      // The owner of the log is not available; lists have its faults. For peers, a notice reports when they return.
      if (origin === LOCAL) this.#retry();
    } finally {
      this.#reading.delete(origin);
    }
  }

  async #readToEnd(log: EventLog<SourcedFaultEvent>): Promise<void> {
    const { origin } = log;
    const { book, reader, clock } = this.#options;
    for (let after = book.cursors.get(origin) ?? 0; !this.#isClosed; ) {
      const call = callContext({ clock, timeoutMs: LIST.remoteMs });
      const { events, newestId } = await log.eventsAfter(after, PAGE, call);
      const last = events.at(-1);
      // Its numbers have restarted: it is another log than the one read before.
      if (!last && newestId < after) {
        after = 0;
        book.tell([], { origin, id: 0 });
        continue;
      }
      if (!last) return;
      this.#record(
        events.flatMap((event) => reader.ofEvent(event, origin) ?? []),
        { origin, id: last.id },
      );
      after = last.id;
    }
  }

  #retry(): void {
    if (this.#willRetry) return;
    this.#willRetry = true;
    this.#failures += 1;
    this.#later(retryDelayMs(RETRY, this.#failures), () => {
      this.#willRetry = false;
      this.#catchUpAll(LOCAL);
    });
  }

  #lookSoon(ms = LOOK_MS): void {
    if (this.#nextLook || this.#isClosed) return;
    const delayMs = Math.max(ms, Math.min(this.#lookedMs * LEISURE, MAX_LEISURE_MS));
    this.#nextLook = this.#later(delayMs, () => {
      this.#nextLook = undefined;
      void this.#readLists();
    });
  }

  async #readLists(): Promise<void> {
    const { reader, routes, clock, log } = this.#options;
    const beganMs = clock.monotonicMs();
    const since = new Date(clock.wallMs() - LISTED_MS).toISOString();
    try {
      const query = { status: 'all', include_muted: 'true', include_clusters: 'true', since };
      const list = await unlessRefused(routes.read('listAllFaults', { query }));
      this.#recordListed(list ? reader.ofList(list) : [], clock.wallMs() - MIN_AGE_MS);
    } catch (error) {
      log('warn', `cannot read root causes of faults: ${errorMessage(error)}`);
    }
    this.#lookedMs = clock.monotonicMs() - beganMs;
  }

  #recordListed(listed: readonly Occurrence[], beforeMs: number): void {
    const { book } = this.#options;
    const taken = listed.filter(
      (each) =>
        book.known(each) !== undefined || (endOf(each) === undefined && (each.cause || each.beganMs <= beforeMs)),
    );
    const fresh = taken.filter((each) => !book.known(each));
    book.tell(taken);
    this.#announceNew(fresh);
    // Looks again for faults that are too recent to be taken.
    if (taken.length < listed.filter((each) => endOf(each) === undefined).length) this.#lookSoon(MIN_AGE_MS);
  }

  #later(ms: number, work: () => void): Timer {
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      if (!this.#isClosed) work();
    });
    this.#timers.add(timer);
    return timer;
  }
}

type LocalLogs = ReturnType<typeof faultLogs>;

function availableLogs(local: LocalLogs): readonly EventLog<SourcedFaultEvent>[] {
  try {
    return local.logs();
  } catch {
    // This gateway has no fault manager, or not yet.
    return [];
  }
}

function logsNow(local: LocalLogs, observed: ObservedLogs): readonly EventLog<SourcedFaultEvent>[] {
  return [...availableLogs(local), ...observed.logs()];
}
