import {
  callContext,
  type EntityTree,
  FAULT_NEWS,
  type FaultEvent,
  type FaultNews,
  type Model,
  newsOf,
  stringifyJson,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { createFaultLog, faultStreamEvent } from '@medkit/services';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { EventFeed } from './event-feed.ts';
import { type EventFrame, eventFrame } from './event-frame.ts';
import type { EventStream } from './event-stream.ts';
import type { EventStreams } from './event-streams.ts';
import { ReadTurns } from './read-turns.ts';

/** What happens to faults, for `/faults/stream`. */
export interface FaultFeed {
  /** A stream as `EventFeed.open` gives it, of events of these types alone. */
  open(lastId: number | undefined, types?: readonly FaultNews[]): Promise<EventStream>;
}

/** What happens to faults. There is one feed for each set of types that clients ask for, 15 at most. */
export function faultFeed(model: Model, clock: Clock, streams: EventStreams): FaultFeed {
  const feeds = new Map<string, EventFeed<FaultEvent>>();
  const turns = new ReadTurns();
  const feedOf = (types: readonly FaultNews[] | undefined): EventFeed<FaultEvent> => {
    const key = types?.join() ?? '';
    const known = feeds.get(key);
    if (known) return known;
    const feed = new EventFeed({
      log: createFaultLog(model, types),
      streams,
      frameOf: (event) => faultFrame(model.tree, event, types),
      callFor: () => callContext({ clock, timeoutMs: CALL_TIMEOUT_MS }),
      turns,
    });
    feeds.set(key, feed);
    return feed;
  };
  return { open: (lastId, types) => feedOf(types).open(lastId) };
}

/**
 * The frame of an event, with all that it is told as. The number stands with the last of these: a client that has seen it has
 * seen all.
 */
export function faultFrame(tree: EntityTree, event: FaultEvent, types: readonly FaultNews[] = FAULT_NEWS): EventFrame {
  const news = newsOf(event).filter((type) => types.includes(type));
  return eventFrame(
    ...news.map((type, at) => ({
      ...(at === news.length - 1 && { id: event.id }),
      event: type,
      data: stringifyJson(faultStreamEvent(tree, event, type)),
    })),
  );
}
