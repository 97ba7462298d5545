import { readParts, type StreamPart } from '@medkit/client';
import type { Clock, HttpStreamReply, Timer } from '@medkit/edges';

/** A gateway says something every 30 s at least: one that is silent for longer has lost its power, or its network. */
const MAX_SILENCE_MS = 75_000;

/** A stream of another gateway, which has begun. */
export type PeerStream = Pick<HttpStreamReply, 'body' | 'close'>;

/**
 * All that the stream of a gateway says, as much at a time as came at once, until it ends. Throws where it breaks, says nothing for long,
 * or an event has more than `maxChars`.
 */
export function streamParts(stream: PeerStream, clock: Clock, maxChars: number): AsyncGenerator<readonly StreamPart[]> {
  return readParts(heard(stream, clock), maxChars);
}

/** What comes of a stream, until nothing does. As long as nobody reads on, nothing is missed. */
export async function* heard({ body, close }: PeerStream, clock: Clock): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  /** Since when the next chunk is waited for. */
  let sinceMs: number | undefined;
  // One timer for many chunks: to set one for each would take longer than to read it.
  const listen = (forMs: number): Timer =>
    clock.after(forMs, () => {
      const silentMs = sinceMs === undefined ? 0 : clock.monotonicMs() - sinceMs;
      if (silentMs >= MAX_SILENCE_MS) close();
      else timer = listen(MAX_SILENCE_MS - silentMs);
    });
  let timer = listen(MAX_SILENCE_MS);
  try {
    for (;;) {
      sinceMs = clock.monotonicMs();
      const next = await chunks.next();
      if (next.done) return;
      sinceMs = undefined;
      yield next.value;
    }
  } finally {
    timer.cancel();
    await chunks.return?.();
  }
}
