import {
  callContext,
  type EntityTree,
  FAULT_NEWS,
  type FaultEvent,
  type FaultNews,
  LOCAL,
  type Model,
  newsOf,
  type Origin,
  stringifyJson,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { faultLogs, faultStreamEvent, LIST } from '@medkit/services';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import type { Cursor } from './cursor.ts';
import { EventFeed, type EventPlace } from './event-feed.ts';
import { type EventFrame, eventFrame } from './event-frame.ts';
import type { EventStream } from './event-stream.ts';
import type { EventStreams } from './event-streams.ts';
import { ReadTurns } from './read-turns.ts';

/** What happens to faults, for `/faults/stream`. */
export interface FaultFeed {
  /** A stream as `EventFeed.open` gives it, of events of these types alone. */
  open(seen: Cursor | undefined, types?: readonly FaultNews[]): Promise<EventStream>;
}

/** What happens to faults, here and at other gateways. There is one feed for each set of types that clients ask for, 15 at most. */
export function faultFeed(model: Model, clock: Clock, streams: EventStreams): FaultFeed {
  const feeds = new Map<string, EventFeed<FaultEvent>>();
  /** Of each gateway its own: one that does not answer keeps nobody from the log of another. */
  const turns = new Map<Origin, ReadTurns>();
  const turnsOf = (origin: Origin): ReadTurns => {
    const known = turns.get(origin) ?? new ReadTurns();
    turns.set(origin, known);
    return known;
  };
  const feedOf = (types: readonly FaultNews[] | undefined): EventFeed<FaultEvent> => {
    const key = types?.join() ?? '';
    const known = feeds.get(key);
    if (known) return known;
    const feed = new EventFeed({
      source: { ...faultLogs(model, types), timeOf: ({ timeNs }) => timeNs },
      streams,
      frameOf: (event, place) => faultFrame(model.tree, event, types, place),
      callFor: (origin) => callContext({ clock, timeoutMs: origin === LOCAL ? CALL_TIMEOUT_MS : LIST.remoteMs }),
      turnsOf,
    });
    feeds.set(key, feed);
    return feed;
  };
  return { open: (seen, types) => feedOf(types).open(seen) };
}

/**
 * The frame of an event, with all that it is told as. The id stands with the last of these: a client that has seen it has
 * seen all.
 */
export function faultFrame(
  tree: EntityTree,
  event: FaultEvent,
  types: readonly FaultNews[] = FAULT_NEWS,
  { id, origin }: EventPlace = { id: String(event.id), origin: LOCAL },
): EventFrame {
  const news = newsOf(event).filter((type) => types.includes(type));
  return eventFrame(
    ...news.map((type, at) => ({
      ...(at === news.length - 1 && { id }),
      event: type,
      data: stringifyJson(faultStreamEvent(tree, event, type, origin)),
    })),
  );
}
