import type { RemoteEndpoint } from '@medkit/rtps';
import type { SentRequest } from './call-table.ts';

/** Of an end that does not announce its history: what rcl gives to every service and client. */
const DEFAULT_DEPTH = 10;

/** A request that has no answer for so long was taken from the queue all the same: its handler takes its time. */
const TAKEN_AFTER_MS = 1000;

/**
 * How long to wait before one more request may be sent to a server, 0 for not at all. Requests wait for a server in the
 * history of its reader, which is as short as a subscription's: of a burst of sixteen it would overwrite the first six.
 */
export function windowWaitMs(server: RemoteEndpoint, unanswered: Iterable<SentRequest>, nowMs: number): number {
  const depth = depthOf(server);
  const queuedMs: number[] = [];
  for (const { server: guid, sentMs } of unanswered) {
    if (guid === server.guid && nowMs - sentMs < TAKEN_AFTER_MS) queuedMs.push(sentMs);
  }
  if (queuedMs.length < depth) return 0;
  // As they were sent one after the other, the oldest come first.
  return queuedMs[queuedMs.length - depth] + TAKEN_AFTER_MS - nowMs;
}

/** How many requests or replies wait in the history of a reader. */
export function depthOf({ qos: { history } }: RemoteEndpoint): number {
  if (history.kind === 'keep-all') return Number.POSITIVE_INFINITY;
  // One is what DDS has where nothing is announced.
  return history.depth > 1 ? history.depth : DEFAULT_DEPTH;
}
