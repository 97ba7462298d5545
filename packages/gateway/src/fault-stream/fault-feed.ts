import {
  type Cursor,
  callContext,
  type EntityTree,
  FAULT_STREAM_EVENT_TYPES,
  type FaultEvent,
  type FaultStreamEventType,
  type JsonObject,
  LOCAL,
  type Model,
  type ObservedFault,
  type Origin,
  stringifyJson,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { LIST } from '@medkit/entities';
import { faultStreamEvent } from '@medkit/faults';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { peerFaultEvent } from '../peer-names/peer-faults.ts';
import { EventFeed, type EventPosition } from '../sse/event-feed.ts';
import { type EventFrame, eventFrame } from '../sse/event-frame.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { ReadQueue } from '../sse/read-queue.ts';
import { eventTypesOf, faultSource, type SourcedFaultEvent } from './fault-source.ts';
import { type ObservedLogs, observedLogs } from './observed-logs.ts';

/** Fault events for `/faults/stream`. */
export interface FaultFeed {
  /**
   * Opens a stream as `EventFeed.open` does, restricted to these types, for a client or on behalf of other gateways.
   */
  open(seen: Cursor | undefined, types?: readonly FaultStreamEventType[], by?: RequestGateways): Promise<EventStream>;
}

/** The gateways that forwarded the request, and those that its sender already follows over another path. */
export interface RequestGateways {
  readonly via: readonly string[];
  readonly fanOut: readonly string[];
}

const NO_GATEWAYS: RequestGateways = { via: [], fanOut: [] };

/**
 * Fault events of this gateway and its peers. There is one feed for each requested set of types, 15 at most, while it
 * has readers. Requests from other gateways have separate feeds, since each excludes the sender's own events. `local`
 * are the logs of peers that this gateway follows for itself.
 */
export function faultFeed(
  model: Model,
  clock: Clock,
  streams: EventStreams,
  local: ObservedLogs = observedLogs({ model, clock, ...NO_GATEWAYS }),
): FaultFeed {
  const feeds = new Map<string, EventFeed<SourcedFaultEvent>>();
  const observed = new Map<string, ObservedLogs>();
  /** Separate for each gateway: an unresponsive one does not delay reads of another. */
  const turns = new Map<Origin, ReadQueue>();
  const turnsOf = (origin: Origin): ReadQueue => {
    const direct = directPeer(origin);
    const known = turns.get(direct) ?? new ReadQueue();
    turns.set(direct, known);
    return known;
  };
  const observedFor = (behind: string, by: RequestGateways): ObservedLogs => {
    if (by.via.length === 0 && by.fanOut.length === 0) return local;
    const known = observed.get(behind) ?? observedLogs({ model, clock, ...by });
    observed.set(behind, known);
    return known;
  };
  const feedOf = (
    types: readonly FaultStreamEventType[] | undefined,
    by: RequestGateways,
  ): EventFeed<SourcedFaultEvent> => {
    const { via, fanOut } = by;
    const behind = `${via.join()} ${fanOut.toSorted().join()}`;
    const key = `${behind} ${types?.join() ?? ''}`;
    const known = feeds.get(key);
    if (known) return known;
    const isMarking = via.length > 0;
    const feed = new EventFeed<SourcedFaultEvent>({
      source: faultSource(model, observedFor(behind, by), types),
      streams,
      kind: 'faults',
      frameOf: (event, place) => faultFrame(model.tree, event, types, place, isMarking),
      callFor: (origin) => callContext({ clock, via, timeoutMs: origin === LOCAL ? CALL_TIMEOUT_MS : LIST.remoteMs }),
      turnsOf,
      isMarking,
      onIdle: () => {
        if (feeds.get(key) === feed) feeds.delete(key);
        if (![...feeds.keys()].some((other) => other.startsWith(`${behind} `))) observed.delete(behind);
      },
    });
    feeds.set(key, feed);
    return feed;
  };
  return { open: (seen, types, by = NO_GATEWAYS) => feedOf(types, by).open(seen) };
}

/**
 * Returns the frame of an event with all of its types. The last one carries the id: a client that has received it has
 * received all. Only gateways receive the path of gateways that it came through.
 */
export function faultFrame(
  tree: EntityTree,
  event: SourcedFaultEvent,
  types: readonly FaultStreamEventType[] = FAULT_STREAM_EVENT_TYPES,
  { id, origin }: EventPosition = { id: String((event as FaultEvent).id), origin: LOCAL },
  isForGateway = false,
): EventFrame {
  const news = eventTypesOf(event).filter((type) => types.includes(type));
  const payloadOf = (type: FaultStreamEventType): object =>
    'news' in event ? observedEvent(tree, event, type, isForGateway) : faultStreamEvent(tree, event, type, origin);
  return eventFrame(
    ...news.map((type, at) => ({
      ...(at === news.length - 1 && { id }),
      event: type,
      data: stringifyJson(payloadOf(type)),
    })),
  );
}

/** Converts an event of a peer: its entities by their ids in this tree, with its origin. */
export function observedEvent(
  tree: EntityTree,
  { origin, owner, event, gateways }: ObservedFault,
  type: FaultStreamEventType,
  isForGateway = false,
): object {
  const runtime = directPeer(origin);
  const { 'x-medkit-gateways': _, ...here } = peerFaultEvent(tree, runtime, event as JsonObject);
  const fault = here['fault'] as JsonObject;
  return {
    ...here,
    event_type: type,
    fault: { ...fault, 'x-medkit': { ...Object(fault['x-medkit']), origin: owner ?? runtime } },
    'x-medkit-origin': owner ?? origin,
    ...(isForGateway && { 'x-medkit-gateways': gateways }),
  };
}

/** Returns the peer that this gateway calls, for a gateway that may be behind it. */
export function directPeer(origin: Origin): Origin {
  return origin.split('/', 1)[0] ?? origin;
}
