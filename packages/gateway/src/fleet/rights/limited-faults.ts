import { callContext, type FaultStreamEventType, type Model, type ObservedFault, type Principal } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { LIST } from '@medkit/entities';
import type { FleetView } from '@medkit/fleet';
import { directPeer, faultFrame } from '../../fault-stream/fault-feed.ts';
import { eventTypesOf, selected } from '../../fault-stream/fault-source.ts';
import type { ObservedLogs } from '../../fault-stream/observed-logs.ts';
import { EventFeed } from '../../sse/event-feed.ts';
import type { EventSource } from '../../sse/event-log.ts';
import type { EventStream } from '../../sse/event-stream.ts';
import type { EventStreams } from '../../sse/event-streams.ts';
import { ReadQueue } from '../../sse/read-queue.ts';
import { FLEET } from '../tree/fleet-entities.ts';
import type { FleetViews } from './fleet-views.ts';

export interface LimitedFaultsOptions {
  readonly views: FleetViews;
  /** The fault events of all robots. */
  readonly events: ObservedLogs;
  readonly model: Pick<Model, 'tree'>;
  readonly streams: EventStreams;
  readonly clock: Clock;
}

/** The fault stream of limited accounts. */
export interface LimitedFaults {
  /** Opens a stream with the events of the robots that the principal sees when each event is sent. */
  open(
    principal: Pick<Principal, 'scopes'>,
    seen: Parameters<EventFeed<ObservedFault>['open']>[0],
    types: readonly FaultStreamEventType[] | undefined,
  ): Promise<EventStream>;
}

/** Opens the fault streams of limited accounts: accounts with equal grants share a feed. */
export function limitedFaults({ views, events, model, streams, clock }: LimitedFaultsOptions): LimitedFaults {
  const feeds = new Map<string, EventFeed<ObservedFault>>();
  return {
    open: (principal, seen, types) => {
      const places = principal.scopes.map((list) =>
        list.map(({ site, group, permissions }) => [site, group, permissions?.has('fleet.read') ?? true]),
      );
      const key = JSON.stringify([places, types]);
      const turns = new ReadQueue();
      const feed =
        feeds.get(key) ??
        new EventFeed<ObservedFault>({
          source: limitedSource(events, () => views.of(principal), types),
          streams,
          kind: 'faults',
          frameOf: (event, place) => faultFrame(model.tree, event, types, place),
          callFor: () => callContext({ clock, timeoutMs: LIST.remoteMs }),
          turnsOf: () => turns,
          onIdle: () => feeds.delete(key),
        });
      feeds.set(key, feed);
      return feed.open(seen);
    },
  };
}

/** Returns the events of the robots in a view, which is resolved for each of them. */
function limitedSource(
  events: ObservedLogs,
  viewNow: () => Promise<FleetView | undefined>,
  types: readonly FaultStreamEventType[] | undefined,
): EventSource<ObservedFault> {
  const wanted = async () => {
    const view = await viewNow();
    return (event: ObservedFault): boolean =>
      view?.robots.has(robotOf(event)) === true && eventTypesOf(event).some((type) => types?.includes(type) ?? true);
  };
  return {
    logs: () => events.logs().map((log) => selected(log, wanted)),
    onEvent: (listener, _onEnd, onNotice) => {
      // In their order, although each waits for its view.
      let last = Promise.resolve();
      return events.listen((event) => {
        const send = async (): Promise<void> => {
          try {
            if ((await wanted())(event)) listener(event, event.origin);
          } catch {
            onNotice({ is: 'lost', origin: FLEET, count: 1 });
          }
        };
        last = last.then(send);
      }, onNotice);
    },
    timeOf: ({ timeNs }) => timeNs,
  };
}

const robotOf = ({ owner, origin }: ObservedFault): string => directPeer(owner ?? origin);
