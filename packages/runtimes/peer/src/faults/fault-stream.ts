import type { StreamPart } from '@medkit/client';
import { MAX_PEER_INSTANCES, PEER_HEADERS, PEER_PATHS } from '@medkit/contract';
import type { CallContext } from '@medkit/core';
import { type Clock, pause } from '@medkit/edges';
import type { PeerLink } from '../peer-link.ts';
import { streamParts } from '../peer-stream.ts';

/** Maximum characters of an event: a fault with all details has a few thousand. */
const MAX_EVENT_CHARS = 262_144;

/** Maximum events per second from a gateway; further ones wait there. */
const MAX_EVENTS_PER_SECOND = 1000;

/** An id above all others, which every gateway treats as the newest. */
export const FROM_NOW = Number.MAX_SAFE_INTEGER;

export interface FaultStreamRequest extends Pick<CallContext, 'via' | 'signal'> {
  readonly link: PeerLink;
  readonly clock: Clock;
  /** Last received id, in that gateway's format; absent to request its last events. */
  readonly lastId: string | undefined;
  /** Returns the gateways, by instance, that are followed in another way, so that their events can be omitted. */
  readonly alreadyFollowed: () => readonly string[];
  /** Time until the stream starts. */
  readonly timeoutMs: number;
}

/**
 * Yields the events of a gateway's fault stream in batches as received. Throws if the stream does not start or breaks.
 */
export async function* faultStream({
  link,
  clock,
  lastId,
  alreadyFollowed,
  via,
  timeoutMs,
  signal,
}: FaultStreamRequest): AsyncGenerator<readonly StreamPart[]> {
  const others = alreadyFollowed().slice(0, MAX_PEER_INSTANCES);
  const reply = await link.open({
    method: 'GET',
    path: PEER_PATHS.faultEvents,
    headers: {
      accept: 'text/event-stream',
      [PEER_HEADERS.via]: via.join(', '),
      ...(lastId !== undefined && { 'last-event-id': lastId }),
      ...(others.length > 0 && { [PEER_HEADERS.asked]: others.join(', ') }),
    },
    timeoutMs,
    signal: AbortSignal.any([signal, link.presence]),
  });
  try {
    if (reply.status !== 200)
      throw link.unavailable(`it answers ${PEER_PATHS.faultEvents} with status ${reply.status}`);
    yield* streamParts(reply, clock, MAX_EVENT_CHARS);
  } finally {
    reply.close();
  }
}

/** Returns a function that returns a promise to wait for if the maximum of this second is reached. */
export function rateBound(clock: Clock): (signal: AbortSignal) => Promise<void> | undefined {
  let beganMs = clock.monotonicMs();
  let count = 0;
  return (signal) => {
    count++;
    if (count < MAX_EVENTS_PER_SECOND) return undefined;
    const leftMs = 1000 - (clock.monotonicMs() - beganMs);
    beganMs += Math.max(1000, 1000 - leftMs);
    count = 0;
    return leftMs > 0 ? pause(clock, leftMs, signal) : undefined;
  };
}
