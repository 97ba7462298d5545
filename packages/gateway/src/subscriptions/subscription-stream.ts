import { memoizeByObject } from '@medkit/core';
import type { SerializedEvent, SubscriptionViewer } from '@medkit/subscriptions';
import { eventFrame } from '../sse/event-frame.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { EventStreams } from '../sse/event-streams.ts';

/** Creates one frame for all clients of a subscription, and for all subscriptions to one resource. */
const frameOf = memoizeByObject(({ text }: SerializedEvent) => eventFrame({ data: text }));

/**
 * Opens the stream of a subscription; a slow client receives the newest event. Throws if there are too many streams.
 */
export function subscriptionStream(
  streams: EventStreams,
  view: (viewer: SubscriptionViewer) => () => void,
): EventStream {
  const stream = streams.open('subscriptions');
  const leave = view({ offer: (statement) => stream.offer(frameOf(statement)), end: () => stream.end() });
  stream.signal.addEventListener('abort', leave, { once: true });
  return stream;
}
