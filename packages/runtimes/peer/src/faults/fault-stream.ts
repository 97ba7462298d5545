import type { StreamPart } from '@medkit/client';
import type { CallContext } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { pause } from '../pause.ts';
import type { PeerLink } from '../peer-link.ts';
import { streamParts } from '../peer-stream.ts';

const PATH = '/faults/stream';
/** Characters of an event at most: a fault with all that is said of it has a few thousand. */
const MAX_EVENT_CHARS = 262_144;

/** So many other gateways are named: a header has to have an end. */
const MAX_ASKED = 100;

/** Events of a gateway that are taken in a second: what it tells beyond them waits there. */
const MAX_EVENTS_PER_SECOND = 1000;

/** An id that no event has yet, which every gateway takes for the newest. */
export const FROM_NOW = Number.MAX_SAFE_INTEGER;

export interface FaultStreamRequest extends Pick<CallContext, 'via' | 'signal'> {
  readonly link: PeerLink;
  readonly clock: Clock;
  /** What was seen, as that gateway says it; absent for the last events that it has. */
  readonly lastId: string | undefined;
  /** The gateways, each by its run, that are asked by another way: it need not tell of them. */
  readonly asked: () => readonly string[];
  /** Until it begins. */
  readonly timeoutMs: number;
}

/** What the stream of faults of a gateway says, as much at a time as came at once. Throws where it does not begin, or breaks. */
export async function* faultStream({
  link,
  clock,
  lastId,
  asked,
  via,
  timeoutMs,
  signal,
}: FaultStreamRequest): AsyncGenerator<readonly StreamPart[]> {
  const others = asked().slice(0, MAX_ASKED);
  const reply = await link.open({
    method: 'GET',
    path: PATH,
    headers: {
      accept: 'text/event-stream',
      'x-medkit-via': via.join(', '),
      ...(lastId !== undefined && { 'last-event-id': lastId }),
      ...(others.length > 0 && { 'x-medkit-asked': others.join(', ') }),
    },
    timeoutMs,
    signal: AbortSignal.any([signal, link.presence]),
  });
  try {
    if (reply.status !== 200) throw link.unavailable(`it answers ${PATH} with status ${reply.status}`);
    yield* streamParts(reply, clock, MAX_EVENT_CHARS);
  } finally {
    reply.close();
  }
}

/** Gives what to wait for where more came in this second than is taken in one. */
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
