import { callContext, LOCAL } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { EventHistory, TriggerEvent } from '@medkit/triggers';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { EventFeed } from '../sse/event-feed.ts';
import { eventFrame } from '../sse/event-frame.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { ReadQueue } from '../sse/read-queue.ts';

/** Returns the event feed of each trigger with clients; it is released with the trigger. */
export function triggerFeeds(clock: Clock, streams: EventStreams): (history: EventHistory) => EventFeed<TriggerEvent> {
  const feeds = new WeakMap<EventHistory, EventFeed<TriggerEvent>>();
  return (history) => {
    const feed =
      feeds.get(history) ??
      new EventFeed<TriggerEvent>({
        source: {
          logs: () => [{ origin: LOCAL, eventsAfter: async (id, limit) => history.after(id, limit) }],
          onEvent: (listener, onEnd) => history.listen((event) => listener(event, LOCAL), onEnd),
          timeOf: ({ timeMs }) => timeMs,
        },
        streams,
        kind: 'triggers',
        frameOf: ({ id, data }) => eventFrame({ id, data }),
        callFor: () => callContext({ clock, timeoutMs: CALL_TIMEOUT_MS }),
        turnsOf: () => new ReadQueue(),
      });
    feeds.set(history, feed);
    return feed;
  };
}
