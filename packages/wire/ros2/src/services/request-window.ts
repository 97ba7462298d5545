import type { RemoteEndpoint } from '@medkit/rtps';
import type { SentRequest } from './call-table.ts';

/** Depth assumed if an endpoint does not announce its history: the default of rcl for services and clients. */
const DEFAULT_DEPTH = 10;

/** A request without an answer for this time counts as taken from the queue; its handler is slow. */
const TAKEN_AFTER_MS = 1000;

/**
 * Returns the delay before another request may be sent to a server, 0 if none. Requests wait in the history of the
 * server's reader, which is as short as a subscription's: a burst of sixteen would overwrite the first six.
 */
export function windowWaitMs(server: RemoteEndpoint, unanswered: Iterable<SentRequest>, nowMs: number): number {
  const depth = depthOf(server);
  const queuedMs: number[] = [];
  for (const { server: guid, sentMs } of unanswered) {
    if (guid === server.guid && nowMs - sentMs < TAKEN_AFTER_MS) queuedMs.push(sentMs);
  }
  if (queuedMs.length < depth) return 0;
  // They were sent in this order, so the oldest are first.
  return queuedMs[queuedMs.length - depth] + TAKEN_AFTER_MS - nowMs;
}

/** Returns the number of requests or replies that the history of a reader holds. */
export function depthOf({ qos: { history } }: RemoteEndpoint): number {
  if (history.kind === 'keep-all') return Number.POSITIVE_INFINITY;
  // One is the DDS default if nothing is announced.
  return history.depth > 1 ? history.depth : DEFAULT_DEPTH;
}
