import { callContext, type EntityTree, type FaultEvent, type Model, stringifyJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { createFaultLog, faultStreamEvent } from '@medkit/services';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { EventFeed } from './event-feed.ts';
import { type EventFrame, eventFrame } from './event-frame.ts';
import type { EventStreams } from './event-streams.ts';

/** What happens to faults, for `/faults/stream`. */
export function faultFeed(model: Model, clock: Clock, streams: EventStreams): EventFeed<FaultEvent> {
  return new EventFeed({
    log: createFaultLog(model),
    streams,
    frameOf: (event) => faultFrame(model.tree, event),
    callFor: (signal) => callContext({ clock, timeoutMs: CALL_TIMEOUT_MS, signal }),
  });
}

export function faultFrame(tree: EntityTree, event: FaultEvent): EventFrame {
  return eventFrame({ id: event.id, event: event.type, data: stringifyJson(faultStreamEvent(tree, event)) });
}
