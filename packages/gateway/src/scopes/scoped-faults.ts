import {
  type CallContext,
  callContext,
  type EntityLimits,
  FAULT_STREAM_EVENT_TYPES,
  type FaultEvent,
  type FaultStreamEventType,
  LOCAL,
  type Model,
  streamEventTypes,
  stringifyJson,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { faultLogs, faultStreamEvent } from '@medkit/faults';
import { selected } from '../fault-stream/fault-source.ts';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { EventFeed } from '../sse/event-feed.ts';
import { commentFrame, eventFrame } from '../sse/event-frame.ts';
import type { EventLog, EventSource } from '../sse/event-log.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { ReadQueue } from '../sse/read-queue.ts';
import type { PositionSeal } from './position-seal.ts';
import { type EventWithSymptoms, faultTree, visibleEvents, withSymptoms } from './visible-events.ts';

/**
 * Numbers of last events of the log that are searched, one after the other, for the last hundred that a client sees. A
 * client without events among the last 6400 gets older ones only with `Last-Event-ID`.
 */
const SEARCHED = [100, 400, 1600, 6400] as const;
const PAGE = 400;

export interface ScopedFaultsOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly streams: EventStreams;
  readonly seal: PositionSeal;
}

/** The fault stream of accounts with scopes: events of this gateway, with ids that do not count other events. */
export interface ScopedFaults {
  open(
    limits: EntityLimits,
    lastEventId: unknown,
    types: readonly FaultStreamEventType[] | undefined,
  ): Promise<EventStream>;
}

/** Opens the fault streams of accounts with scopes. Accounts with equal scopes share a feed. */
export function scopedFaults({ model, clock, streams, seal }: ScopedFaultsOptions): ScopedFaults {
  const feeds = new Map<string, EventFeed<EventWithSymptoms>>();
  const turns = new ReadQueue();
  const callFor = (): CallContext => callContext({ clock, timeoutMs: CALL_TIMEOUT_MS });

  const feedFor = (key: string, limits: EntityLimits, types: readonly FaultStreamEventType[]) => {
    const seen = (each: EventWithSymptoms): readonly FaultEvent[] =>
      visibleEvents(model.tree, faultTree(model.tree, limits), each);
    const feed = new EventFeed<EventWithSymptoms>({
      source: scopedSource({ model, types, callFor, isSeen: (each) => seen(each).some(isOneOf(types)) }),
      streams,
      kind: 'faults',
      frameOf: (each) => {
        const visible = faultTree(model.tree, limits);
        const events = seen(each).flatMap((event) =>
          streamEventTypes(event)
            .filter((type) => types.includes(type))
            .map((type) => ({ event: type, data: stringifyJson(faultStreamEvent(visible, event, type)) })),
        );
        // An entity may leave the scopes while an event of it waits for a slow client.
        if (events.length === 0) return commentFrame('keepalive');
        return eventFrame(
          ...events.map((event, at) => ({ ...(at === events.length - 1 && { id: seal.seal(each.id) }), ...event })),
        );
      },
      callFor,
      turnsOf: () => turns,
      onIdle: () => {
        if (feeds.get(key) === feed) feeds.delete(key);
      },
    });
    feeds.set(key, feed);
    return feed;
  };

  return {
    open: (limits, lastEventId, types = FAULT_STREAM_EVENT_TYPES) => {
      const key = JSON.stringify([limits, types]);
      const position = seal.open(lastEventId);
      const feed = feeds.get(key) ?? feedFor(key, limits, types);
      return feed.open(position === undefined ? undefined : new Map([[LOCAL, position]]));
    },
  };
}

const isOneOf =
  (types: readonly FaultStreamEventType[]) =>
  (event: FaultEvent): boolean =>
    streamEventTypes(event).some((type) => types.includes(type));

interface ScopedSourceOptions {
  readonly model: Model;
  readonly types: readonly FaultStreamEventType[];
  readonly callFor: () => CallContext;
  readonly isSeen: (event: EventWithSymptoms) => boolean;
}

/** Returns the events of this gateway that a client sees when they are read. */
function scopedSource({ model, types, callFor, isSeen }: ScopedSourceOptions): EventSource<EventWithSymptoms> {
  const all = faultLogs(model, types);
  return {
    logs: () => all.logs().flatMap((log) => (log.origin === LOCAL ? [scopedLog(log)] : [])),
    onEvent: (listener, _onEnd, onNotice) =>
      onLocalFaultEvent(
        { model, types, callFor },
        (each) => {
          if (isSeen(each)) listener(each, LOCAL);
        },
        () => onNotice({ is: 'lost', origin: LOCAL, count: 1 }),
      ),
    timeOf: ({ timeNs }) => timeNs,
  };

  function scopedLog(log: ReturnType<typeof all.logs>[number]): EventLog<EventWithSymptoms> {
    const whole: EventLog<EventWithSymptoms> = {
      origin: LOCAL,
      eventsAfter: async (id, limit, call) => {
        const page = await log.eventsAfter(id, limit, call);
        // The number of events that are no longer stored would count those of other entities.
        const oldestId = Math.min(page.oldestId, id + 1);
        return { ...page, oldestId, events: await withSymptoms(model, page.events, callFor) };
      },
    };
    return { ...selected(whole, () => isSeen), beforeLast: (count, call) => beforeLast(log, whole, count, call) };
  }

  /** Returns the number after which the last `count` visible events follow. */
  async function beforeLast(
    log: ReturnType<typeof all.logs>[number],
    whole: EventLog<EventWithSymptoms>,
    count: number,
    call: CallContext,
  ): Promise<number> {
    let start = 0;
    for (const searched of SEARCHED) {
      const before = (await log.beforeLast?.(searched, call)) ?? 0;
      const seen = (await eventsFrom(whole, before, call)).filter(isSeen);
      if (seen.length >= count) return seen[seen.length - count]!.id - 1;
      // The whole log is searched.
      if (before === start) break;
      start = before;
    }
    return start;
  }
}

/**
 * Calls `listener` with every new event of this gateway and its symptoms, in their order, and `onLost` for an event whose
 * symptoms cannot be read. Returns a function that unsubscribes.
 */
export function onLocalFaultEvent(
  {
    model,
    types,
    callFor,
  }: Pick<ScopedSourceOptions, 'callFor' | 'model'> & Partial<Pick<ScopedSourceOptions, 'types'>>,
  listener: (event: EventWithSymptoms) => void,
  onLost: () => void,
): () => void {
  let last = Promise.resolve();
  return faultLogs(model, types).onEvent((event, origin) => {
    if (origin !== LOCAL) return;
    last = last.then(async () => {
      try {
        for (const each of await withSymptoms(model, [event], callFor)) listener(each);
      } catch {
        onLost();
      }
    });
  });
}

async function eventsFrom(
  log: EventLog<EventWithSymptoms>,
  start: number,
  call: CallContext,
): Promise<readonly EventWithSymptoms[]> {
  const found: EventWithSymptoms[] = [];
  for (let last: number | undefined = start; last !== undefined; ) {
    const { events }: { readonly events: readonly EventWithSymptoms[] } = await log.eventsAfter(last, PAGE, call);
    found.push(...events);
    last = events.at(-1)?.id;
  }
  return found;
}
