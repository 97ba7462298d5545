import type { FaultListResult } from '@medkit/contract';
import { callContext, errorMessage, LOCAL, type Log, type Model, type Origin } from '@medkit/core';
import { type Clock, retryDelayMs, type Timer } from '@medkit/edges';
import { endOf, type IncidentBook, type Occurrence } from '@medkit/incidents';
import { faultLogs, LIST } from '@medkit/services';
import type { EventLog } from '../sse/event-log.ts';
import type { SourcedFaultEvent } from '../sse/fault-source.ts';
import type { ObservedLogs } from '../sse/observed-logs.ts';
import type { FaultReader } from './fault-reader.ts';
import type { InternalRequest } from './internal-requests.ts';

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
  readonly ask: InternalRequest;
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
  const { model, observed, reader, book, ask, clock, log, onNew } = options;
  const local = faultLogs(model, TYPES);
  /** Logs that were read up to their end: their next event is the next id. */
  const present = new Set<Origin>();
  const reading = new Set<Origin>();
  const timers = new Set<Timer>();
  let received: { readonly event: SourcedFaultEvent; readonly origin: Origin }[] = [];
  let look: Timer | undefined;
  let lookedMs = 0;
  let failures = 0;
  let willRetry = false;
  let closed = false;

  const later = (ms: number, work: () => void): Timer => {
    const timer = clock.after(ms, () => {
      timers.delete(timer);
      if (!closed) work();
    });
    timers.add(timer);
    return timer;
  };
  const record = (
    occurrences: readonly Occurrence[],
    read?: { readonly origin: Origin; readonly id: number },
  ): void => {
    const fresh = occurrences.filter((each) => !book.known(each));
    book.tell(occurrences, read);
    announceNew(fresh);
    if (occurrences.length > 0) lookSoon();
  };
  /** The book drops faults of a gateway that has too many. */
  const announceNew = (fresh: readonly Occurrence[]): void => {
    for (const each of fresh) if (book.known(each)) onNew(each);
  };
  const onEvent = (event: SourcedFaultEvent, origin: Origin): void => {
    if (received.push({ event, origin }) === 1) later(TOGETHER_MS, takeIn);
  };
  const takeIn = (): void => {
    const events = Map.groupBy(received, ({ origin }) => origin);
    received = [];
    for (const [origin, ofOrigin] of events) {
      const before = book.cursors.get(origin) ?? 0;
      let id = before;
      for (const { event } of ofOrigin) if (present.has(origin) || event.id === id + 1) id = Math.max(id, event.id);
      record(
        ofOrigin.flatMap(({ event }) => reader.ofEvent(event, origin) ?? []),
        id > before ? { origin, id } : undefined,
      );
    }
  };

  /** Reads a log from its cursor to its end. */
  const catchUp = async (log: EventLog<SourcedFaultEvent>): Promise<void> => {
    const { origin } = log;
    if (reading.has(origin) || closed) return;
    reading.add(origin);
    try {
      for (let after = book.cursors.get(origin) ?? 0; !closed; ) {
        const call = callContext({ clock, timeoutMs: LIST.remoteMs });
        const { events, newestId } = await log.eventsAfter(after, PAGE, call);
        const last = events.at(-1);
        // Its numbers have restarted: it is another log than the one read before.
        if (!last && newestId < after) {
          after = 0;
          book.tell([], { origin, id: 0 });
          continue;
        }
        if (!last) break;
        record(
          events.flatMap((event) => reader.ofEvent(event, origin) ?? []),
          { origin, id: last.id },
        );
        after = last.id;
      }
      present.add(origin);
      failures = 0;
    } catch {
      // The owner of the log is not available; lists have its faults. For peers, a notice reports when they return.
      if (origin === LOCAL && !willRetry) {
        willRetry = true;
        failures += 1;
        later(retryDelayMs(RETRY, failures), () => {
          willRetry = false;
          catchUpAll(LOCAL);
        });
      }
    } finally {
      reading.delete(origin);
    }
  };
  const catchUpAll = (only?: Origin): void => {
    for (const known of logsNow(local, observed)) if (only === undefined || known.origin === only) void catchUp(known);
  };

  const readLists = async (): Promise<void> => {
    const beganMs = clock.monotonicMs();
    const since = new Date(clock.wallMs() - LISTED_MS).toISOString();
    try {
      const list = await ask<FaultListResult>(
        `/faults?status=all&include_muted=true&include_clusters=true&since=${encodeURIComponent(since)}`,
      );
      const beforeMs = clock.wallMs() - MIN_AGE_MS;
      recordListed(list ? reader.ofList(list) : [], beforeMs);
    } catch (error) {
      log('warn', `cannot read root causes of faults: ${errorMessage(error)}`);
    }
    lookedMs = clock.monotonicMs() - beganMs;
  };
  const recordListed = (listed: readonly Occurrence[], beforeMs: number): void => {
    const taken = listed.filter(
      (each) =>
        book.known(each) !== undefined || (endOf(each) === undefined && (each.cause || each.beganMs <= beforeMs)),
    );
    const fresh = taken.filter((each) => !book.known(each));
    book.tell(taken);
    announceNew(fresh);
    // Looks again for faults that are too recent to be taken.
    if (taken.length < listed.filter((each) => endOf(each) === undefined).length) lookSoon(MIN_AGE_MS);
  };
  function lookSoon(ms = LOOK_MS): void {
    if (look || closed) return;
    look = later(Math.max(ms, Math.min(lookedMs * LEISURE, MAX_LEISURE_MS)), () => {
      look = undefined;
      void readLists();
    });
  }

  const stopLocal = local.onEvent(onEvent);
  const stopObserved = observed.listen(
    (event) => {
      if (event.news.some((news) => (TYPES as readonly string[]).includes(news))) onEvent(event, event.origin);
    },
    ({ origin, is }) => {
      takeIn();
      if (is !== 'there') present.delete(origin);
      if (is === 'restarted') book.tell([], { origin, id: 0 });
      // A peer without an event log is read by lists.
      if (is === 'there') lookSoon();
      catchUpAll(origin);
    },
  );
  // A fault manager may start later.
  const stopLooking = model.onChange(() => {
    if (!present.has(LOCAL)) catchUpAll(LOCAL);
  });
  catchUpAll();
  return () => {
    closed = true;
    stopLocal();
    stopObserved();
    stopLooking();
    for (const timer of timers) timer.cancel();
  };
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
