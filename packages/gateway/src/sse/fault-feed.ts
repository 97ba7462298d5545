import {
  type Cursor,
  callContext,
  type EntityTree,
  FAULT_NEWS,
  type FaultEvent,
  type FaultNews,
  type JsonObject,
  LOCAL,
  type Model,
  type ObservedFault,
  type Origin,
  stringifyJson,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { faultStreamEvent, LIST } from '@medkit/services';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { peerFaultEvent } from '../peers/forwarding/peer-faults.ts';
import { EventFeed, type EventPlace } from './event-feed.ts';
import { type EventFrame, eventFrame } from './event-frame.ts';
import type { EventStream } from './event-stream.ts';
import type { EventStreams } from './event-streams.ts';
import { faultSource, newsIn, type ToldFault } from './fault-source.ts';
import { type ObservedLogs, observedLogs } from './observed-logs.ts';
import { ReadTurns } from './read-turns.ts';

/** What happens to faults, for `/faults/stream`. */
export interface FaultFeed {
  /** A stream as `EventFeed.open` gives it, of events of these types alone, for a client or for a gateway behind others. */
  open(seen: Cursor | undefined, types?: readonly FaultNews[], by?: AskingGateways): Promise<EventStream>;
}

/** The gateways on whose behalf a stream is read, and those that are followed for them by another way. */
export interface AskingGateways {
  readonly via: readonly string[];
  readonly asked: readonly string[];
}

const NOBODY: AskingGateways = { via: [], asked: [] };

/**
 * What happens to faults, here and at other gateways. There is one feed for each set of types that clients ask for, 15 at most, while
 * somebody reads; those of other gateways that ask have feeds of their own, since each is told nothing that comes from it. `own` are
 * the logs of others as this gateway follows them for itself.
 */
export function faultFeed(
  model: Model,
  clock: Clock,
  streams: EventStreams,
  own: ObservedLogs = observedLogs({ model, clock, ...NOBODY }),
): FaultFeed {
  const feeds = new Map<string, EventFeed<ToldFault>>();
  const observed = new Map<string, ObservedLogs>();
  /** Of each gateway its own: one that does not answer keeps nobody from the log of another. */
  const turns = new Map<Origin, ReadTurns>();
  const turnsOf = (origin: Origin): ReadTurns => {
    const direct = directOf(origin);
    const known = turns.get(direct) ?? new ReadTurns();
    turns.set(direct, known);
    return known;
  };
  const observedFor = (behind: string, by: AskingGateways): ObservedLogs => {
    if (by.via.length === 0 && by.asked.length === 0) return own;
    const known = observed.get(behind) ?? observedLogs({ model, clock, ...by });
    observed.set(behind, known);
    return known;
  };
  const feedOf = (types: readonly FaultNews[] | undefined, by: AskingGateways): EventFeed<ToldFault> => {
    const { via, asked } = by;
    const behind = `${via.join()} ${asked.toSorted().join()}`;
    const key = `${behind} ${types?.join() ?? ''}`;
    const known = feeds.get(key);
    if (known) return known;
    const isMarking = via.length > 0;
    const feed = new EventFeed<ToldFault>({
      source: faultSource(model, observedFor(behind, by), types),
      streams,
      frameOf: (event, place) => faultFrame(model.tree, event, types, place, isMarking),
      callFor: (origin) => callContext({ clock, via, timeoutMs: origin === LOCAL ? CALL_TIMEOUT_MS : LIST.remoteMs }),
      turnsOf,
      isMarking,
      onRest: () => {
        if (feeds.get(key) === feed) feeds.delete(key);
        if (![...feeds.keys()].some((other) => other.startsWith(`${behind} `))) observed.delete(behind);
      },
    });
    feeds.set(key, feed);
    return feed;
  };
  return { open: (seen, types, by = NOBODY) => feedOf(types, by).open(seen) };
}

/**
 * The frame of an event, with all that it is told as. The id stands with the last of these: a client that has seen it has
 * seen all. Only who is a gateway is told by way of which ones it came.
 */
export function faultFrame(
  tree: EntityTree,
  event: ToldFault,
  types: readonly FaultNews[] = FAULT_NEWS,
  { id, origin }: EventPlace = { id: String((event as FaultEvent).id), origin: LOCAL },
  isForGateway = false,
): EventFrame {
  const news = newsIn(event).filter((type) => types.includes(type));
  const toldAs = (type: FaultNews): object =>
    'news' in event ? observedEvent(tree, event, type, isForGateway) : faultStreamEvent(tree, event, type, origin);
  return eventFrame(
    ...news.map((type, at) => ({
      ...(at === news.length - 1 && { id }),
      event: type,
      data: stringifyJson(toldAs(type)),
    })),
  );
}

/** What another gateway told, in the names of this tree and with whose it is. */
export function observedEvent(
  tree: EntityTree,
  { origin, told, gateways }: ObservedFault,
  type: FaultNews,
  isForGateway = false,
): object {
  const runtime = directOf(origin);
  const { 'x-medkit-gateways': _, ...here } = peerFaultEvent(tree, runtime, told as JsonObject);
  const fault = here['fault'] as JsonObject;
  return {
    ...here,
    event_type: type,
    fault: { ...fault, 'x-medkit': { ...Object(fault['x-medkit']), origin: runtime } },
    'x-medkit-origin': origin,
    ...(isForGateway && { 'x-medkit-gateways': gateways }),
  };
}

/** The gateway that is asked itself, of one that may be shown by way of it. */
export function directOf(origin: Origin): Origin {
  return origin.split('/', 1)[0] ?? origin;
}
