import {
  type Awaitable,
  type CallContext,
  type FaultEvent,
  type FaultStreamEventType,
  type Model,
  type ObservedFault,
  type Origin,
  streamEventTypes,
} from '@medkit/core';
import { faultLogs } from '@medkit/faults';
import type { EventLog, EventSource } from '../sse/event-log.ts';
import type { ObservedLogs } from './observed-logs.ts';

/** An event of a local fault manager, or one that a peer reported. */
export type SourcedFaultEvent = FaultEvent | ObservedFault;

/** Returns the types of an event. */
export function eventTypesOf(event: SourcedFaultEvent): readonly FaultStreamEventType[] {
  return 'news' in event ? event.news : streamEventTypes(event);
}

/** Returns the source of fault events of this gateway and its peers; with `types`, only events of these types. */
export function faultSource(
  model: Model,
  observed: ObservedLogs,
  types: readonly FaultStreamEventType[] | undefined,
): EventSource<SourcedFaultEvent> {
  const local = faultLogs(model, types);
  const isWanted = (event: SourcedFaultEvent): boolean =>
    !types || eventTypesOf(event).some((news) => types.includes(news));
  return {
    logs: () => [...local.logs(), ...observed.logs().map((log) => (types ? selected(log, () => isWanted) : log))],
    onEvent: (listener, _onEnd, onNotice) => {
      const stopLocal = local.onEvent(listener);
      const stopObserved = observed.listen((event) => {
        if (isWanted(event)) listener(event, event.origin);
      }, onNotice);
      return () => {
        stopLocal();
        stopObserved();
      };
    },
    timeOf: ({ timeNs }) => timeNs,
  };
}

/**
 * Filters a log by what `wanted` returns for each reading: a page has at least one wanted event, unless there are no more.
 */
export function selected<Event extends { readonly id: number }>(
  log: EventLog<Event>,
  wanted: () => Awaitable<(event: Event) => boolean>,
): EventLog<Event> & { readonly origin: Origin } {
  const eventsAfter = async (id: number, limit: number, call: CallContext) => {
    const isWanted = await wanted();
    const first = await log.eventsAfter(id, limit, call);
    let page = first;
    let events = page.events.filter(isWanted);
    for (let last = page.events.at(-1); events.length === 0 && last; last = page.events.at(-1)) {
      page = await log.eventsAfter(last.id, limit, call);
      events = page.events.filter(isWanted);
    }
    return { ...page, oldestId: first.oldestId, events };
  };
  const { origin } = log;
  return { origin, eventsAfter, ...(log.beforeLast && { beforeLast: log.beforeLast.bind(log) }) };
}
